# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import meaning
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fingerprints import from_site
from hypothesis import given
from hypothesis import strategies as st

GOOD: dict[str, Any] = {
    "cpu.data_width": 64,
    "cpu.cores": 4,
    "cpu.max_mhz": 3200,
    "system.memory_bytes": 8 * 1024**3,
    "disk.system_bytes": 250_000_000_000,
    "disk.system_free_bytes": 100_000_000_000,
    "os.version": "10.0.19045",
    "os.build": 19045,
    "os.caption": "Windows 10",
    "os.product_type": 1,
    "firmware.secure_boot": False,
    "bitlocker.protection": "off",
    "write_filter.enabled": False,
    "devices.pci": [],
    "devices.usb": [],
    "devices.serial_ports": [],
    "services.running": ["Spooler"],
    "software.installed": [],
    "processes.running": [],
}


def assessment(**changes: Any) -> dict[str, Any]:
    values = {**GOOD, **changes}
    return {"fields": {key: {"value": value, "available": value is not None} for key, value in values.items()}}


def product(name: str) -> dict[str, str]:
    return {"name": name, "version": "1.0"}


def process(name: str, command_line: str = "") -> dict[str, str]:
    return {"name": name, "command_line": command_line}


def blockers(found: dict[str, Any]) -> list[dict[str, str]]:
    return list(meaning.judge(found)["blockers"])


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
    found = blockers(assessment(**{key: [item]}))
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
    assert blockers(assessment(**{key: [item]})) == []


@pytest.mark.parametrize(
    ("changes", "verdict", "confidence", "role"),
    [
        ({}, "unknown", "low", None),
        ({"software.installed": [product("SIMATIC WinCC Runtime V7.5")]}, "local_only", "high", "legacy_hmi"),
        ({"processes.running": [process("PdlRt.exe")]}, "local_only", "high", "legacy_hmi"),
        ({"software.installed": [product("TwinCAT 3.1")]}, "local_only", "high", "legacy_hmi"),
        ({"software.installed": [product("Citrix Workspace 2203")]}, "vdi", "low", "vdi"),
        (
            {"software.installed": [product("Citrix Workspace 2203")], "processes.running": [process("wfica32.exe")]},
            "vdi", "high", "vdi",
        ),
        ({"processes.running": [process("mstsc.exe", "mstsc /v:rds1")]}, "vdi", "medium", "vdi"),
        ({"access.shell": "msedge.exe --kiosk https://hmi"}, "web", "high", "kiosk"),
        ({"access.user_shells": [{"sid": "S-1", "shell": "chrome.exe"}]}, "web", "high", "kiosk"),
        ({"access.shell_launcher": [{"sid": "S-1", "shell": "iexplore.exe", "action": 0}]}, "web", "high", "kiosk"),
        ({"access.assigned_access": True}, "unknown", "low", "kiosk"),
        ({"access.shell": "explorer.exe", "access.shell_policy": ""}, "unknown", "low", None),
        ({"processes.running": [process("chrome.exe", "chrome --kiosk https://hmi")]}, "web", "medium", "browser"),
        ({"processes.running": [process("chrome.exe", "chrome https://intranet")]}, "unknown", "low", None),
        ({"software.installed": [product("AVEVA InTouch 2020")]}, "published", "low", "operator"),
        (
            {
                "software.installed": [product("AVEVA InTouch 2020")],
                "devices.usb": [{"id": r"USB\VID_0529&PID_0001\1", "name": "Sentinel HL"}],
            },
            "local_only", "medium", "legacy_hmi",
        ),
        ({"software.installed": [product("Siemens TIA Portal V17")]}, "unknown", "low", "vendor"),
        ({"access.shell": "panel.exe", "access.autologon": True}, "unknown", "low", "kiosk"),
        ({"processes.running": [process("vncviewer.exe")]}, "vdi", "medium", "vdi"),
        ({"software.installed": [product("RSLinx Classic 4.11")]}, "local_only", "high", "legacy_hmi"),
        ({"processes.running": [process("Workspace.exe")]}, "published", "medium", "operator"),
        ({"services.running": ["TeamViewer"]}, "unknown", "low", "remote_support"),
        ({"services.running": ["TeamViewer"], "access.console_user": r"SERVICE3\operator"}, "unknown", "low",
         "remote_support"),
        ({"services.running": ["TeamViewer"], "access.console_user": r"PC7\service"}, "unknown", "low", "vendor"),
        ({"services.running": ["AnyDesk"], "access.autologon_account": {"user": "Wartung", "domain": ""}}, "unknown",
         "low", "vendor"),
        ({"services.running": ["TeamViewer"], "access.shell": "panel.exe"}, "unknown", "low", "kiosk"),
        ({"services.running": ["TeamViewer"], "processes.running": [process("mstsc.exe")]}, "vdi", "medium", "vdi"),
    ],
)  # fmt: skip
def test_delivery_and_role(changes: dict[str, Any], verdict: str, confidence: str, role: str | None) -> None:
    found = meaning.judge(assessment(**changes))
    assert (found["delivery"]["verdict"], found["delivery"]["confidence"]) == (verdict, confidence)
    assert found["station_role"]["proposal"] == role


