# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A list as a device holds it: rules in order, and the lines that were not understood, which are never dropped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import ANY6, Rule


@dataclass(frozen=True)
class Opaque:
    """A line whose meaning is not known: it stops every comparison and every replacement of its list."""

    line: str


@dataclass(frozen=True)
class AccessList:
    """One named list. ``kind`` is extended, standard or ipv6; sequence numbers carry no state (pitfall 12)."""

    name: str
    kind: str = "extended"
    entries: tuple[Rule | Opaque, ...] = ()

    @property
    def opaque(self) -> tuple[str, ...]:
        """The lines that were not understood."""
        return tuple(entry.line for entry in self.entries if isinstance(entry, Opaque))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in order; only meaningful where nothing is opaque."""
        return tuple(entry for entry in self.entries if isinstance(entry, Rule))

    @property
    def family(self) -> str:
        """``ipv4`` or ``ipv6``: whose packets it decides."""
        rules = self.rules
        return "ipv6" if self.kind == "ipv6" or (rules and rules[0].family == "ipv6") else "ipv4"

    @property
    def effective(self) -> tuple[Rule, ...]:
        """What a binding of this list does: an empty list permits everything (reference section 1, rule 2)."""
        return self.rules or (OPEN6 if self.family == "ipv6" else OPEN)


_NO_LIST = "no list, or an empty one: everything is permitted"


class Lists(Mapping[str, AccessList]):
    """The lists of a text by name, each read when it is first asked for.

    A box may hold very many lists that nobody asks for: they must not cost time (reference section 4, pitfall 37).

    Args:
        texts: what there is of each list, in order.
        read: makes a list of its name and that.
    """

    def __init__(self, texts: Mapping[str, Any], read: Callable[[str, Any], AccessList]) -> None:
        self._texts = texts
        self._read = read
        self._known: dict[str, AccessList] = {}

    def __getitem__(self, name: str) -> AccessList:
        if name not in self._known:
            self._known[name] = self._read(name, self._texts[name])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def without(self, name: str) -> Lists:
        """Leave one out."""
        return Lists({key: text for key, text in self._texts.items() if key != name}, self._read)


OPEN = (Rule("permit", remark=_NO_LIST),)
OPEN6 = (Rule("permit", src=ANY6, dst=ANY6, remark=_NO_LIST),)


class Dialect(Protocol):
    """What a platform has to bring: its spelling of lists, both ways."""

    def render(self, name: str, rules: Iterable[Rule]) -> list[str]:
        """Give the configuration lines that build the list from nothing."""

    def parse_lists(self, text: str) -> Mapping[str, AccessList]:
        """Read every list of a configuration or of the show command."""


def content_hash(rules: Sequence[Rule], generation: int = 0) -> str:
    """Give 8 hex digits of the canonical content; remarks do not count, a generation above 0 gives another name."""
    content = [rule.match.to_dict() | {"log": rule.log} for rule in rules]
    canonical = json.dumps([content, generation], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:8]
