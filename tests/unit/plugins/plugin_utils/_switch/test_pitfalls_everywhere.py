# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pitfalls of switch-acl.md section 4 that every platform shares, each on all of them: whole runs without a network."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule, rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.channel import collect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted

PLATFORMS = ("iosxe", "ios15", "eos", "nxos", "aoscx")
LAST = Rule("deny", log=True, remark="the end")
HEADS = {
    "iosxe": "ip access-list extended",
    "ios15": "ip access-list extended",
    "eos": "ip access-list",
    "nxos": "ip access-list",
    "aoscx": "access-list ip",
}
BINDS = {"nxos": "ip port access-group {} in", "aoscx": "apply access-list ip {} in"}
BASE = {"nxos": ("feature scheduler",)}


def web(*ports: int) -> tuple[Rule, ...]:
    permits = [{"action": "permit", "protocol": "tcp", "dst": "10.20.60.0/24", "dst_ports": [[p, p]]} for p in ports]
    return (*rules_from(permits), LAST)


def entries(platform: str, *ports: int, numbers: Iterator[int] | None = None) -> list[str]:
    """The entries of web() as somebody types them by hand, with numbers."""
    net = {"iosxe": "10.20.60.0 0.0.0.255", "ios15": "10.20.60.0 0.0.0.255"}.get(platform, "10.20.60.0/24")
    every = "any any any count log" if platform == "aoscx" else "ip any any log"
    lines = [*(f"permit tcp any {net} eq {port}" for port in ports), f"deny {every}"]
    return [f"{number} {line}" for number, line in zip(numbers or itertools.count(10, 10), lines, strict=False)]


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make(make_quick: Callable[..., Any], platform: str) -> Callable[..., Any]:
    """Make a switch whose first port has the list OLD with these lines; None for no list at all."""

    def build(lines: list[str] | None = None, others: tuple[str, ...] = (), **config: Any) -> Any:
        from_hand = [] if lines is None else [f"{HEADS[platform]} OLD", *lines]
        port = {"aoscx": "1/1/1", "eos": "Ethernet1", "nxos": "Ethernet1/1"}.get(platform, "GigabitEthernet1/0/1")
        bound = BINDS.get(platform, "ip access-group {} in").format("OLD")
        typed = [*BASE.get(platform, ()), *others, *from_hand, f"interface {port}", *([bound] if from_hand else [])]
        rig = make_quick({"lines": typed, **config}, platform)
        rig.port = port
        rig.wait(1)
        return rig

    return build


def ask(rig: Any, rules: tuple[Rule, ...]) -> dict[str, Any]:
    result: dict[str, Any] = rig.ensure([Wanted(rig.port, "in", "l1-op1", rules)])
    rig.wait(1)
    return result


def quiet(rig: Any, rules: tuple[Rule, ...]) -> bool:
    """The run types nothing in a configuration mode and writes nothing."""
    written, typed = rig.writes(), len(rig.world.configuration())
    changed = ask(rig, rules)["changed"]
    return not changed and (rig.writes(), len(rig.world.configuration())) == (written, typed)


def test_pitfall_01_03_05_11_an_equal_list_typed_by_hand_stays(make: Callable[..., Any], platform: str) -> None:
    rig = make(entries(platform, *range(80, 95)))
    assert quiet(rig, web(*range(80, 95)))
    spelled = tuple(Rule(r.action, r.protocol, r.src, r.dst, None, r.dst_ports) for r in web(*range(80, 95))[:-1])
    for every in ("ip", "any", 0, "0"):
        assert quiet(rig, (*spelled, Rule.from_dict({"action": "deny", "protocol": every})))
    assert not quiet(rig, web(*range(80, 94), 99))


def test_pitfall_12_numbers_of_a_list_and_their_loss_say_nothing(make: Callable[..., Any], platform: str) -> None:
    odd = iter((1, 5, 700, 12000))
    rig = make(entries(platform, 80, 443, 444, numbers=odd))
    assert quiet(rig, web(80, 443, 444))
    assert ask(rig, web(80, 443))["changed"]
    # Classic IOS keeps no numbers over a restart: what was 10, 20, 30 may have been something else before.
    rig.switch.power_cut()
    rig.wait(1)
    assert quiet(rig, web(80, 443))


def test_pitfall_13_40_an_empty_bound_list_is_told_and_replaced(make: Callable[..., Any]) -> None:
    rig = make([])
    result = ask(rig, web(80))
    assert result["changed"]
    assert "empty or undefined: everything is permitted" in result["bindings"][0]["reason"]
    assert rig.permits(rig.port, 80)
    assert not rig.permits(rig.port, 81)
    assert quiet(rig, web(80))


