# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Registry text, adapters, netstat, identity, the document: pure reading."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_info import SECTIONS as SPEC_SECTIONS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import (
    assess,
    batch,
    identity,
    network,
    readers,
    reads,
    registry,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fields import FIELDS, SECTIONS
from hypothesis import given
from hypothesis import strategies as st

UNINSTALL = r"""
HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\AddressBook

HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{1}
    DisplayName    REG_SZ    7-Zip 23.01    (x64)
    DisplayVersion    REG_SZ    23.01
    Publisher    REG_SZ    Igor
    InstallDate    REG_SZ    20240301
    EstimatedSize    REG_DWORD    0x1f4

HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{2}
    DisplayName    REG_SZ    Hidden
    SystemComponent    REG_DWORD    0x1

HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{3}
    DisplayName    REG_SZ    Update of 7-Zip
    ParentKeyName    REG_SZ    {1}
    (Default)    REG_SZ
"""
NETSTAT = """
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:135            0.0.0.0:0              ABH\u00d6REN         912
  TCP    10.20.1.11:50112       10.20.60.10:443        HERGESTELLT     3200
  TCP    10.20.1.11:50113       10.20.60.10:443        HERGESTELLT     3200
  TCP    127.0.0.1:50114        127.0.0.1:5354         HERGESTELLT     3200
  TCP    10.20.1.11:50115       10.20.60.11:443        TIME_WAIT          0
  TCP    [::]:135               [::]:0                 ABH\u00d6REN         912
  TCP    [fe80::1]:50200        [fd00::7]:8443         HERGESTELLT     1
  UDP    0.0.0.0:123            *:*                                     968
"""


def test_installed_software() -> None:
    product = {"name": "7-Zip 23.01    (x64)", "version": "23.01", "publisher": "Igor", "installed": "2024-03-01"}
    assert registry.installed(UNINSTALL) == [product]
    assert registry.value(UNINSTALL, "estimatedsize") == "0x1f4"
    assert registry.number("0x1f4") == 500
    assert (registry.number("007"), registry.number("x"), registry.number(None)) == (7, None, None)


def test_netstat_in_another_language() -> None:
    assert network.netstat(NETSTAT) == [
        {"address": "10.20.60.10", "protocol": "tcp", "port": 443},
        {"address": "fd00::7", "protocol": "tcp", "port": 8443},
    ]


def adapter(name: str, pnp_id: str, mac: str, label: str = "") -> dict[str, Any]:
    return {"Index": mac[-1], "MACAddress": mac, "Name": label or name, "NetConnectionID": name, "PNPDeviceID": pnp_id}


@pytest.mark.parametrize(
    ("rows", "expected", "certain"),
    [
        ([], "", False),
        ([adapter("Ethernet", r"PCI\VEN_8086\1", "00:00:00:00:00:01")], "000000000001", True),
        (
            [
                adapter("Dock", r"USB\VID_0BDA\1", "00:00:00:00:00:02"),
                adapter("Wi-Fi", r"PCI\VEN_8086\2", "00:00:00:00:00:03"),
                adapter("Zeta", r"PCI\VEN_8086\1", "00:00:00:00:00:04"),
            ],
            "000000000004",
            True,
        ),
        (
            [
                adapter("Ethernet 2", r"PCI\VEN_8086\2", "00:00:00:00:00:05"),
                adapter("Ethernet", r"PCI\VEN_8086\1", "00:00:00:00:00:06"),
            ],
            "000000000006",
            False,
        ),
        (
            [adapter("VPN", r"ROOT\NET\1", "00:00:00:00:00:07"), adapter("E", r"USB\1", "00:00:00:00:00:08")],
            "000000000008",
            True,
        ),
    ],
)
def test_unit_mac(rows: list[dict[str, Any]], expected: str, certain: bool) -> None:
    assert network.predict_unit_mac(network.adapters(rows, [])) == (expected, certain)


def test_adapters_join_their_addresses_whatever_the_form() -> None:
    rows = [{**adapter("Ethernet", r"PCI\1", "00:1b:1b:00:11:01"), "NetConnectionStatus": "2", "Index": "7"}]
    one, many = [{"Index": "7", "IPAddress": "10.0.0.1"}], [{"Index": "7", "IPAddress": ["10.0.0.1", "fe80::1"]}]
    assert network.adapters(rows, one)[0]["ip"] == ["10.0.0.1"]
    found = network.adapters(rows, many)[0]
    assert (found["ip"], found["connected"], found["mac"]) == (["10.0.0.1", "fe80::1"], True, "001B1B001101")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" 5CG1234XYZ ", "5CG1234XYZ"),
        ("To be filled by O.E.M.", ""),
        ("Default string", ""),
        ("00000000-0000-0000-0000-000000000000", ""),
        ("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", ""),
        (None, ""),
        ("System Serial Number", ""),
        ("DFD2A531-5566-4477-ACB3-C09B20DA92BC", "DFD2A531-5566-4477-ACB3-C09B20DA92BC"),
    ],
)
def test_placeholders_are_no_identity(value: str | None, expected: str) -> None:
    assert identity.clean(value) == expected


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(alphabet="ab \r\n:&", max_size=20), max_size=5
    )
)
def test_parts_come_back_as_they_were_printed(parts: dict[str, str]) -> None:
    printed = "".join(f"otedge-part:{name}\r\n{text}" for name, text in parts.items())
    assert batch.split(printed) == {name: text.replace("\r\n", "\n") for name, text in parts.items()}


