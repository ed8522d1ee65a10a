# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IPv6 access lists of the simulated IOS switch: typed, stored, printed, judged.

Source: switch-acl.md section 2.1; the shape of configuration and show command is [recorded].
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .entry import CliError, Token, tokens_of
from .grammar import Command, Reply, command
from .rule_reader import Syntax, parse_rule
from .rules import Flow, Groups, Rule, RuleList
from .tables import ICMP6_TYPES, TCP_PORTS, UDP_PORTS

if TYPE_CHECKING:
    from .session import Session

MOST = 4294967294
PROTOCOLS6 = {"ipv6": 0, "tcp": 6, "udp": 17, "esp": 50, "ahp": 51, "icmp": 58, "pcp": 108, "sctp": 132}
OPAQUE = (
    "dscp", "flow-label", "fragments", "routing", "routing-type", "dest-option", "dest-option-type", "mobility",
    "mobility-type", "hbh", "auth", "undetermined-transport", "time-range", "reflect",
    "ack", "fin", "psh", "rst", "syn", "urg",
)  # fmt: skip
SYNTAX = Syntax(
    tcp=TCP_PORTS, udp=UDP_PORTS, protocols={}, protocols6=PROTOCOLS6, icmp={}, icmp6=ICMP6_TYPES, opaque=OPAQUE,
    host_word=True, masks_host_bits=True, port_list=1, logs=("log", "log-input"),
)  # fmt: skip
ENTRY_WORDS = ("permit", "deny", "remark", "evaluate")
NEIGHBOURS = {135: "nd-ns", 136: "nd-na"}


def read_entry(words: list[Token]) -> Rule:
    """Read an entry without its number; addresses are stored in capital letters [recorded].

    Raises:
        CliError: not understood.
    """
    if words and words[0].text.lower() == "evaluate":
        return Rule("opaque", " ".join(word.text for word in words))
    rule = parse_rule(words, SYNTAX, "ipv6")
    if rule.kind == "remark":
        return rule
    return replace(rule, body=re.sub(r"\S*:\S*", lambda found: found[0].upper(), rule.body))


@dataclass
class List6(RuleList):
    """An IPv6 list of this switch."""

    kind: str = "ipv6"
    classic: bool = False

    def decide(self, flow: Flow, counted_at: float | None = None, groups: Groups | None = None) -> tuple[bool, str]:
        """First match; [documented] neighbour discovery passes before the invisible deny."""
        permit, rule = super().decide(flow, counted_at, groups)
        if rule == "implicit deny" and flow.protocol == 58 and flow.icmp[0] in NEIGHBOURS:
            return True, f"implicit permit {NEIGHBOURS[flow.icmp[0]]}"
        return permit, rule

    def add(self, rule: Rule, number: int | None) -> bool:
        """Add an entry; give whether the list changed. Numbers go on in tens.

        Raises:
            CliError: the number lives already.
        """
        wanted = number if number is not None else (next(reversed(self.entries), 0) + 10)
        there = self.entries.get(wanted)
        if rule.kind != "remark" and self.number_of(rule.body) is not None:
            return False  # [assumed] as in IPv4: an equal entry is silently ignored
        if there is not None:
            if there.body == rule.body:
                return False
            raise CliError("message", text="% Duplicate sequence number")
        self.put(wanted, rule)
        return True

    def config_lines(self) -> list[str]:
        """The list as it stands in a configuration; on 15.x steps of ten are not printed [assumed]."""
        lines, before = [f"ipv6 access-list {self.name}"], 0
        for number, rule in self.entries.items():
            plain = self.classic and number == before + 10
            lines.append(f" {rule.body}" if plain else f" sequence {number} {rule.body}")
            before = number
        return lines

    def show_lines(self) -> list[str]:
        """The list as `show ipv6 access-list` prints it: no remarks, the number last."""
        lines = [f"IPv6 access list {self.name}"]
        for number, rule in self.entries.items():
            count = self.counters.get(number, 0)
            tail = "" if not count else f" ({count} match)" if count == 1 else f" ({count} matches)"
            lines += [] if rule.kind == "remark" else [f"    {rule.body}{tail} sequence {number}"]
        return lines

    @classmethod
    def load(cls, data: Mapping[str, Any], classic: bool) -> List6:
        """Read what ``dump`` gave."""
        made = cls(data["name"], classic=classic)
        for number, body, count, at in data["entries"]:
            made.entries[int(number)] = read_entry(tokens_of(body))
            if count:
                made.counters[int(number)], made.last_hit[int(number)] = int(count), float(at)
        return made


