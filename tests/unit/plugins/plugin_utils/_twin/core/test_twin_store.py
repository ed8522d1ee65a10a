# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.store import Store, encoded
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=6))
def test_states_are_plain_json(state: dict[str, Any]) -> None:
    assert encoded(state) == json.dumps(state, sort_keys=True)


def test_long_lists_in_pieces_are_the_same_text(tmp_path: Path) -> None:
    for length in (249, 250, 251, 500, 1001):
        state = {"b": [{"z": number, "a": "ü"} for number in range(length)], "a": []}
        assert encoded(state) == json.dumps(state, sort_keys=True)
        store = Store(tmp_path / "state")
        store.save("ums", state)
        assert store.load("ums") == state
