# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pitfalls of switch-acl.md section 4 against the simulated IOS-XE that have no test of their own in test_ensure.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule

PORT = "GigabitEthernet1/0/1"
LEGACY = [
    "ip access-list extended LEGACY",
    "permit tcp host 10.20.1.11 10.20.60.0 0.0.0.255 eq www",
    "deny ip any any log",
    f"interface {PORT}",
    "ip access-group LEGACY in",
]


def test_pitfall_05_every_protocol_has_one_meaning(make_rig: Callable[..., Any], want: Callable[..., Any]) -> None:
    rig = make_rig(
        {"lines": ["ip access-list extended ALL", "permit ip any any", *LEGACY[3:4], "ip access-group ALL in"]}
    )
    for protocol in ("ip", "any", "0"):
        assert not rig.ensure([want(rules=(Rule.from_dict({"action": "permit", "protocol": protocol}),))])["changed"]


def test_pitfall_12_numbers_lost_by_a_restart_change_nothing(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    lines = [LEGACY[0], f"5 {LEGACY[1]}", f"900 {LEGACY[2]}", *LEGACY[3:]]
    assert not make_rig({"lines": lines}).ensure([want(80)])["changed"]


def test_pitfall_13_an_empty_bound_list_is_reported_as_open(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": [LEGACY[0], *LEGACY[3:]]})
    assert rig.permits("10.20.99.9", 9)
    assert "everything is permitted" in rig.ensure([want(443)])["bindings"][0]["reason"]
    assert not rig.permits("10.20.99.9", 9)


def test_pitfall_14_26_a_standard_list_gives_way_to_one_of_another_name_and_stays_itself(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    lines = ["ip access-list standard 10", "permit 10.20.1.11", *LEGACY[3:4], "ip access-group 10 in"]
    rig = make_rig({"lines": lines})
    same = rig.ensure([want(rules=(Rule.from_dict({"action": "permit", "src": "10.20.1.11/32"}),))])
    assert not same["changed"]
    other = rig.ensure([want(443)])["bindings"][0]["list"]
    assert other != "10"
    assert not [line for line in rig.world.configuration() if line.startswith("no ")]
    assert "10" in rig.switch.running.lists


def test_pitfall_15_16_remarks_do_not_toggle_and_stay_with_their_entries(rig: Any, want: Callable[..., Any]) -> None:
    def rules(port: int) -> tuple[Rule, ...]:
        return (
            Rule("permit", 6, dst_ports=((80, 80),), remark="the web"),
            Rule("permit", 6, dst_ports=((port, port),), remark="the other"),
            Rule("deny", log=True, remark="the end"),
        )

    rig.ensure([want(rules=rules(81))])
    assert not rig.ensure([want(rules=rules(81))])["changed"]
    name = rig.ensure([want(rules=rules(82))])["bindings"][0]["list"]
    shown = rig.switch.running.lists[name].config_lines()
    remarks = [line.split("remark ")[1] for line in shown if " remark " in line]
    assert remarks == ["the web", "the other", "the end"]
    assert not rig.ensure([want(rules=rules(82))])["changed"]


def test_pitfall_20_lists_of_the_system_are_left_alone(make_rig: Callable[..., Any], want: Callable[..., Any]) -> None:
    system = ["ip access-list extended preauth_ipv4_acl", "permit udp any any eq domain", "deny ip any any"]
    rig = make_rig({"lines": [*system, *LEGACY]})
    rig.ensure([want(443)])
    assert not [line for line in rig.world.configuration() if "preauth" in line]
    assert "preauth_ipv4_acl" in rig.switch.running.lists


def test_pitfall_23_24_25_a_bound_list_is_never_edited_nor_deleted(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": LEGACY})
    rig.ensure([want(443, 80)])
    sent = rig.world.configuration()
    assert not [line for line in sent if line.startswith("no ")]
    assert "LEGACY" not in " ".join(sent)


def test_pitfall_27_a_list_is_there_before_it_is_bound_and_goes_after_it_was_unbound(
    rig: Any, want: Callable[..., Any]
) -> None:
    names = [rig.ensure([want(port)])["bindings"][0]["list"] for port in (443, 444, 445)]
    sent = rig.world.configuration()
    for name in names:
        assert sent.index(f"ip access-list extended {name}") < sent.index(f"ip access-group {name} in")
    gone = sent.index(f"no ip access-list extended {names[0]}")
    assert sent.index(f"ip access-group {names[1]} in") < gone


def test_pitfall_36_an_existing_list_is_updated_as_a_new_one_is_made(rig: Any, want: Callable[..., Any]) -> None:
    for ports in ((443,), (443, 444), (444,)):
        assert rig.ensure([want(*ports)])["changed"]
        assert [rig.permits("10.20.60.7", port) for port in (443, 444)] == [443 in ports, 444 in ports]


@pytest.mark.parametrize("word", ["dscp ef", "ttl eq 1", "time-range NIGHT"])
def test_pitfall_08_a_line_that_is_not_understood_stops_the_replacement_of_its_list(
    make_rig: Callable[..., Any], want: Callable[..., Any], word: str
) -> None:
    rig = make_rig({"lines": [*LEGACY[:2], f"permit tcp any any eq 81 {word}", *LEGACY[2:]]})
    with pytest.raises(RefusedError, match="not understood"):
        rig.ensure([want(443)])
    assert not [entry for entry in rig.world.lines if entry["write"]]