def open_list(session: Session, words: list[Token]) -> Reply:
    """`ipv6 access-list NAME`; [documented] names only, and none that an IPv4 list has."""
    running, name = session.switch.running, words[0].text
    if name[0].isdigit():
        raise CliError("invalid", words[0].column)
    if name in running.lists:  # [assumed] wording
        raise CliError("message", text="% A named IPv4 access list with this name already exists")
    made = name not in running.lists6
    running.lists6.setdefault(name, List6(name, classic=running.classic))
    session.enter("ipv6", name)
    return Reply("", made)


def drop_list(session: Session, words: list[Token]) -> Reply:
    """`no ipv6 access-list NAME`; a binding stays and permits everything from now on."""
    running, name = session.switch.running, words[0].text
    if running.lists6.pop(name, None) is None:
        return Reply()
    return Reply("", True, bool(running.bound6(name)))


def _number(words: list[Token]) -> tuple[int | None, list[Token]]:
    """Take `sequence N` off: in front of an entry or among the words behind it [documented]; a remark holds it."""
    at = next((index for index, word in enumerate(words) if word.text.lower() == "sequence"), -1)
    if at < 0 or (at > 0 and "remark".startswith(words[0].text.lower())):
        return None, words
    if at + 1 >= len(words):
        raise CliError("incomplete")
    text = words[at + 1].text
    if not text.isdigit() or not 1 <= int(text) <= MOST:
        raise CliError("invalid", words[at + 1].column)
    return int(text), words[:at] + words[at + 2 :]


def _is_entry(text: str) -> bool:
    return len(text) >= 3 and any(word.startswith(text.lower()) for word in ENTRY_WORDS)


def run_line(session: Session, words: list[Token]) -> Reply | None:
    """Run a line of list mode; None if it is no entry and another mode may know it."""
    negated = words[0].text.lower() == "no" and len(words) > 1
    rest = words[1:] if negated else words
    if not (rest[0].text.lower() == "sequence" or _is_entry(rest[0].text)):
        return None
    running, name = session.switch.running, session.target
    own = running.lists6.setdefault(name, List6(name, classic=running.classic))
    number, body = _number(rest)
    if negated:
        _remove(own, number, body)
        return Reply("", True, bool(running.bound6(name)))
    if not body:
        raise CliError("incomplete")
    if not _is_entry(body[0].text):
        raise CliError("invalid", body[0].column)
    changed = own.add(read_entry(body), number)
    return Reply("", changed, changed and bool(running.bound6(name)))


def _remove(own: List6, number: int | None, body: list[Token]) -> None:
    """Delete by number or by content (wording of the refusals [assumed])."""
    if number is None:
        number = own.number_of(read_entry(body).body)
        if number is None:
            raise CliError("message", text="% Entry does not exist in the access list")
    if number not in own.entries:
        raise CliError("message", text=f"% Sequence number {number} does not exist in access list {own.name}")
    own.take(number)


def show(session: Session, words: list[Token]) -> Reply:
    """`show ipv6 access-list [NAME]`."""
    lists = session.switch.running.lists6.values()
    wanted = [own for own in lists if not words or own.name == words[0].text]
    return Reply("".join(f"{line}\n" for own in sorted(wanted, key=lambda own: own.name) for line in own.show_lines()))


def clear(session: Session, words: list[Token]) -> Reply:
    """`clear ipv6 access-list [NAME]`."""
    for own in session.switch.running.lists6.values():
        if not words or own.name == words[0].text:
            own.counters.clear()
    return Reply()


def show_interface(session: Session, words: list[Token]) -> Reply:
    """`show ipv6 interface X`, reduced to what concerns lists [assumed]."""
    port = session.port(words)
    lines = [f"{port.name} is {'administratively down' if 'shutdown' in port.lines else 'up'}, line protocol is up"]
    lines += [f"    {line.removeprefix('ipv6 address ')}" for line in port.lines if line.startswith("ipv6 address ")]
    for way, text in (("ipv6 in", "Inbound"), ("ipv6 out", "Outgoing")):
        lines += [f"  {text} access list {port.acl[way]}"] if way in port.acl else []
    return Reply("".join(f"{line}\n" for line in lines))


GLOBAL: list[Command] = [
    command("ipv6 access-list <word>", open_list),
    command("no ipv6 access-list <word>", drop_list),
]
