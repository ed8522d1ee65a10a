#!/usr/bin/env bash
# Every module, callback, inventory plugin and role has documentation that ansible-doc can show. What it cannot show it only warns of.
set -euo pipefail
show() { # type, names...
    local type=$1
    shift
    ansible-doc -t "$type" "$@" >/dev/null
    ansible-doc -t "$type" --json "$@" |
        python -c 'import json, sys; sys.exit(" ".join(set(sys.argv[1:]) - set(json.load(sys.stdin))) or 0)' "$@"
}
names() { # files or folders...
    for path in "$@"; do
        echo "otedge.endpoint.$(basename "$path" .py)"
    done
}
mapfile -t modules < <(names plugins/modules/*.py)
mapfile -t roles < <(names roles/*/)
show module "${modules[@]}"
ansible-doc -t module -s "${modules[@]}" >/dev/null
show callback otedge.endpoint.rollout
show inventory otedge.endpoint.ums
show role "${roles[@]}"
echo "${#modules[@]} modules, 1 callback, 1 inventory plugin and ${#roles[@]} roles are documented"
