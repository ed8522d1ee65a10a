# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import meaning
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


def gate(code: str, changes: dict[str, Any]) -> bool | None:
    found = {item["code"]: item["ok"] for item in meaning.gates_os12(assessment(**changes))}
    return found[code]


def test_a_good_pc_passes_everything() -> None:
    assert {item["ok"] for item in meaning.gates_os12(assessment())} == {True}
    assert meaning.blockers(assessment()) == []


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
    found = {item["code"]: item["ok"] for item in meaning.gates_os12(assessment(**dict.fromkeys(missing)))}
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


@pytest.mark.parametrize(
    ("key", "item", "code"),
    [
        ("devices.pci", {"id": r"PCI\VEN_110A&DEV_4042\1", "name": "SIMATIC NET CP 5623"}, "fieldbus_card"),
        ("devices.pci", {"id": r"PCI\VEN_10B5&DEV_9050\1", "name": ""}, "unknown_card"),
        ("devices.pci", {"id": r"PCI\VEN_1234&DEV_9050\1", "name": "Anybus PCIe"}, "fieldbus_card"),
        ("devices.usb", {"id": r"USB\VID_0529&PID_0001\1", "name": "Sentinel HL Key"}, "licence_dongle"),
        ("devices.serial_ports", {"id": r"FTDIBUS\VID_0403\1", "name": "USB Serial Port (COM5)"}, "serial_adapter"),
        ("services.running", "hasplms", "licence_service"),
        ("software.installed", {"name": "TwinCAT XAE 3.1", "version": "3.1"}, "soft_plc"),
        ("software.installed", {"name": "SIMATIC WinCC Runtime", "version": "7.5"}, "local_hmi"),
    ],
)
def test_blockers(key: str, item: Any, code: str) -> None:
    found = meaning.blockers(assessment(**{key: [item]}))
    assert [(entry["code"], entry["field"]) for entry in found] == [(code, key)]


@pytest.mark.parametrize(
    ("key", "item"),
    [
        ("devices.pci", {"id": r"PCI\VEN_8086&DEV_15BC\1", "name": "Ethernet"}),
        ("devices.usb", {"id": r"USB\VID_413C&PID_2113\1", "name": "Keyboard"}),
        ("devices.serial_ports", {"id": r"ACPI\PNP0501\1", "name": "Communications Port (COM1)"}),
        ("services.running", "Spooler"),
        ("software.installed", {"name": "7-Zip", "version": "23.01"}),
    ],
)
def test_ordinary_things_block_nothing(key: str, item: Any) -> None:
    assert meaning.blockers(assessment(**{key: [item]})) == []


def test_each_gate_names_its_requirement_whatever_was_read() -> None:
    poor = assessment(**{"system.memory_bytes": 2 * meaning.GIB, "cpu.cores": 1, "os.version": None})
    needs = [{item["code"]: item["needs"] for item in meaning.gates_os12(found)} for found in (assessment(), poor)]
    assert needs[0] == needs[1]
    assert needs[0]["memory"] == "4 GB of memory"
    assert all(needs[0].values())
