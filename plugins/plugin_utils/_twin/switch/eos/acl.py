# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access lists of the simulated EOS switch: edited aside, taken over when list mode is left.

[documented] List mode is a group-change mode: what is typed is stored by leaving it, and dropped by `abort` or by a
session that ends. Source: switch-acl.md sections 1 and 2.2.
"""

from __future__ import annotations

from ..entry import CliError, Token
from ..rule_reader import parse_rule
from ..rules import RuleList
from .tables import SYNTAX

MAX_SEQUENCE = 4294967295
READONLY = "default-control-plane-acl"
HEADS = {"ip": "IP Access List", "standard": "Standard IP Access List", "ipv6": "IPV6 Access List"}
COMMANDS = {"ip": "ip access-list", "standard": "ip access-list standard", "ipv6": "ipv6 access-list"}
COUNTING = ("counters per-entry", "statistics per-entry")
# [recorded] the list that is always there and protects the CPU, shortened
READONLY_ENTRIES = (
    "10 permit icmp any any",
    "20 permit ip any any tracked",
    "30 permit udp any any eq bfd ttl eq 255",
    "50 permit tcp any any eq ssh telnet www snmp bgp https msdp",
    "60 permit udp any any eq bootps bootpc snmp rip ntp",
    "70 permit tcp any any range 5900 5910",
)


def add(made: RuleList, words: list[Token], sequence: Token | None) -> None:
    """Add what was typed, at a number or ten behind the last one.

    Raises:
        CliError: not understood, or the number lives already (wording [assumed]).
    """
    rule = parse_rule(words, SYNTAX, made.kind)
    last = next(reversed(made.entries), 0)
    number = made.numbered(sequence.text, sequence.column, MAX_SEQUENCE) if sequence else last + 10
    if rule.kind != "remark" and made.number_of(rule.body) not in (None, number):
        return  # [assumed] an entry equal to one at another number is silently ignored
    if number in made.entries and made.entries[number].body != rule.body:
        raise CliError("message", text=f"% Error: Duplicate sequence number {number}")
    made.put(number, rule)


def remove(made: RuleList, words: list[Token]) -> None:
    """Delete by number or by content; one that is not there is no error [assumed]."""
    if words[0].text.isdigit():
        number: int | None = made.numbered(words[0].text, words[0].column, MAX_SEQUENCE)
        number = number if number in made.entries else None
    else:
        number = made.number_of(parse_rule(words, SYNTAX, made.kind).body)
    if number is not None:
        made.take(number)


def config_lines(made: RuleList) -> list[str]:
    """The list as it stands in a configuration."""
    lines = [f"{COMMANDS[made.kind]} {made.name}"]
    lines += [f"   {made.counted}"] if made.counted else []
    return [*lines, *(f"   {number} {rule.body}" for number, rule in made.entries.items())]


def show_lines(made: RuleList, now: float) -> list[str]:
    """[recorded] The list as `show ip access-lists` prints it, with counters if they are turned on."""
    lines = [f"{HEADS[made.kind]} {made.name}"]
    lines += [f"        {made.counted}"] if made.counted else []
    for number, rule in made.entries.items():
        lines.append(f"        {number} {rule.body}{_hits(made, number, now)}")
    return lines


def _hits(made: RuleList, number: int, now: float) -> str:
    count = made.counters.get(number, 0)
    if not made.counted or not count:
        return ""
    ago = int(now - made.last_hit.get(number, now))
    age = f"{ago // 3600}:{ago // 60 % 60:02d}:{ago % 60:02d}"
    return f" [match {count} packet{'s' if count != 1 else ''}, {age} ago]"


def readonly_lines() -> list[str]:
    """The list of the CPU, which nobody can edit and no configuration holds."""
    lines = [f"IP Access List {READONLY} [readonly]", "        statistics per-entry"]
    return [*lines, *(f"        {line}" for line in READONLY_ENTRIES)]
