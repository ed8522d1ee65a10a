# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils import _jmespath
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError
from ansible_collections.otedge.endpoint.plugins.module_utils._jmespath import check, selected

DEVICES = [{"name": "a", "thin_client": True}, {"name": "b", "thin_client": False}]


@pytest.mark.parametrize(
    ("query", "result"),
    [(None, DEVICES), ("[?thin_client].name", ["a"]), ("[?name=='x']", []), ("nothing", [])],
)
def test_selected(query: str | None, result: list[object]) -> None:
    assert selected(DEVICES, query) == result


@pytest.mark.parametrize(
    ("query", "words"),
    [("[?", "not valid JMESPath"), ("length(@)", "no list but int"), ("abs(@)", "not valid JMESPath")],
)
def test_bad_queries(query: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        selected(DEVICES, query)


def test_check_needs_no_data() -> None:
    check(None)
    check("[0].name")
    with pytest.raises(InputError, match="not valid JMESPath"):
        check("[?")


def test_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_jmespath, "JMESPATH_ERROR", ImportError("no jmespath"))
    for refused in (lambda: check("[0:1]"), lambda: selected(DEVICES, "[0:1]")):
        with pytest.raises(OtedgeError, match="library jmespath"):
            refused()
    assert selected(DEVICES, None) == DEVICES
