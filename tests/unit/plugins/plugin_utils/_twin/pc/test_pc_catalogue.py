# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.profiles import PROFILES

CIMV2 = "root\\cimv2"
NT = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
CONTROL = "HKLM\\SYSTEM\\CurrentControlSet\\Control"
Make = Callable[..., Machine]


def one(machine: Machine, name: str, namespace: str = CIMV2) -> dict[str, Any]:
    (row,) = machine.instances(namespace, name)
    return row


@pytest.mark.parametrize("model", list(PROFILES))
def test_every_row_knows_only_properties_of_its_class(pc: Make, model: str) -> None:
    machine = pc(
        model, overrides={"serial_ports": ["COM1"], "uwf": True, "usb": [{"id": "USB\\VID_0529&PID_1\\1", "name": "K"}]}
    )
    seen = 0
    for namespace, name in machine.catalogue.classes:
        if name == "twin_bulk":
            continue
        known = set(machine.properties(namespace, name))
        for row in machine.instances(namespace, name):
            extra = set(row) - known - {"__class"}
            if "__class" in row:
                extra -= set(machine.properties(namespace, row["__class"]))
            assert not extra, (namespace, name)
            seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    ("model", "bits", "stack", "edition"),
    [
        ("win10_x64", (64, 64), "3.0", "Enterprise"),
        ("win7_x64", (64, 64), "2.0", "Professional"),
        ("win7_x86", (32, 32), "2.0", "Professional"),
        ("es7_x64", (64, 64), "2.0", "Embedded"),
    ],
)
def test_profiles(pc: Make, model: str, bits: tuple[int, int], stack: str, edition: str) -> None:
    machine = pc(model)
    assert one(machine, "Win32_OperatingSystem")["OSArchitecture"] == f"{bits[0]}-bit"
    processor = one(machine, "Win32_Processor")
    assert (processor["AddressWidth"], processor["DataWidth"]) == bits
    assert machine.stack == stack and machine.identity.endswith(f"Stack: {stack}")
    assert machine.registry.value(NT, "EditionID") == ("EditionID", "REG_SZ", edition)
    assert machine.registry.exists("HKLM\\SOFTWARE\\Wow6432Node") is (bits[0] == 64)
    seven = stack == "2.0"
    assert machine.has_namespace("root\\standardcimv2") is not seven
    assert (machine.registry.value(CONTROL, "PEFirmwareType") is None) is seven
    assert machine.registry.exists("HKLM\\BCD00000000\\Objects") is seven
    assert machine.has_hotfix("KB3140245") is seven
    assert machine.registry.exists(f"{CONTROL}\\WindowsEmbedded\\ProductVersion") is (model == "es7_x64")


def test_a_station_keeps_its_serial_and_differs_from_others(pc: Make) -> None:
    first, again, other = pc(), pc(), pc(name="l1-op2", mac="00:1B:1B:00:11:02")
    assert one(first, "Win32_BIOS") == one(again, "Win32_BIOS")
    assert one(first, "Win32_ComputerSystemProduct")["UUID"] != one(other, "Win32_ComputerSystemProduct")["UUID"]


def test_overrides_show(pc: Make) -> None:
    adapters = [
        {"mac": "00:1b:1b:00:11:03", "name": "Ethernet", "pnp_id": "PCI\\VEN_8086&DEV_15BC\\1", "connected": True},
        {"mac": "00:1b:1b:00:11:13", "name": "Ethernet 2", "pnp_id": "PCI\\VEN_8086&DEV_1533\\0", "connected": False},
    ]
    overrides = {
        "adapters": adapters,
        "bitlocker": True,
        "secure_boot": False,
        "memory_gb": 4,
        "disk_gb": 60,
        "free_gb": 2,
    }
    machine = pc(overrides=overrides, unit_mac="001B1B001113")
    cards = [row for row in machine.instances(CIMV2, "Win32_NetworkAdapter") if row["PhysicalAdapter"]]
    assert [(row["MACAddress"], row["NetConnectionStatus"]) for row in cards] == [
        ("00:1B:1B:00:11:03", 2),
        ("00:1B:1B:00:11:13", 7),
    ]
    volume = one(machine, "Win32_EncryptableVolume", "root\\cimv2\\security\\microsoftvolumeencryption")
    assert volume["ProtectionStatus"] == 1
    assert machine.registry.value(f"{CONTROL}\\SecureBoot\\State", "UEFISecureBootEnabled") == (
        "UEFISecureBootEnabled",
        "REG_DWORD",
        0,
    )
    assert one(machine, "Win32_LogicalDisk")["FreeSpace"] == 2 * 1024**3
    assert machine.unit_mac == "001B1B001113"


def test_the_clock_of_the_pc_is_the_clock_of_the_twin(pc: Make, world: Any) -> None:
    machine = pc()
    before: datetime = one(machine, "Win32_OperatingSystem")["LocalDateTime"]
    world.time += 3600
    row = one(machine, "Win32_OperatingSystem")
    assert (row["LocalDateTime"] - before).total_seconds() == 3600
    assert row["CurrentTimeZone"] == 60


def test_downloads_take_space(pc: Make) -> None:
    machine = pc()
    before = machine.free_bytes()
    machine.write_file("C:\\x.iso", {"sha256": "00" * 32, "size": 10**9}, "download")
    assert before - machine.free_bytes() == 10**9


def test_registry_names_have_no_case_and_changes_can_be_replayed(pc: Make) -> None:
    machine = pc()
    machine.registry.set_value("HKLM\\Software\\Acme\\Tool", "Mode", "REG_DWORD", 3)
    machine.registry.create_key("HKLM\\SOFTWARE\\Acme\\Empty")
    machine.registry.delete_key("HKLM\\SOFTWARE\\Acme\\empty")
    assert machine.registry.value("hklm\\SOFTWARE\\acme\\TOOL", "mode") == ("Mode", "REG_DWORD", 3)
    again = pc(state=machine.dump())
    assert again.registry.subkeys("HKLM\\SOFTWARE\\Acme") == ["Tool"]
    assert again.dump() == machine.dump()
