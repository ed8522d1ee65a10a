#!/usr/bin/env bash
# Every plugin, role and playbook-facing option has documentation that ansible-doc can show.
set -euo pipefail
for file in plugins/modules/*.py; do
    name=otedge.endpoint.$(basename "$file" .py)
    ansible-doc -t module "$name" >/dev/null
    ansible-doc -t module -s "$name" >/dev/null
done
ansible-doc -t callback otedge.endpoint.rollout >/dev/null
for role in roles/*/; do
    ansible-doc -t role "otedge.endpoint.$(basename "$role")" | grep -q .
done
echo "all plugins and roles are documented"
