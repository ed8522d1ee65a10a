# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every row of the facts table has something to answer, on every profile and for every kind of PC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.kinds import KINDS, pc_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.profiles import PROFILES

CIMV2 = "root\\cimv2"
SOFT = "HKLM\\SOFTWARE"
SID = "HKU\\S-1-5-21-1004336348-1177238915-682003330-1001"
DIRECTORY = "C:\\Windows\\System32"
Make = Callable[..., Machine]


def rows(machine: Machine, name: str, namespace: str = CIMV2) -> list[dict[str, Any]]:
    return list(machine.instances(namespace, name))


def run(machine: Machine, line: str) -> tuple[int, str]:
    result = machine.run(line, DIRECTORY, direct=False)
    assert result is not None
    return result.code, result.out + result.err


def of_kind(pc: Make, kind: str, **overrides: Any) -> Machine:
    model, merged = pc_of(kind, None, overrides)
    return pc(model, overrides=merged)


@pytest.mark.parametrize("model", list(PROFILES))
@pytest.mark.parametrize(
    "name",
    [
        "Win32_ComputerSystem", "Win32_BIOS", "Win32_ComputerSystemProduct", "Win32_BaseBoard", "Win32_SystemEnclosure",
        "Win32_Processor", "Win32_PhysicalMemory", "Win32_PhysicalMemoryArray", "Win32_DiskDrive",
        "Win32_DiskPartition", "Win32_LogicalDisk", "Win32_Volume", "Win32_NetworkAdapter",
        "Win32_NetworkAdapterConfiguration", "Win32_IP4RouteTable", "Win32_OperatingSystem", "Win32_TimeZone",
        "Win32_LogonSession", "Win32_LoggedOnUser", "Win32_StartupCommand", "Win32_Process", "Win32_Service",
        "Win32_Printer", "Win32_PnPEntity", "Win32_SystemDriver", "Win32_Share", "Win32_QuickFixEngineering",
        "Win32_VideoController", "Win32_UserAccount", "Win32_UserProfile",
        "Win32_PerfFormattedData_PerfOS_System", "Win32_PerfFormattedData_PerfOS_Processor",
    ],
)  # fmt: skip
def test_every_class_of_the_facts_table_has_instances(pc: Make, model: str, name: str) -> None:
    assert rows(pc(model), name)


@pytest.mark.parametrize(
    ("model", "space", "there"),
    [
        ("win7_x64", "root\\standardcimv2", False),
        ("win81_industry", "root\\standardcimv2", True),
        ("win11_x64", "root\\microsoft\\windows\\taskscheduler", True),
        ("posready7", "root\\microsoft\\windows\\taskscheduler", False),
    ],
)
def test_namespaces_by_version(pc: Make, model: str, space: str, there: bool) -> None:
    assert pc(model).has_namespace(space) is there


@pytest.mark.parametrize(
    ("model", "family", "edition", "stack"),
    [
        ("win10_ltsc", "10", "EnterpriseS", "3.0"),
        ("win10_iot", "10", "IoTEnterpriseS", "3.0"),
        ("win11_x64", "11", "Enterprise", "3.0"),
        ("win81_industry", "8.1", "EmbeddedIndustry", "3.0"),
        ("posready7", "7", "Embedded", "2.0"),
        ("posready2009", "xp", "Embedded", "1.1"),
    ],
)
def test_the_profiles_that_came_later(pc: Make, model: str, family: str, edition: str, stack: str) -> None:
    machine = pc(model)
    assert (machine.profile.family, machine.profile.edition, machine.stack) == (family, edition, stack)
    path = f"{SOFT}\\Microsoft\\Windows NT\\CurrentVersion"
    assert machine.registry.value(path, "EditionID") == ("EditionID", "REG_SZ", edition)
    assert (machine.registry.value(path, "DisplayVersion") is not None) is (
        model in ("win10_x64", "win10_iot", "win11_x64")
    )
    assert machine.registry.exists("HKLM\\SYSTEM\\WPA\\POSReady") is model.startswith("posready")


