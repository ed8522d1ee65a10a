# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RecordsError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.history import entries_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import (
    assessment_path,
    digest,
    read_folder,
    read_json,
    read_plan,
    release_path,
    write_json,
)
from hypothesis import given
from hypothesis import strategies as st

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=4)),
    max_leaves=10,
)


def _turned(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _turned(value) for key, value in reversed(list(data.items()))}
    return [_turned(item) for item in data] if isinstance(data, list) else data


@given(JSON)
def test_hash_does_not_depend_on_key_order(data: Any) -> None:
    assert digest(_turned(data)) == digest(data)


def test_hash_depends_on_values() -> None:
    assert digest({"a": 1}) != digest({"a": 2})
    assert len(digest({})) == 64


def test_documents_are_kept_privately_and_read_back(tmp_path: Path) -> None:
    path = assessment_path(str(tmp_path), "l1-op1")
    write_json(path, {"ü": [1]})
    assert read_json(path) == {"ü": [1]}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [item.name for item in path.parent.iterdir()] == ["l1-op1.json"]
    assert read_folder(path.parent) == {"l1-op1": {"ü": [1]}}


def test_missing_and_damaged_documents(tmp_path: Path) -> None:
    assert read_json(tmp_path / "none.json") is None
    assert read_folder(tmp_path / "none") == {}
    with pytest.raises(RecordsError, match="no plan"):
        read_plan(str(tmp_path))
    (tmp_path / "plan.json").write_text("{")
    with pytest.raises(RecordsError, match="damaged"):
        read_plan(str(tmp_path))
    (tmp_path / "plan.json").write_text("[]")
    with pytest.raises(RecordsError, match="not a JSON object"):
        read_plan(str(tmp_path))


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden"])
def test_a_name_never_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        assessment_path(str(tmp_path), name)


def test_release_path() -> None:
    assert str(release_path("/r", "0123456789abcdef", "ot")) == "/r/releases/0123456789ab-ot.json"


def test_history_is_of_one_subject(tmp_path: Path) -> None:
    assert entries_of(str(tmp_path), "a") == []
    (tmp_path / "evidence.jsonl").write_text(
        '{"n":1,"subject":"a"}\n{"n":2,"subject":"b","x":"\\"subject\\":\\"a\\""}\n{"n":3,"subject":"a"\n{"n":4,"subject":"a"}\n'
    )
    assert [entry["n"] for entry in entries_of(str(tmp_path), "a")] == [1, 4]
