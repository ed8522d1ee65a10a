#!/usr/bin/env bash
# The artefact builds, installs without any network, holds what it should, and its playbooks run by full name.
set -euo pipefail
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
ansible-galaxy collection build --force --output-path "$tree" . >"$tree/build.log"
artefact=$(ls "$tree"/otedge-endpoint-*.tar.gz)
tar tzf "$artefact" >"$tree/content"
if grep -E '^(tests|molecule|\.ci|\.cache|\.venv|dist)/' "$tree/content"; then
    echo "the artefact holds what build_ignore names" >&2
    exit 1
fi
ansible-galaxy collection install --offline -p "$tree/installed" "$artefact"
cp -r inventories "$tree/inventories"
cd "$tree"
export ANSIBLE_COLLECTIONS_PATH=$tree/installed
ansible-playbook otedge.endpoint.validate -i "$tree/inventories/lab/hosts.yml"
(cd "$tree" && python -m galaxy_importer.main "$artefact")
