#!/usr/bin/env bash
# ansible-test sanity on a copy of the collection in the folder layout it asks for; first argument: the interpreter.
set -euo pipefail
python=$(command -v "$1")
shift
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
copy=$tree/ansible_collections/otedge/endpoint
mkdir -p "$copy" "$HOME/.ansible/test/cache"
git ls-files -co --exclude-standard -z | while IFS= read -r -d '' file; do [ -e "$file" ] && printf '%s\0' "$file"; done |
    xargs -0 cp --parents -t "$copy"
# ansible-test wants to download pip's installer; networks without the internet use the one that Python ships.
for name in get_pip_24_2.py get_pip_25_2.py; do
    [ -e "$HOME/.ansible/test/cache/$name" ] ||
        printf 'import ensurepip\nensurepip.bootstrap(default_pip=True)\n' >"$HOME/.ansible/test/cache/$name"
done
cd "$copy"
unset ANSIBLE_CONFIG
PATH="$(dirname "$python"):$PATH" "$(dirname "$python")/ansible-test" sanity --venv --python "$version" --color no "$@"
