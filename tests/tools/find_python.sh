#!/usr/bin/env bash
# Print a working Python of at least version $1 (with venv), or nothing.
set -u
wanted=${1:-3.11}
for candidate in python3 python3.14 python3.13 python3.12 python3.11 "$HOME"/.pyenv/versions/3.1[1-9]*/bin/python; do
    path=$(command -v "$candidate" 2>/dev/null) || continue
    if "$path" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < tuple(map(int, '$wanted'.split('.'))))" 2>/dev/null; then
        echo "$path"
        exit 0
    fi
done
