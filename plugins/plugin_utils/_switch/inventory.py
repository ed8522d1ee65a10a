# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is on a switch, as results show it: lists, bindings, what is open, what a restart would bring. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.limits import past_ipv6, past_vlan
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import OURS, fits, logs_only
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    Config,
    Interface,
    SwitchState,
    parts_of,
)

# Lists that platforms bring along; they are shown, never touched, and never missing (pitfalls 20 and 40).
SYSTEM = re.compile(r"default-control-plane-acl|preauth_.*|copp[-_].*", re.IGNORECASE)
_READ_ONLY = "readonly"


def list_row(found: AccessList, config: Config | None) -> dict[str, Any]:
    """Give one list as results show it; what is bound where is None where the configuration was not read."""
    rules = found.rules
    used = None if config is None else found.name in config.other_uses or found.name in config.login_lists
    places = None if config is None else _places(config, found)
    return {
        "name": found.name,
        "kind": found.kind,
        "family": found.family,
        "rules": [rule.to_dict() for rule in rules],
        "understood": not found.opaque,
        "opaque": list(found.opaque),
        "empty": not found.entries,
        "system": found.kind == _READ_ONLY or SYSTEM.fullmatch(found.name) is not None,
        "own": own(found.name),
        "edited": bool(OURS.fullmatch(found.name)) and not fits(found),
        "bound": places,
        "used_elsewhere": used,
        "idle": None if places is None else not (places or used),
    }


def own(name: str) -> dict[str, Any] | None:
    """Say what the name of a list of ours tells: for which binding it was made; None for any other list.

    Returns:
        {"binding": the name of the binding as list names hold it, "direction", "family", "hash", "mode"}.
    """
    if not OURS.fullmatch(name):
        return None
    binding, _line, tag = name[4:-9].rpartition("_")
    return {
        "binding": binding,
        "direction": tag.removesuffix("6"),
        "family": "ipv6" if tag.endswith("6") else "ipv4",
        "hash": name[-8:],
        "mode": _mode(name),
    }


def _mode(name: str) -> str:
    return "log_and_permit" if logs_only(name) else "enforce"


def _places(config: Config, found: AccessList) -> list[dict[str, str]]:
    return [
        {"interface": interface, "direction": parts_of(way)[1]}
        for interface, way in config.places(found.name)
        if parts_of(way)[0] == found.family
    ]


def binding_rows(config: Config) -> list[dict[str, Any]]:
    """Give every binding of a list to an interface; one of a list that is empty or not there is open."""
    return [
        _binding(config, port, way, name)
        for port in config.interfaces.values()
        for way, name in sorted(port.lists.items())
    ]


def _binding(config: Config, port: Interface, way: str, name: str) -> dict[str, Any]:
    family, direction = parts_of(way)
    found = config.find(name, family)
    defined = found is not None or SYSTEM.fullmatch(name) is not None
    is_open = not defined or (found is not None and not found.entries)
    note = _note(config, port, name, "undefined" if not defined else "empty" if is_open else "")
    return {
        "interface": port.name,
        "direction": direction,
        "family": family,
        "list": name,
        "own": own(name),
        "defined": defined,
        "open": is_open,
        "enforced": not note,
        "note": note,
        "notes": past_ipv6(config, port, way),
    }


def _note(config: Config, port: Interface, name: str, why_open: str) -> str:
    """Say why a binding does not segment, or ""."""
    if why_open:
        return f"the list is {why_open}: everything is permitted"
    if logs_only(name):
        return "it permits and logs what it will deny, nothing is segmented yet"
    return past_vlan(config, port)


def unsaved(state: SwitchState) -> list[dict[str, Any]]:
    """Give the bindings that a restart would change: [{interface, direction, family, running, startup, reason}]."""
    running, startup = state.running, state.startup
    places = {(port.name, way) for config in (running, startup) for port in config.interfaces.values() for way in
              port.lists}  # fmt: skip
    rows = []
    for interface, way in sorted(places):
        family, direction = parts_of(way)
        now, then = _bound(running, interface, way), _bound(startup, interface, way)
        if now != then:
            reason = f"a restart would bind {then or 'no list'}"
        elif not _alike(running.find(now, family), startup.find(then, family)):
            reason = "the list in the startup configuration is another one of that name"
        else:
            continue
        place = {"interface": interface, "direction": direction, "family": family}
        rows.append({**place, "running": now, "startup": then, "reason": reason})
    return rows


def _bound(config: Config, interface: str, way: str) -> str | None:
    port = config.interfaces.get(interface)
    return port.lists.get(way) if port else None


def _alike(one: AccessList | None, two: AccessList | None) -> bool:
    """True if two lists are written alike, or proven to let the same packets through."""
    if one is None or two is None:
        return one is two
    if one.entries == two.entries:
        return True
    return not (one.opaque or two.opaque) and bool(one.rules and two.rules) and compare(one.rules, two.rules).equal


def wanted_names(lists: Mapping[str, AccessList], names: Iterable[str]) -> tuple[list[AccessList], list[str]]:
    """Give the lists of these names, both families, and the names that are not on the switch; all without names."""
    asked = list(names)
    if not asked:
        return list(lists.values()), []
    found = [one for one in lists.values() if one.name in asked]
    return found, sorted(set(asked) - {one.name for one in found})


def obstacles(state: SwitchState) -> list[dict[str, str]]:
    """Give what stands against writing to this switch at all: [{found, needs}]."""
    return [{"found": found, "needs": needs} for found, needs in filter(None, (state.unfit, state.no_timer))]
