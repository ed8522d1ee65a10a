# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command words: abbreviations, refusals and where the caret stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import Switch

INVALID = "% Invalid input detected at '^' marker."


@pytest.mark.parametrize(
    ("line", "caret"),
    [
        ("shwo version", 8),
        ("show bananas", 11),
        ("show ip access-lists A B", 29),
        ("terminal length many", 22),
        ("configure terminal revert timer 0", 38),
        ("configure terminal revert timer 121", 38),
        ("show running-config | grep x", 28),
    ],
)
def test_the_caret_stands_below_what_fits_nothing(cli: Callable[..., str], line: str, caret: int) -> None:
    shown = cli(line).splitlines()
    assert shown[1] == INVALID
    assert shown[0] == " " * caret + "^"


@pytest.mark.parametrize("line", ["show", "configure", "terminal length", "show ip", "show run |", "show run | i"])
def test_incomplete(cli: Callable[..., str], line: str) -> None:
    assert cli(line) == "% Incomplete command.\n\n"


@pytest.mark.parametrize("line", ["e", "show i", "co t"])
def test_ambiguous(cli: Callable[..., str], line: str) -> None:
    assert cli(line) == f'% Ambiguous command:  "{line}"\n'


def test_common_abbreviations(cli: Callable[..., str], switch: Switch) -> None:
    assert "Current configuration" in cli("sh run")
    assert "Current configuration" in cli("sh run int Gi 1/0/1")
    cli("conf t", "ip access-l ext A", "perm tcp any any eq 22", "int gi1/0/1", "ip access-g A in", "end")
    assert switch.dump()["bindings"] == {"GigabitEthernet1/0/1": {"in": "A"}}
    assert "[OK]" in cli("wr")
    assert "[OK]" in cli("wr mem")
    assert "Extended IP access list A" in cli("sh ip access-l A")


def test_the_three_ways_to_leave_and_the_prompts(cli: Callable[..., str]) -> None:
    session = cli.session  # type: ignore[attr-defined]
    seen = []
    for line in ["conf t", "int vlan 101", "exit", "ip access-list extended A", "ip access-list standard 10", "end"]:
        cli(line)
        seen.append(session.prompt)
    cli("conf t", "archive")
    seen.append(session.prompt)
    assert seen == [
        "sw-l1(config)#",
        "sw-l1(config-if)#",
        "sw-l1(config)#",
        "sw-l1(config-ext-nacl)#",
        "sw-l1(config-std-nacl)#",
        "sw-l1#",
        "sw-l1(config-archive)#",
    ]
    cli("hostname a-name-longer-than-twenty-letters")
    assert session.prompt == "a-name-longer-than-t(config)#"
    cli("end")
    assert session.prompt == "a-name-longer-than-twenty-letters#"


def test_do_runs_exec_commands_with_their_columns_moved(cli: Callable[..., str]) -> None:
    assert "privilege level is 15" in cli("conf t", "do show privilege")
    assert cli("do show bananas").splitlines()[0] == " " * (len("sw-l1(config)#do show ")) + "^"
    assert "hostname sw-l1" in cli("do show run | include ^hostname")


def test_a_wrong_word_in_a_submode_shows_the_refusal_that_came_further(cli: Callable[..., str]) -> None:
    shown = cli("conf t", "interface Gi1/0/1", "ip access-group A sideways").splitlines()
    assert shown[0] == " " * len("sw-l1(config-if)#ip access-group A ") + "^"
    shown = cli("ip access-list banana A").splitlines()
    assert shown[0] == " " * len("sw-l1(config-if)#ip access-list ") + "^"


def test_user_mode_knows_little(cli: Callable[..., str]) -> None:
    assert INVALID in cli("disable", "show running-config")
    assert "level is 1\n" in cli("show privilege")
    assert "level is 15\n" in cli("enable", "show privilege")