def test_pitfall_15_16_18_remarks_come_and_go_with_their_entries(make: Callable[..., Any]) -> None:
    rig = make()
    one = Rule("permit", 6, dst_ports=((80, 80),), remark="the web")
    two = Rule("permit", 6, dst_ports=((81, 81),), remark="the web")
    three = Rule("permit", 6, dst_ports=((82, 82),), remark="the other")
    for rules in ((one, two, LAST), (two, LAST), (three, two, LAST), (LAST,), (one, three, two, LAST)):
        name = ask(rig, rules)["bindings"][0]["list"]
        assert quiet(rig, rules)
        read = rig.driver.parse_config(rig.show("show running-config")).lists[name]
        kept = {rule.dst_ports: rule.remark for rule in read.rules if rule.remark}
        assert all(kept.get(rule.dst_ports, rule.remark) == rule.remark for rule in rules)
        assert "the end" in kept.values()
    # What is only said otherwise is no other policy.
    said = Rule("permit", 6, dst_ports=((80, 80),), remark="another owner")
    assert quiet(rig, (said, three, two, LAST))


def test_pitfall_23_24_25_27_nothing_is_taken_from_a_bound_list(make: Callable[..., Any], platform: str) -> None:
    rig = make(entries(platform, 80))
    for ports in ((80, 443), (443,), (443, 80), (444,)):
        ask(rig, web(*ports))
    bound = {"OLD"}
    inside = ""
    for line in rig.world.configuration():
        head = re.match(rf"(no )?{HEADS[platform]} (\S+)$", line)
        binds = re.match(r"(?:ip (?:port )?access-group|apply access-list ip) (\S+) in$", line)
        if head:
            inside = head[2]
            assert inside not in bound, line
        elif binds:
            bound = {binds[1]}
        elif re.match(r"(no )?\d* ?(permit|deny)", line):
            assert inside not in bound, line


# A device refuses an entry at a number that lives, or ignores one it has at another number
def test_pitfall_29_entries_may_move_to_any_other_place(make: Callable[..., Any], platform: str) -> None:
    ports = (80, 443, 502)
    rig = make(entries(platform, *ports))
    first = Rule("deny", 6, dst_ports=((443, 443),))
    for order in list(itertools.permutations((*web(*ports)[:-1], first)))[::3]:
        rules = (*order, LAST)
        ask(rig, rules)
        assert [rig.permits(rig.port, port) for port in ports] == [
            True, order.index(first) > order.index(rules_from_port(order, 443)), True,
        ]  # fmt: skip
        assert quiet(rig, rules)
    refused = [e for e in rig.world.lines if e["kind"] == "request" and e["mode"] != "exec" and e.get("refused")]
    assert refused == []


def rules_from_port(rules: tuple[Rule, ...], port: int) -> Rule:
    return next(rule for rule in rules if rule.action == "permit" and rule.dst_ports == ((port, port),))


def test_pitfall_31_32_36_runs_do_not_alternate(make: Callable[..., Any], platform: str) -> None:
    rig = make(entries(platform, 80))
    names: dict[tuple[int, ...], set[str]] = {}
    for ports in ((443,), (444,), (443, 444), (443,), (444,), (443, 444)):
        result = ask(rig, web(*ports))
        assert result["changed"]
        names.setdefault(ports, set()).add(result["bindings"][0]["list"])
        assert [rig.permits(rig.port, port) for port in (443, 444)] == [443 in ports, 444 in ports]
        assert quiet(rig, web(*ports))
        assert quiet(rig, web(*ports))
    # One policy, one name, however often it comes back; and what is there does not pile up.
    assert all(len(found) == 1 for found in names.values())
    assert len([name for name in rig.switch.dump()["lists"] if name.startswith("OTE_")]) == 2


def test_pitfall_34_check_mode_shows_the_lines_of_the_run(make: Callable[..., Any], platform: str) -> None:
    rig = make(entries(platform, 80))
    wanted = [Wanted(rig.port, "in", "l1-op1", web(80, 443))]
    check = rig.ensure(wanted, check=True)
    assert (check["changed"], rig.writes(), rig.world.configuration()) == (True, 0, [])
    real = rig.ensure(wanted)
    assert check["diff"] == real["diff"]
    shown = {line.strip() for line in check["diff"]["after"].splitlines()}
    sent = [
        line for line in rig.world.configuration() if re.search("permit|deny|access-group|apply|remark|comment", line)
    ]
    assert {line for line in sent if "OTEDGE" not in line and "revert timer" not in line} - shown <= {
        line for line in sent if line.startswith(("no ", "action", "configure", "cli "))
    }
    assert rig.bound()[rig.port]["in"] == real["bindings"][0]["list"]


