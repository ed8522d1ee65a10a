# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import plain

TEXT = "[{name: a, ports: [[1, 2]], log: true, none: null, share: 0.5, day: 2026-01-02}]"


def _kinds(value: Any) -> set[type]:
    if isinstance(value, dict):
        return {dict}.union(*(_kinds(item) for pair in value.items() for item in pair))
    return {list}.union(*(_kinds(item) for item in value)) if isinstance(value, list) else {type(value)}


def test_options_are_the_same_without_the_marks_of_ansible() -> None:
    marked = DataLoader().load(TEXT)
    found = plain(marked)
    assert found == marked
    assert found == [{"name": "a", "ports": [[1, 2]], "log": True, "none": None, "share": 0.5, "day": date(2026, 1, 2)}]
    assert _kinds(plain(marked[0]["ports"] + [marked[0]["share"], marked[0]["name"], marked[0]["log"]])) == {
        list, int, float, str, bool,
    }  # fmt: skip
