# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lists of VLAN interfaces: what they should be for the phases of their stations, and what switches hold (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.check import (
    Held,
    Wanted,
    difference_of,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_lists import NOT_WITHIN, VlanList

# (id of the VLAN list, direction) to what the interface holds.
VlansHeld = Mapping[tuple[str, str], Held]


def check_vlans(
    lists: Iterable[VlanList],
    wanted: Wanted,
    addresses: Mapping[str, str],
    phases: Mapping[str, str],
    held: VlansHeld,
) -> list[dict[str, Any]]:
    """Say for each VLAN interface and direction what its list should be, and whether it is.

    Args:
        lists: of the model.
        wanted: rules by station and phase.
        addresses: station to its address.
        phases: station to the phase it has to be in.
        held: what was read of the interfaces.

    Returns:
        [{"id", "switch", "interface", "direction", "stations": {name: phase or None}, "rules": plain rules, None until
        every station's phase is known, "list": name that was read, "ok": None where nothing was read or the phases are
        not known, "difference", "not_understood", "enforced_within_vlan": False, "note"}].
    """
    found = []
    for one in lists:
        expected = {name: phases.get(name) for name in one.stations}
        rules = _rules(one, wanted, addresses, expected)
        bare = set(expected.values()) == {"none"}
        for way in one.directions:
            found.append(
                {
                    **{"id": one.id, "switch": one.switch, "interface": one.interface, "direction": way},
                    "stations": expected,
                    "rules": [rule.to_dict() for rule in rules[way]] if rules else None,
                    **_compared(held.get((one.id, way)), rules[way] if rules else None, bare=bare),
                    "enforced_within_vlan": False,
                    "note": NOT_WITHIN,
                }
            )
    return found


def _rules(
    one: VlanList, wanted: Wanted, addresses: Mapping[str, str], expected: Mapping[str, str | None]
) -> dict[str, tuple[Rule, ...]]:
    """Give the rules of each direction; {} while a station's phase is not known."""
    known = {name: phase for name, phase in expected.items() if phase and phase != "none"}
    if len(known) < len(expected):
        return {}
    for name, phase in known.items():
        if not wanted.get(name, {}).get(phase):
            raise InputError(
                f"{name} has no rules of phase {phase!r}: the list of {one.interface} of {one.switch} cannot be built.",
                fix=f"Give {name} zone and address, and plan again where there is a plan.",
            )
    return one.rules(wanted, addresses, known)


def _compared(held: Held | None, rules: Sequence[Rule] | None, *, bare: bool) -> dict[str, Any]:
    """Say whether the list that was read is the wanted one; ``bare``: that there is to be none."""
    read: dict[str, Any] = {
        "list": held.name if held else None,
        "ok": None,
        "difference": None,
        "not_understood": list(held.opaque) if held else [],
    }
    if held is not None and bare:
        return read | {"ok": held.name is None}
    if held is None or rules is None:
        return read
    if held.opaque:
        return read | {"ok": False}
    same = held.name is not None and compare(held.rules, rules).equal
    return read | {"ok": same, "difference": None if same else difference_of(held.rules, rules)}


def bindings(found: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Give what switch_acl takes as ``bindings``, by switch: the lists whose stations' phases are all known."""
    by_switch: dict[str, list[dict[str, Any]]] = {}
    for item in found:
        if item["rules"] is not None:
            one = {"interface": item["interface"], "direction": item["direction"], "name": item["id"]}
            by_switch.setdefault(item["switch"], []).append({**one, "rules": item["rules"]})
    return by_switch
