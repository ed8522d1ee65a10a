# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access lists of the simulated switch: editing by number, printing, first match.

Source: switch-acl.md sections 1 and 2.1.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import groups
from .entry import CliError, Entry, Token, parse_entry, tokens_of
from .groups import Groups
from .tables import PROTOCOLS

MAX_SEQUENCE = 2147483647


@dataclass(frozen=True)
class Flow:
    """A packet as numbers."""

    src: int
    dst: int
    protocol: int
    src_port: int | None
    dst_port: int | None
    established: bool
    icmp_type: int | None
    icmp_code: int | None

    @classmethod
    def of(cls, packet: Mapping[str, Any]) -> Flow:
        """Read a packet: src, dst, protocol (name or number), src_port, dst_port, established, icmp_type, icmp_code."""
        protocol = packet.get("protocol", 0)
        number = PROTOCOLS[protocol] if str(protocol) in PROTOCOLS else int(protocol)
        return cls(
            int(ipaddress.IPv4Address(packet["src"])),
            int(ipaddress.IPv4Address(packet["dst"])),
            number,
            packet.get("src_port"),
            packet.get("dst_port"),
            bool(packet.get("established", False)),
            packet.get("icmp_type"),
            packet.get("icmp_code"),
        )


def matches(entry: Entry, flow: Flow, known: Groups | None = None) -> bool:
    """Tell whether a rule matches; remarks and opaque entries never do [assumed for opaque ones]."""
    if entry.kind != "rule" or entry.protocol not in (0, flow.protocol) or (entry.established and not flow.established):
        return False
    if not _in_groups(entry, flow, known or {}):
        return False
    if not (entry.src.covers(flow.src) and entry.dst.covers(flow.dst)):
        return False
    if entry.src_ports is not None and not entry.src_ports.covers(flow.src_port):
        return False
    if entry.dst_ports is not None and not entry.dst_ports.covers(flow.dst_port):
        return False
    return entry.icmp is None or (flow.icmp_type == entry.icmp[0] and entry.icmp[1] in (None, flow.icmp_code))


def _in_groups(entry: Entry, flow: Flow, known: Groups) -> bool:
    return (
        (not entry.service or groups.serves(known, entry.service, flow))
        and (not entry.src_group or groups.covers(known, entry.src_group, flow.src))
        and (not entry.dst_group or groups.covers(known, entry.dst_group, flow.dst))
    )


