"""Names from the names of models."""

from __future__ import annotations

import re

_PUBLISHER = re.compile("^meta-", re.IGNORECASE)


def deployment_name(text: str) -> str:
    """A valid Azure name from a model's name: `llama-33-70b-instruct` of `meta-llama/Llama-3.3-70B-Instruct`."""
    plain = _PUBLISHER.sub("", text.rsplit("/", 1)[-1]).lower().replace(".", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
