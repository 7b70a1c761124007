"""Files of recorded traffic: HAR and JSON lines."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from azure_llama_sandbox.compare import Exchange, load, save
from azure_llama_sandbox.compare.recordings import RecordingError

GROUP = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso"
LINE = {"method": "PUT", "path": GROUP, "apiVersion": "2021-04-01", "request": {"location": "eastus2"}, "status": 201}


def entry(url: str = f"https://management.azure.com{GROUP}?api-version=2021-04-01&t=1&s=abc", **answer: Any) -> Any:
    return {
        "request": {"method": "PUT", "url": url, "postData": {"text": '{"location": "eastus2"}'}},
        "response": {
            "status": 201,
            "headers": [{"name": "ETag", "value": "1"}],
            "content": {"text": '{"name": "rg-contoso"}'},
            **answer,
        },
    }


def har(*entries: Any) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}})


def test_har(tmp_path: Path) -> None:
    file = tmp_path / "flows.har"
    encoded = {"text": base64.b64encode(b'{"a": 1}').decode(), "encoding": "base64"}
    file.write_text(har(entry(), entry("https://login.microsoftonline.com/token"), entry(content=encoded)))
    first, second = load(file)
    assert first == Exchange(
        method="PUT",
        path=GROUP,
        api_version="2021-04-01",
        status=201,
        request={"location": "eastus2"},
        headers={"ETag": "1"},
        response={"name": "rg-contoso"},
    )
    assert second.response == {"a": 1}


def test_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(f"{json.dumps(LINE)}\n\n{json.dumps(LINE | {'query': '$filter=a&t=1', 'response': {}})}\n")
    first, second = load(file)
    assert (first.request, first.response, first.query) == ({"location": "eastus2"}, None, {})
    assert (second.response, second.query) == ({}, {"$filter": "a"})
    save([first, second], file)
    assert load(file) == [first, second]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no exchange with management.azure.com"),
        ("hello", "line 1: neither HAR nor JSON lines"),
        ("[]", "entry 1: not an exchange"),
        ('{"method": "GET"}', "entry 1: not an exchange (KeyError: 'path')"),
        ('{"log": {}}', "'log.entries' must be a list"),
        (har(entry("https://vault.azure.net/secrets")), "no exchange with management.azure.com"),
        (har({"request": {}}), "entry 1: not an exchange"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    with pytest.raises(RecordingError) as refused:
        load(file)
    assert message in str(refused.value)


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        load(tmp_path / "absent")
    with pytest.raises(RecordingError, match="cannot be written"):
        save([], tmp_path / "absent" / "file")
