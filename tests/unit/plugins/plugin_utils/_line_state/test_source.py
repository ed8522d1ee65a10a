# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.source import parse_source

GOOD: dict[str, Any] = {
    "type": "opcua",
    "endpoint": "opc.tcp://10.20.50.11:4840",
    "node": "ns=2;s=Line/State",
    "state_map": {0: "running", "2": "stopped"},
    "stopped_values": ["stopped"],
}


def test_defaults() -> None:
    source = parse_source(GOOD)
    assert source.states == {"0": "running", "2": "stopped"}
    assert (source.max_age_s, source.min_dwell_s, source.since_node) == (60.0, 300.0, "")


def test_manual_needs_little() -> None:
    source = parse_source({"type": "manual", "stopped_values": ["stopped"], "signers": ["shift@plant-a"]})
    assert (source.min_dwell_s, source.signers) == (0.0, ("shift@plant-a",))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "mes"}, "type is 'mes'"),
        ({"endpoint": "http://x"}, "endpoint is 'http://x'"),
        ({"node": None}, "node is None"),
        ({"state_map": {}}, "state_map is empty"),
        ({"state_map": [1]}, "state_map is not a mapping"),
        ({"stopped_values": []}, "stopped_values names no state"),
        ({"stopped_values": "stopped"}, "stopped_values is not a list"),
        ({"stopped_values": ["halted"]}, "stopped_values has halted"),
        ({"max_age_s": -1}, "max_age_s is -1"),
        ({"max_age_s": "nan"}, "max_age_s is 'nan'"),
        ({"min_dwell_s": "long"}, "min_dwell_s is 'long'"),
        ({"min_dwell_s": True}, "min_dwell_s is True"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_source({**GOOD, **change})
    assert words in str(raised.value)


def test_all_problems_at_once() -> None:
    with pytest.raises(InputError) as raised:
        parse_source({"type": "opcua"})
    for word in ("endpoint", "node", "state_map", "stopped_values"):
        assert word in str(raised.value)
    with pytest.raises(InputError):
        parse_source(None)
