# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one binding is to be, and whether a list does that. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import names
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.log_mode import logged
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV4, way_of


@dataclass(frozen=True)
class Wanted:
    """One binding as it is to be. ``name`` is the station or what the user calls it; ``address`` what is behind it.

    ``family`` is that of its packets; an interface has a list for each family and direction. ``no_discovery``: the
    list may deny the neighbour discovery of IPv6, see discovery.py.

    With ``absent`` no list of ours is to be bound: ``restore`` is what was bound before ours as far as is known, None
    for no list. ``target`` and ``rules`` then follow from the switch's state, see give_back.py. With ``logging`` the
    rules are those of permit_and_log(): nothing is denied yet.

    With ``again`` the list ``target``, which is on the switch, is bound as it is, and no list is removed; without a
    target what is bound stays, for the reason ``note``. ``trouble`` is why the binding cannot be made. See previous.py.
    """

    interface: str
    direction: str
    name: str
    rules: tuple[Rule, ...] = ()
    address: str | None = None
    absent: bool = False
    restore: str | None = None
    target: str | None = None
    logging: bool = False
    family: str = IPV4
    no_discovery: bool = False
    again: bool = False
    note: str = ""
    trouble: str = ""

    @property
    def stays(self) -> bool:
        """True if what is bound is none of this task's business."""
        return self.again and self.target is None

    @property
    def way(self) -> str:
        """Which of the interface's lists this is."""
        return way_of(self.direction, self.family)

    @property
    def place(self) -> tuple[str, str]:
        """Interface and way."""
        return self.interface, self.way


@dataclass(frozen=True)
class Swap:
    """One step: build ``new`` unless it is there already, then put it where ``old`` is; None stands for no list."""

    wanted: Wanted
    old: str | None
    new: str | None
    create: bool
    drop_first: bool = False
    was: AccessList | None = None


def prefix(wanted: Wanted) -> str:
    """Give what the list of one binding begins with."""
    return names.prefix(wanted.name, wanted.way, logging=wanted.logging)


def is_own(wanted: Wanted, name: str | None) -> bool:
    """True if a list is a generation of this binding's own."""
    return names.is_generation(name, wanted.name, wanted.way)


def serves(found: AccessList | None, wanted: Wanted) -> bool:
    """True if a list is proven to do what is wanted; a binding that logs has to log the same packets too.

    Where the platform only counts them, the list has to be one that we made for it.
    """
    if found is None or not found.rules or found.opaque or not compare(found.rules, wanted.rules).equal:
        return False
    if wanted.logging and not any(rule.log for rule in wanted.rules):
        return names.logs_only(found.name) and is_own(wanted, found.name)
    return not wanted.logging or compare(logged(found.rules), logged(wanted.rules)).equal
