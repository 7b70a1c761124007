from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_llama.inference.events import EventReader

EVENTS = ['{"a": "über\u2028\u0085 x"}', '{"b": 2}', "[DONE]"]
FRAMINGS = {
    "as documented": "".join(f"data: {event}\n\n" for event in EVENTS),
    "carriage returns": "".join(f"data: {event}\r\n\r\n" for event in EVENTS),
    "carriage returns alone": "".join(f"data: {event}\r\r" for event in EVENTS),
    "no blank": "".join(f"data:{event}\n\n" for event in EVENTS),
    "comments and fields": ": ping\n\n" + "".join(f"event: x\nid: 1\ndata: {event}\n\n" for event in EVENTS),
    "single line ends": "".join(f"data: {event}\n" for event in EVENTS),
    "no last line end": "\n\n".join(f"data: {event}" for event in EVENTS),
}


def read(pieces: list[bytes]) -> list[str]:
    reader = EventReader()
    return [event for piece in pieces for event in reader.feed(piece)] + reader.rest()


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS.keys())
@given(cuts=st.lists(st.integers(0, 200), max_size=12))
def test_events_survive_every_framing_and_cut(framing: str, cuts: list[int]) -> None:
    data = framing.encode()
    edges = [0, *sorted(cut for cut in cuts if cut <= len(data)), len(data)]
    assert read([data[a:b] for a, b in pairwise(edges)]) == EVENTS


def test_nothing_brings_nothing() -> None:
    assert read([]) == read([b"", b"\n\n", b": ping\n"]) == []
