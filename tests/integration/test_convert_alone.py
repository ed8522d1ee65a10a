# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role convert by itself: what has to have happened before it goes near a PC."""

from __future__ import annotations

from pathlib import Path

import ansible_runner
import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRST_WRITE = "Stage the converter and the image"


def _reaches_the_pc(folder: Path, **given: object) -> bool:
    """Play the role on one station; say whether it got as far as the first task that may write on the PC."""
    settings = {
        "site_records": str(folder / "records"),
        "site_allowed_signers": str(folder / "none"),
        "site_signers": {},
        "site_lines": {},
        "site_windows": [],
        "station_switch": "sw",
        "observe_result": {"station": {"stage": "legacy"}},
        "plan_result": {"plan": {"staging": {}}},
        "convert_port_phase": "before",
        "convert_registered": ["op1"],
        **given,
    }
    hosts = {"hosts": {"op1": {"ansible_connection": "local"}}}
    result = ansible_runner.run(
        private_data_dir=str(folder),
        playbook=[{"hosts": "stations", "gather_facts": False, "roles": [{"role": "otedge.endpoint.convert"}]}],
        inventory={"all": {"children": {"stations": hosts, "site": hosts, "ums": hosts}}},
        extravars=settings,
        envvars={"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/cp")},
        quiet=True,
    )
    assert result.status == "successful", result.stdout.read()
    return any(event["event_data"].get("task") == FIRST_WRITE for event in result.events)


# Every gate is closed here, so that task is at most skipped: nothing is dialled.
@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ({}, True),
        ({"convert_registered": []}, False),
        ({"convert_port_phase": "unknown"}, False),
        ({"convert_failed_stations": ["op9"]}, False),
        ({"observe_result": {"station": {"stage": "unreachable"}}}, False),
    ],
)
def test_only_what_is_registered_and_let_through_is_converted(
    tmp_path: Path, given: dict[str, object], reached: bool
) -> None:
    assert _reaches_the_pc(tmp_path, **given) is reached