@dataclass
class AccessList:
    """A named or numbered list: numbers to entries, kept in numeric order."""

    name: str
    standard: bool = False
    entries: dict[int, Entry] = field(default_factory=dict)
    counters: dict[int, int] = field(default_factory=dict)
    classic: bool = False  # 15.x: numbers are not kept, remarks take none
    _bodies: set[str] = field(default_factory=set)  # of everything but remarks: each stands once in a list

    def _sort(self) -> None:
        self.entries = dict(sorted(self.entries.items()))

    def add(self, words: list[Token], sequence: Token | None = None) -> bool:
        """Add what was typed; give whether the list changed.

        Raises:
            CliError: not understood, or the number lives already.
        """
        entry = parse_entry(words, self.standard)
        return self.insert(entry, sequence)

    def insert(self, entry: Entry, sequence: Token | None = None) -> bool:
        """Insert an entry at a number (or behind the last one, in steps of ten)."""
        last = next(reversed(self.entries), 0)
        number = int(sequence.text) if sequence else self._next(entry, last)
        if not 1 <= number <= MAX_SEQUENCE:
            raise CliError("invalid", sequence.column if sequence else 0)
        if entry.kind == "remark":
            self._refuse_second_remark(entry, number)
        elif entry.body in self._bodies:
            return False  # [documented] an entry equal to an existing one at another number is silently ignored
        if number in self.entries:
            if self.entries[number].body == entry.body:
                return False  # [assumed] the very same line again is no error
            raise CliError("message", text="% Duplicate sequence number")
        appended = number > last
        self.entries[number] = entry
        self._bodies.add(entry.body)
        if not appended:
            self._sort()
        return True

    def _next(self, entry: Entry, last: int) -> int:
        """Give the number of an entry typed without one; on 15.x a remark stands between two numbers of rules."""
        if not self.classic:
            return last + 10
        rules = [number for number, other in self.entries.items() if other.kind != "remark"]
        return last + 1 if entry.kind == "remark" else max(last + 1, (rules[-1] if rules else 0) + 10)

    def forget_numbers(self) -> None:
        """[documented] A reload of 15.x: the numbers are 10, 20, 30 again."""
        entries, self.entries, self._bodies = list(self.entries.values()), {}, set()
        for entry in entries:
            self.insert(entry)

    def _refuse_second_remark(self, entry: Entry, number: int) -> None:
        """[documented] The same remark twice within one block of remarks is refused; wording [assumed]."""
        before = [key for key in self.entries if key < number]
        after = [key for key in self.entries if key > number]
        for keys in (reversed(before), iter(after)):
            for key in keys:
                other = self.entries[key]
                if other.kind != "remark":
                    break
                if other.body == entry.body:
                    raise CliError("message", text="% Duplicate remark statement")

    def remove_number(self, number: int) -> None:
        """Delete by number (wording of the refusal [assumed])."""
        if number not in self.entries:
            raise CliError("message", text=f"% Sequence number {number} does not exist in access list {self.name}")
        self._bodies.discard(self.entries.pop(number).body)
        self.counters.pop(number, None)

    def remove_entry(self, words: list[Token]) -> None:
        """Delete by content; the match is on the stored spelling."""
        body = parse_entry(words, self.standard).body
        number = next((key for key, entry in self.entries.items() if entry.body == body), None)
        if number is None:
            raise CliError("message", text="% Entry does not exist in the access list")
        self.remove_number(number)

    def resequence(self, start: int, step: int) -> bool:
        """Renumber; give whether a number changed."""
        numbers = {old: start + index * step for index, old in enumerate(self.entries)}
        if all(old == new for old, new in numbers.items()):
            return False
        self.entries = {numbers[old]: entry for old, entry in self.entries.items()}
        self.counters = {numbers[old]: count for old, count in self.counters.items()}
        return True

    @property
    def effective(self) -> bool:
        """False for a list that permits everything because it holds no entry but remarks."""
        return any(entry.kind != "remark" for entry in self.entries.values())

    @property
    def groups(self) -> frozenset[str]:
        """The object groups that its entries name."""
        return frozenset(
            name
            for entry in self.entries.values()
            for name in (entry.service, entry.src_group, entry.dst_group)
            if name
        )

    def hardware_entries(self, known: Groups | None = None) -> int:
        """Estimate the room: an entry per combination of port intervals and group members, and the implicit deny."""
        total = 1
        for entry in self.entries.values():
            if entry.kind != "remark":
                size = len(entry.src_ports.intervals) if entry.src_ports else 1
                size *= len(entry.dst_ports.intervals) if entry.dst_ports else 1
                named = [(entry.src_group, "network"), (entry.dst_group, "network"), (entry.service, "service")]
                total += size * groups.room(known or {}, [pair for pair in named if pair[0]])
        return total

    def decide(self, packet: Mapping[str, Any], count: bool = False, known: Groups | None = None) -> tuple[bool, str]:
        """First match: (permit, text of the deciding line)."""
        if not self.effective:
            return True, f"empty list {self.name}"
        flow = Flow.of(packet)
        for number, entry in self.entries.items():
            if matches(entry, flow, known):
                if count:
                    self.counters[number] = self.counters.get(number, 0) + 1
                return entry.action == "permit", f"{number} {' '.join(entry.body.split())}"
        return False, "implicit deny"

    def config_lines(self) -> list[str]:
        """The list as it stands in a configuration: with numbers on 17.x, without them on 15.x."""
        kind = "standard" if self.standard else "extended"
        entries = self.entries.items()
        lines = (f" {entry.body}" if self.classic else f" {key} {entry.body}" for key, entry in entries)
        return [f"ip access-list {kind} {self.name}", *lines]

    def show_lines(self) -> list[str]:
        """The list as `show ip access-lists` prints it: never with remarks, with counters where not zero."""
        lines = [f"{'Standard' if self.standard else 'Extended'} IP access list {self.name}"]
        for key, entry in self.entries.items():
            if entry.kind == "remark":
                continue
            count = self.counters.get(key, 0)
            tail = "" if not count else f" ({count} match)" if count == 1 else f" ({count} matches)"
            lines.append(f"    {key} {entry.shown or entry.body}{tail}")
        return lines

    def dump(self) -> dict[str, Any]:
        """Give plain JSON."""
        entries = [[key, entry.body, self.counters.get(key, 0)] for key, entry in self.entries.items()]
        return {"standard": self.standard, "entries": entries}

    @classmethod
    def load(cls, name: str, data: Mapping[str, Any], classic: bool = False) -> AccessList:
        """Read what ``dump`` gave."""
        made = cls(name, bool(data["standard"]), classic=classic)
        for key, body, count in data["entries"]:
            made.entries[int(key)] = parse_entry(tokens_of(body), made.standard)
            made._bodies.add(made.entries[int(key)].body)
            if count:
                made.counters[int(key)] = int(count)
        return made