def test_a_product_that_is_installed_and_runs_is_one_application_with_both_as_evidence() -> None:
    found = meaning.judge(
        assessment(
            **{
                "software.installed": [product("Citrix Workspace 2203")],
                "processes.running": [process("wfica32.exe")],
            }
        )
    )
    assert found["applications"] == [
        {
            "product": "Citrix client",
            "delivery": "vdi",
            "confidence": "high",
            "evidence": ["Citrix client: Citrix Workspace 2203", "Citrix client: wfica32.exe"],
        }
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"software.installed": [product("TightVNC 2.8.85")]}, "vnc"),
        ({"services.running": ["uvnc_service"]}, "vnc"),
        ({"software.installed": [product("TeamViewer 15")]}, "remote_tool"),
        ({"services.running": ["AnyDesk"]}, "remote_tool"),
        ({"services.running": ["tvnserver"]}, "vnc"),
        ({"services.running": ["TlntSvr"]}, "telnet"),
        ({"access.rdp_enabled": True}, "rdp_open"),
        ({"access.rdp_nla": False}, "rdp_without_nla"),
        ({"access.autologon": True}, "shared_account"),
        ({"access.autologon_password_stored": True}, "stored_password"),
        ({"access.console_user": r"PANEL1\Administrator"}, "administrator_session"),
        ({"access.shares": [{"name": "Recipes", "path": r"D:\Recipes", "kind": "disk"}]}, "shared_folder"),
        ({"network.firewall": {"domain": {"on": False, "policy": None}}}, "firewall_off"),
        (
            {
                "network.adapters": [
                    {"mac": "001B1B001101", "name": "Plant", "connected": True},
                    {"mac": "000DB9000099", "name": "Modem", "connected": True},
                ]
            },
            "second_network",
        ),
        ({"antivirus.products": []}, "no_antivirus"),
        ({"antivirus.products": [{"name": "Scanner", "on": False, "outdated": True}]}, "no_antivirus"),
    ],
)
def test_weak_points(changes: dict[str, Any], code: str) -> None:
    found = meaning.judge(assessment(**changes))
    assert [item["code"] for item in found["weak_points"]] == [code]
    assert found["blockers"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"software.installed": [product("VNC Viewer 6.20")]},
        {"access.rdp_enabled": False, "access.rdp_nla": True, "access.autologon": False},
        {"access.rdp_enabled": None, "access.rdp_nla": None},
        {"access.shares": [], "antivirus.products": [{"name": "Scanner", "on": True, "outdated": False}]},
        {"network.firewall": {"domain": {"on": False, "policy": True}, "public": {"on": True, "policy": None}}},
        {"access.console_user": r"PLANT\operator1"},
        {
            "network.adapters": [
                {"mac": "001B1B001101", "name": "Plant", "connected": True},
                {"mac": "001B1B001102", "name": "Spare", "connected": False},
                {"mac": "001B1B001103", "name": "WLAN", "connected": None},
            ]
        },
        {"processes.running": [process("vncviewer.exe")]},
    ],
)
def test_what_is_closed_or_not_read_is_no_weak_point(changes: dict[str, Any]) -> None:
    assert meaning.judge(assessment(**changes))["weak_points"] == []


