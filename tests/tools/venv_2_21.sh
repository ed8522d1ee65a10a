#!/usr/bin/env bash
# A second virtual environment with the newer ansible-core, beside the first.
set -euo pipefail
venv=.cache/venv-2.21
stamp=$venv/.stamp
if [ ! -e "$stamp" ] || [ tests/requirements-2.21.txt -nt "$stamp" ] || [ requirements.txt -nt "$stamp" ]; then
    rm -rf "$venv"
    "$1" -m venv "$venv"
    "$venv/bin/pip" install -qq -r tests/requirements-2.21.txt -r requirements.txt -r requirements-opcua.txt -r requirements-twin.txt
    touch "$stamp"
fi
"$venv/bin/ansible" --version
