# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/assessment-fields.md lists exactly the fields an assessment has, each with its section, value and origin."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fields import FIELDS, SECTIONS

PAGE = Path(__file__).parents[5] / "docs/assessment-fields.md"
ROW = re.compile(r"^\| `(?P<key>[a-z_.0-9]+)` \| (?P<about>.*) \| (?P<origin>.*) \|$", re.MULTILINE)


def table(section: str) -> str:
    """Give the table of one section as the page has to show it."""
    rows = [f"| `{item.key}` | {item.about} | {item.origin} |" for item in FIELDS if item.section == section]
    return "\n".join(["| Field | Value | Origin |", "|---|---|---|", *rows])


def test_the_page_lists_every_field_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^### (\w+)$", page, re.MULTILINE) == list(SECTIONS)
    assert [match["key"] for match in ROW.finditer(page)] == [item.key for item in FIELDS]
    for section in SECTIONS:
        assert table(section) in page, f"the table of section {section} in {PAGE.name} has to be:\n{table(section)}"


def test_a_table_cell_holds_no_bar() -> None:
    assert not [item.key for item in FIELDS if "|" in item.about + item.origin]
