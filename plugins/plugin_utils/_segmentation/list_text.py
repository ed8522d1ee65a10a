# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists as text: which lines belong to which list, and what they say (Arista EOS, Cisco NX-OS)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.prefix_entries import EntryReader
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule

_SEQUENCE = re.compile(r"\d+\s+(?=(?:permit|deny|remark)\b)")


@dataclass
class ListText:
    """One list as text: its name, family (ipv4 or ipv6), kind, and the lines of its body without counters."""

    name: str
    family: str
    kind: str
    lines: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, found: dict[tuple[str, str], ListText], name: str, ip: str, kind: str) -> ListText:
        """Give the list of that name and family, new or as begun; ``ip`` is ip, ipv4 or ipv6."""
        family = "ipv6" if ip == "ipv6" else "ipv4"
        return found.setdefault((name, family), cls(name, family, kind))

    @property
    def shown_kind(self) -> str:
        """The kind as AccessList knows it."""
        return "ipv6" if self.family == "ipv6" and self.kind == "extended" else self.kind


def read_body(reader: EntryReader, lines: Iterable[str], notes: re.Pattern[str]) -> tuple[Rule | Opaque, ...]:
    """Read the body of a list; a remark stands with the entry behind it, lines that match ``notes`` say nothing."""
    entries: list[Rule | Opaque] = []
    remark = ""
    for line in lines:
        body = _SEQUENCE.sub("", line, count=1)
        if body == "remark" or body.startswith("remark "):
            remark = body[len("remark") :].strip()
        elif not notes.match(body):
            found = reader.read(body, remark)
            entries.extend([found] if isinstance(found, Opaque) else found)
            remark = ""
    return tuple(entries)


def by_key(found: Mapping[tuple[str, str], ListText]) -> dict[str, ListText]:
    """Give the lists by name; one of IPv6 that has the name of an IPv4 list is found as ``NAME (ipv6)``."""
    return {
        f"{name} (ipv6)" if family == "ipv6" and (name, "ipv4") in found else name: text
        for (name, family), text in found.items()
    }
