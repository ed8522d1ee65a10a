# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RecordsError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.store import store_assessment


def test_it_is_replaced_as_a_whole_and_private(tmp_path: Path) -> None:
    for number in (1, 2):
        path = Path(store_assessment(str(tmp_path / "records"), {"station": "l1-op1", "number": number}))
    assert json.loads(path.read_text())["number"] == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["l1-op1.json"]


@pytest.mark.parametrize("name", ["../x", ".x", "a/b", ""])
def test_a_name_never_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        store_assessment(str(tmp_path), {"station": name})


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "assessments").write_text("a file")
    with pytest.raises(RecordsError, match="Cannot write"):
        store_assessment(str(tmp_path), {"station": "l1-op1"})
