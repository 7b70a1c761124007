"""Checks of the names and values of tags."""

from __future__ import annotations

from azure_llama.catalog.limits import STORAGE_TAG_NAME_LENGTH, TAG_NAME_FORBIDDEN, TAG_VALUE_LENGTH
from azure_llama.settings.checks import Check
from azure_llama.settings.problems import Violation


def _tag_name(text: str) -> str:
    longest = STORAGE_TAG_NAME_LENGTH.low
    if not text.strip():
        raise Violation("is empty", "set a name").error
    if len(text) > longest:
        rule = f"has {len(text)} characters, and the name of a storage account's tag has {longest} at most"
        raise Violation(rule, "shorten it").error
    if forbidden := sorted(set(text) & set(TAG_NAME_FORBIDDEN)):
        rule = f"contains {' '.join(forbidden)}, and a tag name must not contain any of {' '.join(TAG_NAME_FORBIDDEN)}"
        raise Violation(rule, "remove them").error
    return text


def _tag_value(text: str) -> str:
    longest = TAG_VALUE_LENGTH.low
    if len(text) > longest:
        raise Violation(f"has {len(text)} characters, and a tag value has {longest} at most", "shorten it").error
    return text


# Editors read patterns in the strict mode of JavaScript, where only a character of the syntax can be escaped.
_not_blank = rf"^(?=[\s\S]*\S)[^{TAG_NAME_FORBIDDEN.replace(chr(92), chr(92) * 2)}]+$"
tag_name = Check(_tag_name, {"maxLength": STORAGE_TAG_NAME_LENGTH.low, "pattern": _not_blank})
"""A check of a tag name that every resource accepts: storage accounts are the strictest."""
tag_value = Check(_tag_value, {"maxLength": TAG_VALUE_LENGTH.low})
"""A check of a tag value."""
