# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold before the first line is written. Pure (reference switch-acl.md section 5, guards)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import Packet, permits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import BITS, Address
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.discovery import denied_discovery
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import PicksPlaces
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import OURS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.paths import Flow, first_denied, passing
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted, is_own
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Interface, SwitchState

# How what is said of a list begins whose effect on the management path is not known.
UNJUDGED = "whether this list cuts the automation node off was not judged"
_CLIENT = 50000
_FAMILIES = {bits: family for family, bits in BITS.items()}


@dataclass(frozen=True)
class Protection:
    """What no list may take away: flows, and the path from the automation node to the switch.

    A flow concerns a binding if its source may be behind the interface: every flow where the binding's address is
    unknown, else those whose source or destination covers it. Both ways count: packets of clients enter by a list of
    direction in, their replies leave by one of direction out.
    """

    flows: tuple[Mapping[str, Any], ...] = ()
    management_address: str | None = None
    switch_address: str | None = None
    ssh_port: int = 22
    own_user: str = ""
    allow_no_revert_timer: bool = False
    allow_reload_timer: bool = False
    allow_no_routing: bool = False


def timer_is_ours(state: SwitchState, user: str) -> bool:
    """True if a pending timer is the left-over of a run of ours: same user, and a list of ours on the switch."""
    if state.timer is None or not user or state.timer.user != user:
        return False
    return any(OURS.fullmatch(name) for name in state.running.lists)


def switch_problems(state: SwitchState, protection: Protection, changing: bool) -> list[tuple[str, str]]:
    """Give (what was found, what to do) for everything that forbids writing to this switch at all."""
    problems: list[tuple[str, str]] = []
    if state.timer and not timer_is_ours(state, protection.own_user):
        who = f" of user {state.timer.user}" if state.timer.user else ""
        problems.append(
            (
                f"A revert timer{who} is pending that is not of this run",
                f"wait until its owner confirms it or it fires ({state.timer.look})",
            )
        )
    if state.unfit:
        problems.append(state.unfit)
    if changing:
        problems += _no_login(state, protection)
    if changing and state.no_timer and not protection.allow_no_revert_timer:
        problems.append(state.no_timer)
    return problems


def _no_login(state: SwitchState, protection: Protection) -> list[tuple[str, str]]:
    """Refuse where no list of the terminal lines lets the automation node in: the second session would not come."""
    if not protection.management_address:
        return []
    manager = Address.of(protection.management_address)
    named = [state.running.lists.get(name) for name in sorted(state.running.login_lists)]
    # A list of the other family says nothing of this address.
    lists = [found for found in named if found is None or found.family == _FAMILIES[manager.bits]]
    if any(found is None or found.opaque for found in lists):
        return []
    target = Address.of(protection.switch_address).value if protection.switch_address else 0
    packet = Packet(6, manager.value, target, _CLIENT, protection.ssh_port, bits=manager.bits)
    known = [found for found in lists if found is not None and found.rules]
    if not known or any(permits(found.rules, packet) for found in known):
        return []
    names = ", ".join(found.name for found in known)
    return [
        (
            f"The terminal lines let in who {names} permits, and that is not {protection.management_address}",
            "correct management_address, or permit it in that list",
        )
    ]


def binding_problems(
    state: SwitchState, want: Wanted, protection: Protection, places: PicksPlaces | None = None
) -> list[str]:
    """Give everything that forbids this one binding."""
    port = state.running.interfaces.get(want.interface)
    if port is None:
        return [f"interface {want.interface} does not exist on the switch"]
    if want.absent and not is_own(want, port.lists.get(want.way)):
        return _of_another(port, want)
    problems: list[str] = _gone(state, want)
    if port.channel_group:
        problems.append(
            f"interface {port.name} is a member of EtherChannel {port.channel_group}, which takes no list of its own"
        )
    impossible = places.place_problem(port, want.direction) if places and not want.absent else ""
    if impossible:
        problems.append(f"{port.name}: {impossible}")
    if port.is_svi and not state.running.ip_routing and not (want.absent or protection.allow_no_routing):
        problems.append(
            f"{port.name} is a VLAN interface and the switch does not route ('ip routing' is off): the list would"
            " protect only the switch itself; bind to the station's port, or set allow_no_routing"
        )
    problems.extend(_opaque(state, port, want))
    problems.extend(_denied(want, protection))
    problems.extend(denied_discovery(want))
    problems.extend(_cut_off(port, want, protection))
    return problems


def _of_another(port: Interface, want: Wanted) -> list[str]:
    """Name a list of ours that was made for something else: giving the port back would take that away."""
    name = port.lists.get(want.way, "")
    return [f"{port.name} has list {name}, which was made for something else"] if OURS.fullmatch(name) else []


def _gone(state: SwitchState, want: Wanted) -> list[str]:
    """Refuse to bind a list again that is not there, is empty (it permits everything) or cannot be read."""
    if not want.target:
        return []
    found = state.running.find(want.target, want.family)
    was = f"list {want.target}, bound on {want.interface} before ours,"
    if found is None or not found.entries:
        return [f"{was} is empty or not on the switch any more"]
    return [f"{was} holds a line that is not understood: {line!r}" for line in found.opaque]


def _opaque(state: SwitchState, port: Interface, want: Wanted) -> list[str]:
    """Name lines of the list to be replaced that are not understood."""
    name = port.lists.get(want.way, "")
    found = state.running.find(name, want.family)
    return (
        [f"list {name} on {port.name} holds a line that is not understood: {line!r}" for line in found.opaque]
        if (found)
        else []
    )


def _denied(want: Wanted, protection: Protection) -> list[str]:
    """Name the protected flows of which the new list would deny anything, either way."""
    behind = Address.of(want.address) if want.address else None
    problems: list[str] = []
    for flow in protection.flows:
        denied = first_denied(want.rules, list(passing(Flow.of(flow), want.direction, behind)))
        if denied:
            problems.append(f"the new list would deny the protected flow {dict(flow)}: {denied}")
    return problems


def _cut_off(port: Interface, want: Wanted, protection: Protection) -> list[str]:
    """Refuse a list on an uplink or VLAN interface that would cut the automation node off, there or back.

    An access port of one station does not carry the management path, unless the automation node itself is behind it.
    """
    if not (protection.management_address and protection.switch_address):
        return []
    manager = Address.of(protection.management_address)
    if port.access and not (want.address and manager.covers(Address.of(want.address).value)):
        return []
    path = Flow(manager, Address.of(protection.switch_address), port=protection.ssh_port)
    if path.src.bits != path.dst.bits:
        return []
    packets = (path.opening if want.direction == "in" else path.replies)(path.src, path.dst)
    denied = first_denied(want.rules, packets)
    return [f"the new list on {port.name} would cut the automation node off: {denied}"] if denied else []


def unjudged_path(state: SwitchState, want: Wanted, protection: Protection) -> list[str]:
    """Say where a list may lie on the management path and nothing was proven of it, and what is missing for that."""
    port = state.running.interfaces[want.interface]
    if want.absent or want.stays or port.access:
        return []
    known = {"management_address": protection.management_address, "switch_address": protection.switch_address}
    unknown = " and ".join(name for name, value in known.items() if not value)
    return [f"{UNJUDGED}: give {unknown} as address"] if unknown else []


def check_flows(flows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse protected flows that cannot be read, before anything is asked of the switch.

    Raises:
        InputError: a key is missing or a value cannot be read.
    """
    for flow in flows:
        Flow.of(flow)