def test_eight_kinds_of_pc_differ_where_they_should(pc: Make) -> None:
    assert len(KINDS) == 8
    wincc = of_kind(pc, "wincc_station")
    devices = {row["DeviceID"][:12] for row in rows(wincc, "Win32_PnPEntity")}
    assert {"PCI\\VEN_110A", "USB\\VID_0529"} <= devices
    code, found = run(wincc, 'reg query HKCR\\Wow6432Node\\CLSID /s /f "63D5F43" /k')
    assert code == 0 and "{63D5F432-CFE4-11D1-B2C8-0060083BA1FB}" in found
    kiosk = of_kind(pc, "browser_kiosk")
    assert rows(kiosk, "WESL_UserSetting", "root\\standardcimv2\\embedded")[0]["Sid"].startswith("S-1-5-21")
    assert rows(kiosk, "UWF_Filter", "root\\standardcimv2\\embedded")[0]["CurrentEnabled"] is True
    assert any("--kiosk" in str(row["CommandLine"]) for row in rows(kiosk, "Win32_Process"))
    legacy = of_kind(pc, "legacy_hmi")
    assert legacy.registry.value(f"{SID}\\Network\\R", "RemotePath") == (
        "RemotePath",
        "REG_SZ",
        "\\\\10.20.50.9\\rezepte",
    )
    assert len(rows(legacy, "Win32_SerialPort")) == 2
    assert "BENUTZERNAME" in run(legacy, "query user")[1]
    assert "HERGESTELLT" in run(legacy, "netstat -ano")[1]
    vendor = of_kind(pc, "vendor_pc")
    assert {5900, 5938, 3389} <= {row["local_port"] for row in vendor.connections()}
    assert {"TeamViewer", "tvnserver"} <= {row["Name"] for row in rows(vendor, "Win32_Service")}
    assert any(row["Name"] == "TCATSysSrv.exe" for row in rows(of_kind(pc, "softplc"), "Win32_Process"))
    assert rows(of_kind(pc, "vdi_client"), "Win32_Tpm", "root\\cimv2\\security\\microsofttpm")
    assert rows(of_kind(pc, "rdp_client"), "Win32_StartupCommand")[-1]["Command"].startswith("mstsc")


def test_the_inventory_wins_over_the_kind(pc: Make) -> None:
    model, merged = pc_of("legacy_hmi", "win7_x64", {"language": "en", "serial_ports": []})
    assert model == "win7_x64" and merged["java"] == "1.6"
    assert rows(pc(model, overrides=merged), "Win32_SerialPort") == []
    with pytest.raises(ValueError, match="twin_pc_kind 'nonsense' is not known"):
        pc_of("nonsense", None, {})


def test_installed_software_is_read_from_both_views_and_never_by_the_package_class(pc: Make, world: Any) -> None:
    machine = of_kind(pc, "softplc")
    assert "TwinCAT" in run(machine, f"reg query {SOFT}\\Microsoft\\Windows\\CurrentVersion\\Uninstall /s")[1]
    narrow = run(machine, f"reg query {SOFT}\\Microsoft\\Windows\\CurrentVersion\\Uninstall /s /reg:32")[1]
    assert "TwinCAT" not in narrow and "MES Terminal" in narrow
    assert world.writes() == []
    assert rows(machine, "Win32_Product")
    assert [one["what"] for one in world.writes()] == ["msi_repair"]


@pytest.mark.parametrize("model", ["win7_x64", "win10_x64"])
def test_tasks_are_listed_in_either_way(pc: Make, model: str) -> None:
    machine = pc(model, overrides={"tasks": [{"name": "Vendor sync", "command": "C:\\sync.exe"}]})
    code, text = run(machine, "schtasks /query /xml ONE")
    assert code == 0 and text.count("<Task ") == 4 and "<URI>\\Vendor sync</URI>" in text
    assert text.count("<?xml") == 1
    if model == "win10_x64":
        found = rows(machine, "MSFT_ScheduledTask", "root\\microsoft\\windows\\taskscheduler")
        assert found[-1]["Actions"][0].values["Execute"] == "C:\\sync.exe"


def test_a_key_that_is_denied_is_left_out_and_told(pc: Make) -> None:
    key = f"{SOFT}\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon"
    machine = pc(overrides={"denied_keys": [key]})
    assert run(machine, f'reg query "{key}"') == (1, "ERROR: Access is denied.\r\n")
    code, text = run(machine, f'reg query "{SOFT}\\Microsoft\\Windows NT\\CurrentVersion" /s')
    assert code == 0 and "ProductName" in text and "AutoAdminLogon" not in text and "denied" in text


def test_a_wrong_clock_moves_the_time_of_the_last_start_too(pc: Make) -> None:
    machine = pc()
    (before,) = rows(machine, "Win32_OperatingSystem")
    machine.inject("clock_skew", {"seconds": 900})
    (after,) = rows(machine, "Win32_OperatingSystem")
    for name in ("LocalDateTime", "LastBootUpTime"):
        assert (after[name] - before[name]).total_seconds() == 900
