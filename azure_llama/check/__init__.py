"""The program without an engine, the rules over what it asks for, and the reports."""

from __future__ import annotations

import sys
from pathlib import Path

# The rules lie beside this package, in a folder of their own that the engine starts as a program: it is not installed.
_CHECKOUT = str(Path(__file__).resolve().parents[2])
if _CHECKOUT not in sys.path:
    sys.path.append(_CHECKOUT)
