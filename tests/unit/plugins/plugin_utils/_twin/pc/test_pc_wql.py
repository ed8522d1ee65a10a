# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.wql import WqlError, parse
from hypothesis import given
from hypothesis import strategies as st

ROWS = [
    {"Name": "a", "Size": 5, "Up": True, "Path": "PCI\\VEN_8086&DEV_1", "Note": None},
    {"Name": "B", "Size": 12, "Up": False, "Path": "USB\\VID_0529", "Note": "x"},
    {"Name": "c%", "Size": None, "Up": None, "Path": "PCI\\VEN_110A", "Note": "it's"},
]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("Name='A'", ["a"]),
        ('name = "b"', ["B"]),
        ("Size > 5", ["B"]),
        ("Size >= 5 and Up = TRUE", ["a"]),
        ("Size = '12'", ["B"]),
        ("Up=FALSE", ["B"]),
        ("Note is null", ["a"]),
        ("Note is not null", ["B", "c%"]),
        ("Path like 'PCI\\\\VEN_%'", ["a", "c%"]),
        ("Path like 'PCI\\\\VEN_110A'", ["c%"]),
        ("not Path like 'PCI%'", ["B"]),
        ("Path not like 'PCI%'", ["B"]),
        ("Name like '%[%]'", ["c%"]),
        ("Name='a' or Name='b' and Size=1", ["a"]),
        ("(Name='a' or Name='b') and Size=12", ["B"]),
        ("Size <> 5", ["B"]),
        ("Note = 'it\\'s'", ["c%"]),
    ],
)
def test_conditions(condition: str, names: list[str]) -> None:
    query = parse(f"select Name from Thing where {condition}")
    assert [row["Name"] for row in ROWS if query.test(row)] == names


def test_columns_names_and_case() -> None:
    query = parse("SELECT Name , Size FROM Win32_Thing WHERE Up = true")
    assert (query.name, query.columns) == ("Win32_Thing", ("Name", "Size"))
    assert query.names == ("Name", "Size", "Up")
    assert parse("select * from T").columns == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "select",
        "select a",
        "select a from",
        "select a from T where",
        "select a from T where b",
        "select a from T extra",
        "select a,* from T",
        "select a from T where b like",
        "select a from T where b = c",
        "select a from T where (b = 1",
    ],
)
def test_what_is_no_query(text: str) -> None:
    with pytest.raises(WqlError):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_an_error(text: str) -> None:
    try:
        query = parse(f"select a from T where {text}")
    except WqlError:
        return
    assert all(query.test(row) in (True, False) for row in ROWS)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=20))
def test_a_quoted_text_finds_exactly_itself(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    assert parse(f"select a from T where v = '{quoted}'").test({"v": text})
