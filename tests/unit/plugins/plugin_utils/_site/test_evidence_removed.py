# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Knowing less never releases a station: from the fields of an assessment to the disposition, in one."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.meaning import judge
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.dispositions import decide
from hypothesis import given, settings
from hypothesis import strategies as st

GIB = 1024**3
# Each field with values that pass and values that hold; the first one passes.
EVIDENCE: dict[str, list[Any]] = {
    "cpu.data_width": [64, 32],
    "cpu.cores": [4, 2, 1],
    "cpu.max_mhz": [3200, 1490, 1400],
    "system.memory_bytes": [8 * GIB, 3 * GIB, 2 * GIB],
    "os.architecture_bits": [64, 32],
    "disk.system_bytes": [250_000_000_000, 4_000_000_000],
    "disk.system_free_bytes": [100_000_000_000, 1_000_000_000],
    "os.version": ["10.0.19045", "6.1.7601", "6.3.9600"],
    "os.build": [19045, 22631],
    "os.caption": ["Windows 10", ""],
    "os.product_type": [1, 3],
    "os.embedded": [False, True],
    "os.hotfixes": [["KB3140245"], []],
    "firmware.secure_boot": [False, True],
    "bitlocker.protection": ["off", "not_installed", "on", "unknown"],
    "write_filter.enabled": [False, True],
    "devices.pci": [[], [{"id": r"PCI\VEN_110A&DEV_4042\1", "name": "CP 5623"}]],
    "devices.usb": [[], [{"id": r"USB\VID_0529&PID_0001\1", "name": "Sentinel"}]],
    "devices.serial_ports": [[], [{"id": r"FTDIBUS\VID_0403\1", "name": "COM5"}]],
    "services.running": [["Spooler"], ["hasplms"], ["OpcEnum"]],
    "software.installed": [[], [{"name": "TwinCAT XAE 3.1", "version": "3"}]],
    "processes.running": [[], [{"name": "PdlRt.exe", "command_line": ""}]],
    "access.shell": ["explorer.exe", "panel.exe"],
}
STATION = {
    **dict.fromkeys(("line", "role", "zone", "switch", "port", "address", "mac"), "x"),
    "role": "operator",
    "apps": [{"name": "Web HMI", "delivery": "web"}],
    "containment": {"owner": "ot", "review_by": "2027-04-30", "exit_condition": "new panel"},
}
ORIGINS = ("Win32", "import: survey, pcs.csv row 2")

GOOD = {key: good for key, (good, *_others) in EVIDENCE.items()}
# Few fields hold at a time: where everything does, taking one away proves nothing.
values = st.lists(
    st.sampled_from([(key, value) for key, known in EVIDENCE.items() for value in known[1:]]), max_size=3
).map(lambda held: GOOD | dict(held))


def disposition(fields: dict[str, Any]) -> str:
    assessment: dict[str, Any] = {"fields": fields}
    return decide(STATION, assessment | judge(assessment), {"operator": {}}).disposition


def read(found: dict[str, Any], origin: str = ORIGINS[0]) -> dict[str, Any]:
    return {key: {"value": value, "available": True, "origin": origin} for key, value in found.items()}


def test_whole_and_good_evidence_migrates() -> None:
    assert disposition(read(GOOD)) == "migrate"


@settings(max_examples=300, deadline=None)
@given(values, st.sets(st.sampled_from(sorted(EVIDENCE)), min_size=1, max_size=3))
def test_removing_evidence_never_turns_a_station_to_migrate(found: dict[str, Any], gone: set[str]) -> None:
    whole = read(found)
    less = {
        key: {"value": None, "available": False, "reason": "gone"} if key in gone else entry
        for key, entry in whole.items()
    }
    without = {key: entry for key, entry in whole.items() if key not in gone}
    if disposition(whole) != "migrate":
        assert disposition(less) != "migrate"
        assert disposition(without) != "migrate"


@settings(max_examples=200, deadline=None)
@given(values, st.sets(st.sampled_from(sorted(set(EVIDENCE) - {"os.caption", "access.shell"})), min_size=1))
def test_what_another_tool_told_never_releases_a_station(found: dict[str, Any], told: set[str]) -> None:
    mixed = read(found) | read({key: found[key] for key in told}, ORIGINS[1])
    asked = {gate["code"] for gate in judge({"fields": mixed})["gates"] if gate["imported"]}
    if disposition(mixed) == "migrate":
        # Then nothing of it went into a gate, and no field in which blockers show was among it.
        assert not asked
        assert not told & {
            key for key in EVIDENCE if key.startswith(("devices.", "services.", "software.", "processes."))
        }
