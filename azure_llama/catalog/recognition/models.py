"""Names of models as hubs and tools write them, read as line, generation, size and role.

`data/model_spellings.json` has the patterns and the words. Nothing here lists models: the names to choose from are
read in the same way as the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from azure_llama.catalog.recognition import Recognition
from azure_llama.catalog.rows import package_rows
from azure_llama.documents.spelling import close, fold

_LONGEST = 200
"""Characters. No name of a model is longer, and the patterns are not meant for a document."""
_TOKEN = re.compile(r"(?:fp|int|bf)\d+|w\d+a\d+|\d+-?bit|\d+[bme](?![a-z0-9])|\d+k(?![a-z])|[a-z]+|\d+", re.ASCII)
_FORMS = {
    re.compile(r"\d+[bme]", re.ASCII): "size",
    re.compile(r"w\d+a\d+|\d+-?bit", re.ASCII): "weights",
    re.compile(r"\d+k|\d{4,}", re.ASCII): "context",
    re.compile(r"\d{1,3}", re.ASCII): "number",
}
_TAG = re.compile(r"llama[^/:]*:", re.ASCII)
_MINOR = re.compile(r"(?<![\d.])\d\.\d(?![\d.])", re.ASCII)
_SHORTEST_TYPO = 4


@dataclass(frozen=True)
class Traits:
    """The properties of a model that its name states.

    Attributes:
        stem: The name without publisher, address and tag of a version, in lower case.
        line: `llama`, `code llama`, `guard llama`, `guard prompt`; empty when none is named.
        generation: `3.1`; None when not stated.
        sizes: `70b`, `17b` and `16e`, `scout`; a number alone where the unit is missing.
        roles: `base`, `instruct`, `vision`, `python`; empty when none is stated.
        weights: Words for one version, or for weights in another format than the published one.
        exact: Whether every word was understood as it stands.
        official: Whether the publisher is Meta or hosts Meta's own models; true without a publisher.
        foreign: Whether a word says that it is another model, or its numbers cannot be distinguished.
        context: Whether it states a context length, as hosts do that leave out the role: `llama3-70b-8192`.
        tagged: Whether it is a name and a tag of Ollama's, whose tags without a role are instruct models.
    """

    stem: str
    line: str = ""
    generation: str | None = None
    sizes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    weights: frozenset[str] = frozenset()
    exact: bool = True
    official: bool = True
    foreign: bool = False
    context: bool = False
    tagged: bool = False

    @property
    def key(self) -> str:
        """Equal for two spellings that differ in case, separators and Meta's prefix alone."""
        return fold(self.stem).removeprefix("meta")

    @property
    def opaque(self) -> bool:
        """Whether only its letters can be compared, as of a team's own model."""
        return self.foreign or not self.line


def recognise(text: str, names: Iterable[str]) -> Recognition:
    """The model that a text names, or those that it may mean.

    A suggestion never contradicts the line, the generation, the size or the role that the text states.

    Args:
        text: Required. A name, an asset id or an address, as typed.
        names: Required. The valid names.
    """
    return _recognise(text[:_LONGEST], tuple(names))


@lru_cache(maxsize=256)
def _recognise(text: str, names: tuple[str, ...]) -> Recognition:
    known = _known(names)
    minors = frozenset(minor for name in names for minor in _MINOR.findall(name))
    wanted = read(text, minors)
    same = [name for name, traits in known.items() if wanted.key and traits.key == wanted.key]
    if same and not wanted.tagged:
        return _result(same, same if wanted.official else [])
    if wanted.opaque:
        return Recognition(None, close(wanted.stem, [name for name, traits in known.items() if traits.opaque]))
    fitting = [name for name, traits in known.items() if not traits.opaque and _fits(wanted, traits)]
    if wanted.roles or (wanted.sizes and not wanted.context):
        stated = [name for name in fitting if known[name].roles == (wanted.roles or {"base"})]
        fitting = stated or fitting
    fitting.sort(key=lambda name: len(known[name].roles - wanted.roles - {"base"}))
    one = len(fitting) == 1 and _means(wanted, known[fitting[0]])
    return _result(fitting, fitting if one else [])


def _result(fitting: list[str], accepted: list[str]) -> Recognition:
    return Recognition(accepted[0]) if len(accepted) == 1 else Recognition(None, tuple(fitting))


def _fits(wanted: Traits, traits: Traits) -> bool:
    """Whether nothing that the text states contradicts a model."""
    numbers = {size.rstrip("bme") for size in traits.sizes}
    return (
        wanted.line == traits.line
        and wanted.generation in (None, traits.generation)
        and all(size in traits.sizes or (size.isdigit() and size in numbers) for size in wanted.sizes)
        and wanted.roles <= traits.roles
    )


