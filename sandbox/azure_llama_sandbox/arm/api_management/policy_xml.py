"""Parses policy XML to a tree with line numbers, without external entities."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat


@dataclass(frozen=True)
class Node:
    """An element.

    Attributes:
        tag: Required.
        attributes: Required.
        line, column: Required. Where it begins; the first are 1.
        children: Optional. Elements in it.
        text: Optional. Text in it, without the space around it.
    """

    tag: str
    attributes: dict[str, str]
    line: int
    column: int
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def find(self, tag: str) -> Node | None:
        """The first child with a tag."""
        return next((child for child in self.children if child.tag == tag), None)


class PolicyXmlError(Exception):
    """The text is no XML, or has a document type declaration.

    Attributes:
        line, column: Required. Where.
        reason: Required. What is wrong.
    """

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.line, self.column, self.reason = line, column, reason


class _Reader:
    """Builds the tree while expat reads."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.buffer_text = True
        self._open: list[tuple[Node, list[str]]] = []
        self.root: Node | None = None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        node = Node(tag, attributes, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        if self._open:
            self._open[-1][0].children.append(node)
        else:
            self.root = node
        self._open.append((node, []))

    def _end(self, tag: str) -> None:
        node, parts = self._open.pop()
        object.__setattr__(node, "text", "".join(parts).strip())

    def _text(self, text: str) -> None:
        self._open[-1][1].append(text)

    def _doctype(self, *_: object) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        raise PolicyXmlError(line, column, "a document type declaration is not allowed")


def parse(text: str) -> Node:
    """Read a policy.

    Raises:
        PolicyXmlError: it is not XML.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(text, True)
    except expat.ExpatError as error:
        raise PolicyXmlError(error.lineno, error.offset + 1, expat.errors.messages[error.code]) from None
    assert reader.root is not None
    return reader.root
