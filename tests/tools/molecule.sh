#!/usr/bin/env bash
# Every scenario, one after the other, on the simulated site that molecule/default starts and stops.
set -euo pipefail
export NO_COLOR=1 ANSIBLE_NOCOLOR=1
unset ANSIBLE_CONFIG
molecule test --all
