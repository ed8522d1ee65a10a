# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import import_values as v
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import importing
from hypothesis import given
from hypothesis import strategies as st

STATIONS = {
    "op1": {"mac": "00:1B:1B:00:11:01", "address": "10.20.1.11"},
    "op2": {"mac": "00:1B:1B:00:11:02", "address": "10.20.1.12"},
    "op3": {"mac": "00:1B:1B:00:11:02", "address": "10.20.1.13"},
}


@pytest.mark.parametrize(
    "text",
    [
        "mac;ram\n001b1b001101;8 GB\n", "mac,ram\n00-1B-1B-00-11-01,8 GB\n",
        "\ufeffmac\tram\r\n00:1B:1B:00:11:01\t8 GB\r\n", json.dumps([{"mac": "001B.1B00.1101", "ram": "8 GB"}]),
    ],
)  # fmt: skip
def test_a_row_finds_its_station_in_every_form(text: str) -> None:
    columns = {"system.memory_bytes": "ram"}
    facts, strangers = importing.facts_of(importing.rows_of(text, "pcs"), columns, STATIONS)
    assert strangers == []
    assert facts == [importing.Facts("op1", "row 1", {"system.memory_bytes": 8_000_000_000})]


@pytest.mark.parametrize(
    ("row", "station"),
    [
        ({"station": "op2"}, "op2"),
        ({"station": "gone", "mac": "00:1B:1B:00:11:01"}, None),
        ({"mac": "00:1B:1B:00:11:01", "address": "10.20.1.13"}, "op1"),
        ({"mac": "00:1B:1B:00:11:02"}, None),
        ({"address": "10.20.1.13"}, "op3"),
        ({"mac": "not one"}, None),
        ({}, None),
    ],
)
def test_which_station_a_row_means(row: dict[str, str], station: str | None) -> None:
    facts, strangers = importing.facts_of([row], {}, STATIONS)
    assert [item.station for item in facts] == ([station] if station else [])
    assert len(strangers) == (station is None)


def test_every_problem_of_a_file_is_told_at_once() -> None:
    rows = [{"station": "op1", "cpu.cores": "four"}, {"station": "op2", "os.embedded": "maybe"}, {"station": "op1"}]
    with pytest.raises(InputError) as caught:
        importing.facts_of(rows, {}, STATIONS)
    told = str(caught.value)
    assert "row 1, column cpu.cores: 'four'" in told and "row 2, column os.embedded" in told
    assert "row 3 names op1, as row 1 does" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no rows"),
        ("station,cpu.cores\n", "no rows"),
        ("{", "not valid JSON"),
        ('{"a": 1}', "no list"),
        ("[1]", "no list"),
    ],
)
def test_a_file_that_cannot_be_read(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        importing.rows_of(text, "pcs.csv")


def test_a_column_for_a_field_that_nobody_knows() -> None:
    with pytest.raises(InputError, match="no field colour"):
        importing.facts_of([], {"colour": "C"}, STATIONS)


def test_a_reading_stays_and_an_older_import_gives_way() -> None:
    existing = {
        "format": 1, "station": "op1", "warnings": ["w"],
        "fields": {
            "cpu.cores": {"value": 4, "available": True, "origin": "Win32_Processor.NumberOfCores"},
            "cpu.max_mhz": {"value": 1, "available": True, "origin": "import: old, a.csv, row 1"},
            "os.build": {"value": None, "available": False, "origin": "Win32", "reason": "denied"},
        },
    }  # fmt: skip
    facts = importing.Facts("op1", "row 3", {"cpu.cores": 2, "cpu.max_mhz": 2400, "os.build": 7601})
    document, kept = importing.merged(existing, facts, "survey, b.csv")
    assert kept == ["cpu.cores"]
    assert document["fields"]["cpu.cores"] == existing["fields"]["cpu.cores"]  # type: ignore[index]
    told = {"available": True, "origin": "import: survey, b.csv, row 3"}
    assert document["fields"]["cpu.max_mhz"] == {"value": 2400, **told}
    assert document["fields"]["os.build"] == {"value": 7601, **told}
    assert importing.merged(document, facts, "survey, b.csv") == (document, kept)


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (v.size, "8 GiB", 8 * 1024**3),
        (v.size, "0.5 TB", 500_000_000_000),
        (v.size, 4096, 4096),
        (v.flag, "Yes", True),
        (v.flag, False, False),
        (v.one_of("on", "not_installed"), "Not installed", "not_installed"),
        (v.texts, "b; a;;a", ["a", "b"]),
        (v.products, "WinCC|7.5;7-Zip", [{"name": "7-Zip", "version": ""}, {"name": "WinCC", "version": "7.5"}]),
        (v.products, [{"name": "WinCC", "version": 7}], [{"name": "WinCC", "version": "7"}]),
        (v.devices, r"PCI\VEN_110A|CP 5623", [{"id": r"PCI\VEN_110A", "name": "CP 5623"}]),
        (v.devices, [{"id": "USB\\X", "name": None}], [{"id": "USB\\X", "name": ""}]),
        (
            v.connections, "10.1.1.2:443/tcp; 10.1.1.1:53/UDP;10.1.1.1:80",
            [
                {"address": "10.1.1.1", "protocol": "tcp", "port": 80},
                {"address": "10.1.1.1", "protocol": "udp", "port": 53},
                {"address": "10.1.1.2", "protocol": "tcp", "port": 443},
            ],
        ),
    ],
)  # fmt: skip
def test_values(read: Callable[[Any], Any], cell: Any, value: Any) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (v.size, "much"), (v.size, True), (v.number, "-1"), (v.number, "1.5"), (v.flag, "perhaps"),
        (v.one_of("on"), "off"), (v.text, ["a"]), (v.connections, "10.1.1.1"), (v.connections, "10.1.1.1:70000"),
        (v.products, [{"version": "1"}]),
    ],
)  # fmt: skip
def test_values_that_cannot_be_read(read: Callable[[Any], Any], cell: Any) -> None:
    with pytest.raises(ValueError, match="."):
        read(cell)


@given(
    st.sampled_from(sorted(importing.FIELDS)), st.one_of(st.text(), st.integers(), st.booleans(), st.lists(st.text()))
)
def test_a_cell_is_read_or_refused_and_never_breaks(key: str, cell: Any) -> None:
    try:
        importing.facts_of([{"station": "op1", key: cell}], {}, STATIONS)
    except InputError as exc:
        assert "row 1" in str(exc)
