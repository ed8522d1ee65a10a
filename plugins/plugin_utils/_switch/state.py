# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a decision needs to know of a switch, whatever its platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import (
    OPEN,
    OPEN6,
    AccessList,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule

IPV4, IPV6 = "ipv4", "ipv6"


def way_of(direction: str, family: str = IPV4) -> str:
    """Give the way of a binding: what an interface has one list for. ``in``, ``out``, ``ipv6 in`` or ``ipv6 out``."""
    return direction if family == IPV4 else f"{family} {direction}"


def parts_of(way: str) -> tuple[str, str]:
    """Give (family, direction) of a way."""
    family, _space, direction = way.rpartition(" ")
    return family or IPV4, direction


@dataclass(frozen=True)
class Interface:
    """One interface section; ``lists`` is {way: name}, see way_of(); ``unread`` a binding that is not understood."""

    name: str
    lists: Mapping[str, str] = field(default_factory=dict)
    channel_group: str = ""
    access: bool = True
    unread: str = ""

    @property
    def is_svi(self) -> bool:
        """True for a VLAN interface: it filters what is routed, not what stays within the VLAN."""
        return self.name.lower().startswith("vlan")


@dataclass(frozen=True)
class Config:
    """The parts of a running or startup configuration that lists touch. ``other_uses``: words of everything else.

    ``login_lists`` are the lists that decide who may log in to the switch (the ``access-class`` of its terminal lines).
    """

    lists: Mapping[str, AccessList] = field(default_factory=dict)
    interfaces: Mapping[str, Interface] = field(default_factory=dict)
    ip_routing: bool = False
    other_uses: frozenset[str] = frozenset()
    login_lists: frozenset[str] = frozenset()

    def find(self, name: str | None, family: str = IPV4) -> AccessList | None:
        """Give the list that a binding of this family means by a name; None for no list, or one of the other family."""
        found = self.lists.get(f"{name} ({family})") or self.lists.get(name or "")
        return found if found and found.family == family else None

    def effective(self, name: str | None, family: str = IPV4) -> tuple[Rule, ...]:
        """What a binding of that name does; an unknown or empty list permits everything."""
        found = self.find(name, family)
        return found.effective if found else (OPEN if family == IPV4 else OPEN6)

    def users(self, name: str) -> list[str]:
        """The interfaces a list is bound to."""
        return [interface for interface, _way in self.places(name)]

    def places(self, name: str) -> list[tuple[str, str]]:
        """The (interface, way) pairs a list is bound to."""
        return [
            (port.name, way) for port in self.interfaces.values() for way, bound in port.lists.items() if bound == name
        ]


@dataclass(frozen=True)
class Timer:
    """A pending revert timer: whose, as far as the switch tells, what it says of it, and the command that shows it."""

    user: str
    text: str
    look: str = ""


@dataclass(frozen=True)
class SwitchState:
    """Everything a decision needs.

    ``unfit`` is what is wrong with this user's rights, as (what was found, what to do); ``no_timer`` the same for a
    switch that cannot take a change back by itself.
    """

    running: Config
    startup: Config
    timer: Timer | None = None
    unfit: tuple[str, str] | None = None
    no_timer: tuple[str, str] | None = None
