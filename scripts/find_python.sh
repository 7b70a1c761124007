#!/bin/sh
# Print the Python to build the virtual environment with: $PYTHON, else python3, else the newest by name.
# A name on PATH may be a stub, and some systems ship Python without venv, so each is asked before it is taken.
set -eu

usable() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    candidates=$PYTHON
else
    candidates="python3 python3.14 python3.13 python3.12 python3.11 python"
fi
for candidate in $candidates; do
    if usable "$candidate"; then
        command -v "$candidate"
        exit 0
    fi
done
{
    echo "No usable Python: version 3.11 or newer with its venv module is needed. Asked for:"
    for candidate in $candidates; do
        if ! command -v "$candidate" >/dev/null 2>&1; then
            echo "  $candidate: not on PATH"
        elif ! version=$("$candidate" -c 'import sys; print(sys.version.split()[0])' 2>/dev/null); then
            echo "  $candidate: does not run"
        else
            echo "  $candidate: $version, or without venv"
        fi
    done
    echo "Install one (on Debian and Ubuntu with its python3-venv package), or name it: make setup PYTHON=/path/to/python3"
} >&2
exit 1
