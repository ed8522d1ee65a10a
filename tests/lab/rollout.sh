#!/usr/bin/env bash
# The whole rollout on the simulated plant-a: site up, plan, the lab's two signatures, rollout, report, site down.
# KEEP=1 leaves the simulated site up; run it again then, and nothing changes. OTEDGE_RUN_DIR: where it lives.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
run=${OTEDGE_RUN_DIR:-$root/.cache/twin}
export ANSIBLE_CONFIG=${ANSIBLE_CONFIG:-$root/ansible.cfg} ANSIBLE_COLLECTIONS_PATH=${ANSIBLE_COLLECTIONS_PATH:-$root/.cache/cp}
site=(-i inventories/lab/hosts.yml)
twin=(ansible-playbook otedge.endpoint.site_twin "${site[@]}" -e "site_twin_run_dir=$run")
overlay=("${site[@]}" -i "$run/inventory")

if ! kill -0 "$(cat "$run/pid" 2>/dev/null)" 2>/dev/null; then
    rm -rf "$run"
fi
down() {
    if [ -z "${KEEP:-}" ]; then
        "${twin[@]}" -e site_twin_state=stopped >/dev/null
        echo "The simulated site is stopped; its records and journal stay in $run (KEEP=1 leaves it up)."
    else
        echo
        echo "The simulated site stays up. In this folder, after  export PATH=\$PWD/.venv/bin:\$PATH :"
        echo "  play on it:  ansible-playbook otedge.endpoint.<play> ${overlay[*]}"
        echo "  ask it:      ${twin[*]} -e '{\"site_twin_state\": \"observed\", \"site_twin_command\": {\"command\": \"state\"}}' -v"
        echo "  stop it:     ${twin[*]} -e site_twin_state=stopped"
    fi
}
trap down EXIT

echo "== simulated site"
"${twin[@]}"
python tests/lab/sign.py keys "$run/records" "$run/keys"
if [ ! -e "$run/records/plan.json" ]; then
    echo "== plan"
    ansible-playbook otedge.endpoint.plan "${overlay[@]}"
fi
echo "== release (the lab's two signers)"
python tests/lab/sign.py sign "$run/records" "$run/keys" --waive "l2-op2=No image exists; the kiosk is rebuilt from its recipe"
echo "== rollout"
ansible-playbook otedge.endpoint.site_rollout "${overlay[@]}" "$@"
echo
echo "Report: $run/records/report.html"
