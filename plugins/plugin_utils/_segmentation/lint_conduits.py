# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with conduits (pure): forbidden pairs, skipped levels, too wide, unused, shadowed, overdue, unboxed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint_zones import (
    ERROR,
    NOTE,
    WARNING,
    Finding,
    Site,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.services import Service, services_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.time_box import KEYS

# Pairs that the conduit matrix never has (reference section 3).
_FORBIDDEN: Mapping[tuple[str, str], str] = {
    ("OPZ", "CEL"): "thin clients never speak to controllers",
    ("OPZ", "SAF"): "thin clients never speak to safety systems",
    ("OPZ", "LCZ"): "operators reach a legacy screen through a session, not from their own station",
    ("OPZ", "OPZ"): "operator stations never speak to each other",
    ("LCZ", "LCZ"): "contained PCs never speak to each other",
    ("LCZ", "ENT"): "a contained PC never speaks to the business network",
    ("DMZ", "CEL"): "nothing reaches a controller from the DMZ directly",
    ("REM", "CEL"): "nothing reaches a controller from outside",
    ("ENT", "HIS"): "the historian pushes outward; nothing is fetched from inside",
}
_DMZ_LEVEL, _BUSINESS = 3.5, 4.0
_DISPLAYS = ("rdp", "ica", "blast", "pcoip", "vnc")
_WIDE_PORTS = 1024


def _place(conduit: Mapping[str, Any]) -> str:
    return f"conduit {conduit.get('id')}"


def forbidden(site: Site) -> Iterator[Finding]:
    """Conduits between kinds of zones that must never speak, and remote access without a time box."""
    for conduit in site.conduits:
        pair = site.kind(str(conduit.get("from"))), site.kind(str(conduit.get("to")))
        if pair in _FORBIDDEN:
            text = f"{conduit['from']} ({pair[0]}) to {conduit['to']} ({pair[1]}): {_FORBIDDEN[pair]}"
            yield Finding(
                ERROR, "forbidden_conduit", _place(conduit), text, "Take it out, or go through SUP, VDI or DMZ."
            )
        if "REM" in pair and not any(conduit.get(key) for key in KEYS):
            fix = "Give it valid_from, valid_to (at most eight hours), ticket and approver."
            yield Finding(ERROR, "unboxed_access", _place(conduit), "remote access that never ends", fix)


def level_skips(site: Site) -> Iterator[Finding]:
    """Conduits between level 4 and above and level 3 and below that do not end in the industrial DMZ."""
    for conduit in site.conduits:
        levels = [site.level(str(conduit.get(side))) for side in ("from", "to")]
        known = [level for level in levels if level is not None]
        if len(known) == 2 and max(known) >= _BUSINESS and min(known) < _DMZ_LEVEL:
            text = f"it leads from level {known[0]:g} to level {known[1]:g} past the industrial DMZ (3.5)"
            yield Finding(ERROR, "level_skip", _place(conduit), text, "Lead it through a zone of level 3.5.")


def overdue(site: Site, today: date) -> Iterator[Finding]:
    """Conduits that nobody owns, that say no reason, or whose review date is past."""
    for conduit in site.conduits:
        for key in ("owner", "justification"):
            if not conduit.get(key):
                yield Finding(ERROR, f"no_{key}", _place(conduit), f"it has no {key}", f"Say its {key}.")
        try:
            past = date.fromisoformat(str(conduit.get("review_by"))) < today
        except ValueError:
            past = True
        if past:
            text = f"its review was due on {conduit.get('review_by') or 'no date at all'}"
            yield Finding(WARNING, "review_overdue", _place(conduit), text, "Review it, and set the next date.")


