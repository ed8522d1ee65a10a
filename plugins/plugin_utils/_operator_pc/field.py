# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One field of an assessment, and short ways to write one down (see fields for the whole table)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import identity
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import readers as r
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.sources import COMMANDS, QUERIES


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes:
        key: its name in the document; the part before the dot groups it.
        section: what a caller chooses by.
        origin: where it comes from, as the document tells it.
        about: what the value is, for docs/assessment-fields.md.
        read: gives the value out of the answers, or raises Unreadable.
        sources: names of the queries and commands it needs.
    """

    key: str
    section: str
    origin: str
    about: str
    read: Callable[[Answers], Any]
    sources: tuple[str, ...] = ()

    @property
    def queries(self) -> tuple[str, ...]:
        """Give the queries among its sources."""
        return tuple(name for name in self.sources if name in QUERIES)

    @property
    def commands(self) -> tuple[str, ...]:
        """Give the commands among its sources."""
        return tuple(name for name in self.sources if name not in QUERIES)


def wmi(key: str, section: str, source: str, about: str, convert: Callable[[Any], Any] = identity.clean) -> Field:
    """Give a field that is one column of a class with one instance; ``source`` is "query.Column"."""
    query, _dot, name = source.partition(".")
    return Field(key, section, f"{QUERIES[query].name}.{name}", about, r.column(query, name, convert), (query,))


def listed(key: str, section: str, query: str, about: str, build: Callable[[dict[str, Any]], Any]) -> Field:
    """Give a field that is a list with one item for each instance of a class."""
    return Field(key, section, QUERIES[query].name, about, r.listed(query, build), (query,))


def value(key: str, section: str, source: str, about: str, read: Callable[[Answers], Any] | None = None) -> Field:
    """Give a field that is one value of the registry; ``source`` is "command.Name"."""
    command, _dot, name = source.partition(".")
    if command not in COMMANDS:
        raise KeyError(command)
    return Field(key, section, f"registry {name}", about, read or r.registry_text(command, name), (command,))