def test_parts_never_begin_with_if_and_those_of_one_user_fit_one_line() -> None:
    sid = "S-1-5-21-1004336348-1177238915-682003330-1001"
    users = {f"{name}.{sid}": text.replace("{sid}", sid) for name, text in reads.USER_COMMANDS.items()}
    assert list(batch.lines({**reads.COMMANDS, **users})) == [{**reads.COMMANDS, **users}]
    assert not any(text.lower().startswith("if") for text in (*reads.COMMANDS.values(), *reads.USER_COMMANDS.values()))


@given(st.lists(st.integers(0, 120), max_size=30))
def test_lines_keep_every_part_in_its_order(sizes: list[int]) -> None:
    parts = {f"p{number}": "x" * size for number, size in enumerate(sizes)}
    found = list(batch.lines(parts, limit=200))
    assert [item for line in found for item in line.items()] == list(parts.items())
    assert all(len(batch.joined(line)) <= 200 for line in found)


def test_win32_product_is_never_asked_and_columns_are_always_named() -> None:
    for query in reads.QUERIES.values():
        assert query.name.lower() != "win32_product"
        assert "*" not in query.wql


def test_of_a_password_only_whether_it_exists_leaves_the_pc() -> None:
    asking = [text for text in reads.COMMANDS.values() if "password" in text.lower()]
    assert len(asking) == 1
    assert ">nul 2>&1 && echo stored || echo none" in asking[0]
    # A whole Winlogon key would hold it too.
    assert all("/v " in text for text in reads.COMMANDS.values() if "Winlogon" in text)


def test_every_field_names_sources_that_exist_and_every_source_has_a_field() -> None:
    assert len({field.key for field in FIELDS}) == len(FIELDS)
    commands = {**reads.COMMANDS, **reads.USER_COMMANDS}
    asked: set[str] = set()
    for field in FIELDS:
        assert set(field.sources) <= {*reads.QUERIES, *commands}
        asked |= set(field.sources)
    assert {*reads.QUERIES, *commands} - asked == {"none"}
    assert set(SPEC_SECTIONS) == set(SECTIONS)


def test_nothing_readable_gives_a_document_without_a_guess() -> None:
    found = assess.document("l1-op1", reads.Answers(reasons={"os": "the account may not read it"}), SECTIONS)
    assert all(not field["available"] and field["value"] is None for field in found["fields"].values())
    assert found["fields"]["os.caption"]["reason"] == "the account may not read it"
    assert {gate["ok"] for gate in found["gates"]} == {None}
    assert found["blockers"] == []


def test_a_missing_feature_is_not_the_same_as_an_unread_one() -> None:
    absent = reads.Answers(rows={"os": [{"SystemDrive": "C:"}], "filter_drivers": []}, absent={"encryption", "uwf"})
    found = assess.document("x", absent, ["protection"])["fields"]
    assert (found["bitlocker.protection"]["value"], found["write_filter.enabled"]["value"]) == ("not_installed", False)
    denied = reads.Answers(rows={"filter_drivers": []}, reasons={"encryption": "denied", "uwf": "denied"})
    assert not any(field["available"] for field in assess.document("x", denied, ["protection"])["fields"].values())


@pytest.mark.parametrize("driver", ["ewf", "fbwf"])
def test_a_running_filter_driver_counts_as_on(driver: str) -> None:
    answers = reads.Answers(rows={"filter_drivers": [{"Name": driver, "State": "Running"}]}, absent={"uwf"})
    assert readers.write_filter(answers) is True


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("app.exe --password=geheim1 -x", "geheim1"),
        ("DSN=x;PWD=geheim2;", "geheim2"),
        ('login /p:"geheim 3"', "geheim 3"),
        ("token: geheim4", "geheim4"),
    ],
)
def test_secrets_are_masked(text: str, hidden: str) -> None:
    assert hidden not in str(readers.redacted([{"name": text}]))
    assert readers.redacted("MES Terminal 2") == "MES Terminal 2"
