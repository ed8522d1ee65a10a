# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.assertions import judge, region
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import Packet, permits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, Rule
from hypothesis import given, settings
from hypothesis import strategies as st

PC = Address.of("10.20.1.11")
CELL = Address.of("10.20.11.0/24")
MODBUS = {"service": "modbus"}
LAST = Rule("deny", log=True)


def modbus(*nets: str) -> list[Rule]:
    return region(PC, [Address.of(net) for net in nets] or [CELL], MODBUS, {})


def test_what_a_list_denies_holds_for_every_packet() -> None:
    rules = [Rule("permit", 6, PC, CELL, dst_ports=((102, 102),)), LAST]
    assert judge(rules, modbus(), "denied").as_dict() == {"verdict": "holds", "witness": None, "rule": None}
    found = judge(rules, modbus(), "permitted")
    assert found.holds is False and found.rule == 1


def test_one_address_that_gets_through_is_found_and_so_is_the_rule() -> None:
    rules = [Rule("deny", 6, PC, Address.of("10.20.11.0/25")), Rule("permit", 6, PC, CELL), LAST]
    found = judge(rules, modbus(), "denied")
    assert found.holds is False and found.rule == 1 and found.witness is not None
    assert found.witness.to_dict()["dst"] == "10.20.11.128" and permits(rules, found.witness)
    assert judge(rules, modbus("10.20.11.0/25"), "denied").holds is True
    assert judge(rules, modbus("10.20.11.128/25"), "permitted").holds is True


def test_an_answer_on_a_connection_from_outside_is_no_reach() -> None:
    replies = [Rule("permit", 6, PC, CELL, established=True), LAST]
    assert judge(replies, modbus(), "denied").holds is True
    assert judge(replies, modbus(), "permitted").holds is False


def test_what_is_not_decided_does_not_hold() -> None:
    rules = [Rule("permit", 6, PC, Address.of(f"10.20.{n}.7"), dst_ports=((n, n),)) for n in range(1, 200)]
    assert judge(rules, modbus(), "denied", work=50).as_dict()["verdict"] == "not decided"


def test_a_statement_expects_one_of_two() -> None:
    with pytest.raises(InputError, match="expects 'open'"):
        judge([LAST], modbus(), "open")


_LISTS = st.lists(
    st.builds(
        Rule,
        st.sampled_from(["permit", "deny"]),
        st.just(6),
        st.sampled_from([PC, Address.of("any")]),
        st.sampled_from([Address.of("10.20.11.0/31"), Address.of("10.20.11.1"), Address.of("any")]),
        dst_ports=st.sampled_from([None, ((502, 502),), ((500, 503),)]),
    ),
    max_size=5,
)


@settings(max_examples=150, deadline=None)
@given(_LISTS)
def test_it_agrees_with_trying_every_packet(rules: list[Rule]) -> None:
    packets = [Packet(6, PC.value, Address.of(f"10.20.11.{n}").value, 50000, 502) for n in (0, 1)]
    asked = modbus("10.20.11.0/31")
    let_through = [permits(rules, packet) for packet in packets]
    assert judge(rules, asked, "denied").holds is not any(let_through)
    assert judge(rules, asked, "permitted").holds is all(let_through)