def wide(site: Site) -> Iterator[Finding]:
    """Conduits that say every protocol, very many ports, or every address."""
    for conduit in site.conduits:
        for service in _services(site, conduit):
            if service.protocol is None:
                yield Finding(
                    WARNING, "any_protocol", _place(conduit), "every protocol", "Name the services it is for."
                )
            elif service.dst_ports is None and service.protocol in (6, 17) and not service.any_to_any:
                yield Finding(WARNING, "any_port", _place(conduit), "every port", "Name the ports it is for.")
            elif any(high - low >= _WIDE_PORTS for low, high in service.dst_ports or ()):
                yield Finding(
                    NOTE, "many_ports", _place(conduit), "more than 1,024 ports in a row", "Narrow the range."
                )
        for side in ("from", "to"):
            zone = site.zones.get(str(conduit.get(side)), {})
            if any(Address.of(str(cidr)).every for cidr in zone.get("cidrs") or []):
                text = f"zone {conduit[side]} is every address"
                yield Finding(WARNING, "any_address", _place(conduit), text, "Name the networks it is for.")


def unused(site: Site) -> Iterator[Finding]:
    """Conduits that no station's port will ever carry."""
    for conduit in site.conduits:
        inside = {name for side in ("from", "to") for name in site.occupied.get(str(conduit.get(side)), [])}
        roles = conduit.get("station_roles")
        meant = [name for name in inside if not roles or site.stations[name].get("role") in roles]
        if not meant:
            text = (
                "no station stands in its zones"
                if not inside
                else f"no station there has role {', '.join(roles or [])}"
            )
            yield Finding(
                NOTE, "unused_conduit", _place(conduit), text, "Take it out, or survey the stations it is for."
            )


def display_protocols(site: Site) -> Iterator[Finding]:
    """Several display protocols from one operator zone: one family a station role is enough."""
    by_zone: dict[str, set[str]] = {}
    for conduit in site.conduits:
        if site.kind(str(conduit.get("from"))) == "OPZ" and not conduit.get("station_roles"):
            names = {str(item.get("service")) for item in conduit.get("services") or []}
            by_zone.setdefault(str(conduit["from"]), set()).update(names & set(_DISPLAYS))
    for zone, found in by_zone.items():
        if len(found) > 1:
            text = f"every station of {zone} may use {', '.join(sorted(found))}"
            yield Finding(WARNING, "display_protocols", zone, text, "Say station_roles, one protocol family for each.")


def shadowed(site: Site) -> Iterator[Finding]:
    """Conduits that add nothing: proven, every packet they allow is allowed by others in each of their phases."""
    rules = {conduit["id"]: _requests(site, conduit) for conduit in site.conduits}
    for conduit in site.conduits:
        own = rules[conduit["id"]]
        others = [other for other in site.conduits if other is not conduit and _covers(site, other, conduit)]
        rest = [rule for other in others for rule in rules[other["id"]]]
        if own and rest and compare(rest, [*rest, *own]).equal:
            names = ", ".join(str(other["id"]) for other in others)
            text = f"everything it allows is allowed by {names}"
            yield Finding(NOTE, "shadowed_conduit", _place(conduit), text, "Take one of them out.")


def _covers(site: Site, other: Mapping[str, Any], conduit: Mapping[str, Any]) -> bool:
    """True if another conduit speaks of the same ends or wider ones, in at least the same phases and roles, always."""
    if any(other.get(key) for key in KEYS):
        return False
    ends = all(str(other.get(side)) in site.around(str(conduit.get(side))) for side in ("from", "to"))
    phases = set(conduit.get("phases") or ()) <= set(other.get("phases") or ())
    roles = set(other.get("station_roles") or ())
    return (
        ends
        and phases
        and (not roles or (bool(conduit.get("station_roles")) and set(conduit["station_roles"]) <= roles))
    )


def _requests(site: Site, conduit: Mapping[str, Any]) -> list[Rule]:
    ends = [
        [Address.of(str(cidr)) for cidr in site.zones.get(str(conduit.get(side)), {}).get("cidrs") or []]
        for side in ("from", "to")
    ]
    return [
        Rule("permit", service.protocol, start, end, service.src_ports, service.dst_ports)
        for service in _services(site, conduit)
        for start in ends[0]
        for end in ends[1]
    ]


def _services(site: Site, conduit: Mapping[str, Any]) -> Sequence[Service]:
    found: list[Service] = []
    for entry in conduit.get("services") or []:
        try:
            found.extend(services_of(entry, site.model.get("services")))
        except OtedgeError:
            continue  # validate names it
    return found
