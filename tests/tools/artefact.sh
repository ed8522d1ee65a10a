#!/usr/bin/env bash
# The artefact builds, installs without any network, holds what it should, and its playbooks run by full name.
set -euo pipefail
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
ansible-galaxy collection build --force --output-path "$tree" . >"$tree/build.log"
artefact=$(ls "$tree"/otedge-endpoint-*.tar.gz)
tar tzf "$artefact" >"$tree/content"
if grep -E '^(tests|molecule|dist|build|\.[^/]+)/|(^|/)(__pycache__|records)/|\.(pyc|tar\.gz)$' "$tree/content"; then
    echo "the artefact holds what belongs to the checkout" >&2
    exit 1
fi
cp -r inventories "$tree/inventories"
cd "$tree"
export ANSIBLE_COLLECTIONS_PATH=$tree/installed
ansible-galaxy collection install --offline "$artefact"
ansible-playbook otedge.endpoint.validate -i "$tree/inventories/lab/hosts.yml"
# The step ansible-lint has linted the same content already.
GALAXY_IMPORTER_RUN_ANSIBLE_LINT=false python -m galaxy_importer.main "$artefact" | tee "$tree/import.log"
if grep -E '^(WARNING|ERROR)' "$tree/import.log"; then
    echo "Galaxy would complain when it imports the artefact" >&2
    exit 1
fi
