# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import gates
from hypothesis import given
from hypothesis import strategies as st

GIB = 1024**3
GOOD: dict[str, Any] = {
    "cpu.data_width": 64,
    "cpu.cores": 4,
    "cpu.max_mhz": 3200,
    "system.memory_bytes": 8 * GIB,
    "disk.system_bytes": 250_000_000_000,
    "disk.system_free_bytes": 100_000_000_000,
    "os.version": "10.0.19045",
    "os.build": 19045,
    "os.caption": "Windows 10",
    "os.product_type": 1,
    "os.embedded": False,
    "os.hotfixes": [],
    "os.architecture_bits": 64,
    "firmware.secure_boot": False,
    "bitlocker.protection": "off",
    "write_filter.enabled": False,
}
SEVEN = {"os.version": "6.1.7601", "os.build": 7601}


def assessment(**changes: Any) -> dict[str, Any]:
    values = {**GOOD, **changes}
    return {"fields": {key: {"value": value, "available": value is not None} for key, value in values.items()}}


def gate(code: str, changes: dict[str, Any], igel_os: int = 12) -> bool | None:
    found = {item["code"]: item["ok"] for item in gates.gates(assessment(**changes), igel_os)}
    return found[code]


def test_a_good_pc_passes_everything() -> None:
    assert {item["ok"] for item in gates.gates(assessment())} == {True}


@pytest.mark.parametrize(
    ("code", "changes", "expected"),
    [
        ("cpu_64bit", {"cpu.data_width": 32}, False),
        ("cpu_cores", {"cpu.cores": 1}, False),
        ("cpu_cores", {"cpu.cores": 2}, True),
        ("cpu_mhz", {"cpu.max_mhz": 1497}, True),
        ("cpu_mhz", {"cpu.max_mhz": 1400}, False),
        ("memory", {"system.memory_bytes": int(3.9 * GIB)}, True),
        ("memory", {"system.memory_bytes": 3 * GIB}, False),
        ("memory", {"system.memory_bytes": 3 * GIB, "os.architecture_bits": 32}, None),
        ("memory", {"system.memory_bytes": 2 * GIB, "os.architecture_bits": 32}, False),
        ("disk_size", {"disk.system_bytes": 7_500_000_000}, True),
        ("disk_size", {"disk.system_bytes": 4_000_000_000}, False),
        ("disk_free", {"disk.system_free_bytes": 2_900_000_000}, False),
        ("os_eligible", {"os.build": 22631}, None),
        ("os_eligible", {"os.build": None}, None),
        ("os_eligible", {"os.product_type": 3}, False),
        ("os_eligible", {"os.product_type": None}, None),
        ("os_eligible", {**SEVEN, "os.hotfixes": ["KB3140245"]}, True),
        ("os_eligible", SEVEN, False),
        ("os_eligible", {**SEVEN, "os.hotfixes": None}, None),
        ("os_eligible", {**SEVEN, "os.hotfixes": ["KB3140245"], "os.embedded": True}, False),
        ("os_eligible", {**SEVEN, "os.hotfixes": ["KB3140245"], "os.embedded": None}, None),
        ("os_eligible", {"os.version": "6.3.9600"}, False),
        ("os_eligible", {"os.version": "5.1.2600"}, False),
        ("secure_boot", {"firmware.secure_boot": True}, True),
        ("bitlocker", {"bitlocker.protection": "on"}, False),
        ("bitlocker", {"bitlocker.protection": "unknown"}, None),
        ("bitlocker", {"bitlocker.protection": "not_installed"}, True),
        ("write_filter", {"write_filter.enabled": True}, False),
    ],
)
def test_gates(code: str, changes: dict[str, Any], expected: bool | None) -> None:
    assert gate(code, changes) is expected


@given(st.sets(st.sampled_from(sorted(GOOD))))
def test_what_is_not_known_is_never_said_to_be_good(missing: set[str]) -> None:
    found = {item["code"]: item["ok"] for item in gates.gates(assessment(**dict.fromkeys(missing)))}
    needs = {
        "cpu_64bit": "cpu.data_width",
        "cpu_cores": "cpu.cores",
        "cpu_mhz": "cpu.max_mhz",
        "memory": "system.memory_bytes",
        "disk_size": "disk.system_bytes",
        "disk_free": "disk.system_free_bytes",
        "os_eligible": "os.version",
        "secure_boot": "firmware.secure_boot",
        "bitlocker": "bitlocker.protection",
        "write_filter": "write_filter.enabled",
    }
    assert all(found[code] is None for code, key in needs.items() if key in missing)
    assert set(found) == set(needs)


def test_each_gate_names_its_requirement_whatever_was_read() -> None:
    poor = assessment(**{"system.memory_bytes": 2 * gates.GIB, "cpu.cores": 1, "os.version": None})
    needs = [{item["code"]: item["needs"] for item in gates.gates(found)} for found in (assessment(), poor)]
    assert needs[0] == needs[1]
    assert needs[0]["memory"] == "4 GB of memory"
    assert all(needs[0].values())


@pytest.mark.parametrize(
    ("code", "changes", "expected"),
    [
        ("cpu_cores", {"cpu.cores": 1}, True),
        ("cpu_mhz", {"cpu.max_mhz": 990}, True),
        ("cpu_mhz", {"cpu.max_mhz": 989}, False),
        ("disk_size", {"disk.system_bytes": 3_700_000_000}, True),
        ("disk_size", {"disk.system_bytes": 3_699_999_999}, False),
        # The converter asks for it, whatever it installs.
        ("memory", {"system.memory_bytes": 3 * GIB}, False),
    ],
)
def test_gates_of_igel_os_11(code: str, changes: dict[str, Any], expected: bool | None) -> None:
    assert gate(code, changes, 11) is expected


def test_a_gate_says_that_another_tool_told_it() -> None:
    known = assessment()
    known["fields"]["cpu.cores"]["origin"] = "import: survey, pcs.csv row 2"
    assert [item["code"] for item in gates.gates(known) if item["imported"]] == ["cpu_cores"]