@pytest.mark.parametrize(
    ("version", "build", "edition", "ends"),
    [
        ("6.1.7601", 7601, "Professional", "2020-01-14"),
        ("6.1.7601", 7601, "Embedded", "2020-10-13"),
        ("6.3.9600", 9600, "IndustryPro Embedded", "2023-07-11"),
        ("10.0.19045", 19045, "Enterprise", "2025-10-14"),
        ("10.0.14393", 14393, "EnterpriseS", "2026-10-13"),
        ("10.0.17763", 17763, "EnterpriseS", "2029-01-09"),
        ("10.0.19044", 19044, "IoTEnterpriseS", "2032-01-13"),
        ("10.0.19044", 19044, "EnterpriseS", "2027-01-12"),
        ("10.0.26100", 26100, "Enterprise", "2027-10-12"),
        ("10.0.26100", 26100, "IoTEnterpriseS", "2034-10-10"),
        ("10.0.22631", 22631, "Pro", None),
        ("12.0", 30000, "Pro", None),
        (None, None, None, None),
    ],
)
def test_until_when_windows_gets_updates(
    version: str | None, build: int | None, edition: str | None, ends: str | None
) -> None:
    changes = {"os.version": version, "os.build": build, "os.edition_id": edition, "os.caption": None}
    found = meaning.judge(assessment(**changes))["support"]
    assert (found or {}).get("ends") == ends


SITE = {"seen_in": "process", "match": "^press_panel", "text": "Press panel", "product": "Press panel"}


def test_a_site_adds_what_it_knows() -> None:
    own = from_site([SITE | {"delivery": "local_only"}])
    seen = assessment(**{"processes.running": [process("press_panel.exe")]})
    found = meaning.judge(seen, fingerprints=own)
    assert found["blockers"] == [
        {"code": "local_only_app", "text": "Press panel: press_panel.exe", "field": "processes.running"}
    ]
    assert found["delivery"]["verdict"] == "local_only"
    assert meaning.judge(seen)["blockers"] == []


def test_a_site_cannot_take_a_blocker_away() -> None:
    own = from_site(
        [{"seen_in": "software", "match": "TwinCAT", "text": "Harmless", "product": "X", "delivery": "web"}]
    )
    seen = assessment(**{"software.installed": [product("TwinCAT 3.1")]})
    assert [item["code"] for item in meaning.judge(seen, fingerprints=own)["blockers"]] == ["soft_plc"]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("press", "not a mapping"),
        (SITE | {"colour": "red"}, "unknown key colour"),
        ({"seen_in": "process", "match": "x"}, "no text in text"),
        (SITE | {"seen_in": "registry"}, "seen_in is registry"),
        (SITE | {"delivery": "paper"}, "delivery is paper"),
        ({"seen_in": "process", "match": "x", "text": "y"}, "it means nothing"),
        (SITE | {"match": "("}, "no regular expression"),
        (SITE | {"match": ".*"}, "fits everything"),
    ],
)
def test_a_wrong_fingerprint_is_named(entry: Any, told: str) -> None:
    with pytest.raises(InputError, match="entry 2") as caught:
        from_site([SITE, entry])
    assert told in str(caught.value)


@given(st.sets(st.sampled_from(sorted(GOOD))), st.sampled_from([11, 12]))
def test_every_verdict_is_given_whatever_could_be_read(missing: set[str], igel_os: int) -> None:
    found = meaning.judge(assessment(**dict.fromkeys(missing)), igel_os=igel_os)
    assert found["igel_os"] == igel_os
    assert len(found["gates"]) == 10
    assert found["blockers"] == []