def _means(wanted: Traits, traits: Traits) -> bool:
    """Whether the text states all of a model that it fits."""
    return (
        wanted.exact
        and wanted.official
        and wanted.generation == traits.generation
        and (wanted.roles or {"base"}) == traits.roles
        and wanted.weights == traits.weights
        and bool(wanted.sizes)
    )


@lru_cache(maxsize=16)
def _known(names: tuple[str, ...]) -> dict[str, Traits]:
    minors = frozenset(minor for name in names for minor in _MINOR.findall(name))
    read_names = ((name, read(name, minors)) for name in names)
    return {name: replace(traits, roles=traits.roles or frozenset({"base"})) for name, traits in read_names}


def read(text: str, minors: frozenset[str]) -> Traits:
    """The properties of a model that its name states.

    Args:
        text: Required. The name.
        minors: Required. The generations with a minor number that exist, such as `3.1`: `3-1` and `31` are read as one
            of these alone.
    """
    stem, official = _stem(text)
    words = [_Word.of(token) for token in _TOKEN.findall(re.sub(r"(llama|guard|prompt|code)", r" \1 ", stem))]
    generation, rest = _generation(
        [(index, word.meaning) for index, word in enumerate(words) if word.kind == "number"], minors
    )
    line, roles = _line(_meanings(words, "line")), _meanings(words, "role")
    tagged = line in ("llama", "code llama") and _TAG.search(stem) is not None
    if tagged and not roles & {"base", "python"}:
        roles |= {"instruct"}
    if not roles and _meanings(words, "plain"):
        roles |= {"base"}
    context = bool(_meanings(words, "context"))
    stated = next((index for index, word in enumerate(words) if word.kind == "role"), len(words))
    return Traits(
        stem=stem,
        line=line,
        generation=generation,
        sizes=_meanings(words, "size") | set(rest),
        roles=roles,
        weights=_meanings(words, "weights"),
        exact=all(word.exact for word in words) and not rest,
        official=official,
        foreign=any(word.kind is None for word in words[:stated]) or (context and generation is None),
        context=context,
        tagged=tagged,
    )


@dataclass(frozen=True)
class _Word:
    """A word of a name: its kind, None when it has none, what it means, and whether it is spelt so."""

    kind: str | None
    meaning: str
    exact: bool = True

    @classmethod
    def of(cls, token: str) -> _Word:
        vocabulary = _vocabulary()
        if token in vocabulary:
            return cls(*vocabulary[token])
        for form, kind in _FORMS.items():
            if form.fullmatch(token):
                return cls(kind, token, kind != "context")
        near = close(token, vocabulary) if len(token) >= _SHORTEST_TYPO else ()
        return cls(*vocabulary[near[0]], exact=False) if near else cls(None, token, exact=False)


def _meanings(words: Iterable[_Word], kind: str) -> frozenset[str]:
    return frozenset(word.meaning for word in words if word.kind == kind)


def _line(words: frozenset[str]) -> str:
    kept = words - {"llama"} if {"guard", "prompt"} <= words else words
    return " ".join(sorted(kept | {"llama"} if kept == {"guard"} else kept))


def _generation(numbers: list[tuple[int, str]], minors: frozenset[str]) -> tuple[str | None, list[str]]:
    """The generation among the numbers without a unit, and the numbers that are left."""
    digits = [number for _, number in numbers]
    if not numbers:
        return None, []
    if len(digits[0]) == 2 and (joined := ".".join(digits[0])) in minors:
        return joined, digits[1:]
    if len(digits) > 1 and numbers[1][0] == numbers[0][0] + 1 and (joined := ".".join(digits[:2])) in minors:
        return joined, digits[2:]
    return (digits[0], digits[1:]) if len(digits[0]) == 1 else (None, digits)


def _stem(text: str) -> tuple[str, bool]:
    """A name without publisher, address and version, and whether the publisher is one of the known ones."""
    stem = unicodedata.normalize("NFKC", text).casefold().strip()
    for pattern, replacement in _rewrites():
        stem = pattern.sub(replacement, stem).strip()
    *before, last = [segment.strip() for segment in stem.split("/")]
    named = next((index for index, segment in enumerate(before) if re.search(r"(llama|guard)\W?\d", segment)), None)
    publishers = before if named is None else before[:named]
    official = all(publisher in _publishers() for publisher in publishers)
    return "-".join([*before[len(publishers) :], last]), official


@cache
def _rewrites() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = package_rows("model_spellings")
    return tuple((re.compile(row["pattern"], re.ASCII), row["as"]) for row in rows if row["kind"] == "rewrite")


@cache
def _publishers() -> frozenset[str]:
    return frozenset(w for row in package_rows("model_spellings") if row["kind"] == "publisher" for w in row["words"])


@cache
def _vocabulary() -> dict[str, tuple[str, str]]:
    rows = [row for row in package_rows("model_spellings") if row["kind"] not in ("rewrite", "publisher")]
    return {word: (row["kind"], row.get("means", word)) for row in rows for word in row["words"]}