def foreign(platform: str, lists: int, length: int) -> tuple[str, ...]:
    return tuple(
        line
        for number in range(lists)
        for line in (f"{HEADS[platform]} X{number}", *entries(platform, *range(1, length)))
    )


def test_pitfall_37_what_else_is_on_the_box_costs_no_command(make: Callable[..., Any], platform: str) -> None:
    asked: list[list[str]] = []
    for others in ((), foreign(platform, 15, 3)):
        rig = make(entries(platform, 80), others)
        ask(rig, web(443))
        first = len(rig.asked)
        ask(rig, web(443))
        asked.append([re.sub(r"otedge-\S+", "", line) for line in (*rig.asked, f"second run from {first}")])
    assert asked[0] == asked[1]


# 500 lists of 200 lines that nobody asks for: 100,000 entries
@pytest.mark.parametrize("device_type", ["cisco_xe", "arista_eos", "cisco_nxos", "aruba_aoscx"])
def test_pitfall_37_lists_that_nobody_asks_for_are_not_read(device_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    platform = {"cisco_xe": "iosxe", "arista_eos": "eos", "cisco_nxos": "nxos", "aruba_aoscx": "aoscx"}[device_type]
    body = "".join(f"    {line}\n" for line in entries(platform, *range(1, 200)))
    text = "".join(f"{HEADS[platform]} X{number}\n{body}" for number in range(500))
    made: list[int] = []
    real = Rule.__post_init__
    monkeypatch.setattr(Rule, "__post_init__", lambda rule: (made.append(1), real(rule))[1])
    config = driver_for(device_type).parse_config(text)
    assert len(config.lists) == 500
    assert made == []
    assert len(config.lists["X7"].rules) == 200
    # Rules may be shared between equal entries; those of the other lists are not made.
    assert len(made) < 1000
    assert config.lists["X7"] is config.lists["X7"]


class _Channel:
    """A session that answers in small parts, and counts how much of it was searched for a prompt."""

    remote_conn = type("Remote", (), {"closed": False})

    def __init__(self, text: str) -> None:
        self.parts = [text[start : start + 2048] for start in range(0, len(text), 2048)]

    def read_channel(self) -> str:
        return self.parts.pop(0) if self.parts else ""


@pytest.mark.parametrize("prompt", [r"^sw[^\n(>#]*[>#]\s*\Z", r"^sw[^\n(]*\(conf[^)\n]*\)#"])
def test_pitfall_37_a_long_configuration_is_searched_once(prompt: str) -> None:
    line = " 10 permit tcp 10.20.0.0 0.0.0.255 host 10.9.0.10 eq 502\n"
    text = f"sw#show running-config\n{line * 20000}sw-l1 said (config)# something\nsw-l1(config)#\n{line * 200}sw-l1#"
    searched: list[int] = []

    class Counting:
        """A pattern that counts the characters it is asked to search."""

        pattern = re.compile(prompt, re.MULTILINE)

        def findall(self, output: str) -> Any:
            searched.append(len(output))
            return self.pattern.findall(output)

        def finditer(self, output: str) -> Any:
            searched.append(len(output))
            return self.pattern.finditer(output)

    output = collect(_Channel(text), Counting(), 1, 30.0)  # type: ignore[arg-type]
    assert text.startswith(output)
    assert len(output) > 20000 * len(line)
    assert sum(searched) < 60 * len(text)
    assert Counting.pattern.search(output)


def test_pitfall_22_a_prompt_in_the_middle_of_a_line_is_none() -> None:
    echo = "conf\r\nsw-l1(config)#ip access-list extended OTE_sw-l1(config)#_x\r\n$permit tcp any any\r\n"
    text = f"{echo}sw-l1(config-ext-nacl)#"
    pattern = re.compile(r"^sw-l1[^\n(]*\(conf[^)\n]*\)#", re.MULTILINE)
    assert len(pattern.findall(collect(_Channel(text), pattern, 2, 1.0))) == 2
    with pytest.raises(TimeoutError):
        collect(_Channel(text), pattern, 3, 0.05)
