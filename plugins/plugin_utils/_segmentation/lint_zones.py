# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site model as the linter sees it, and what is wrong with its zones (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address

ERROR, WARNING, NOTE = "error", "warning", "note"
# Classes that IEC 62443-3-2 keeps apart (ZCR 3); a zone inside another one has to be of its class, or of none.
CLASSES: Mapping[str, str] = {
    "OPZ": "operator", "LCZ": "legacy", "CEL": "control", "SAF": "safety", "SUP": "supervision", "HIS": "supervision",
    "VDI": "supervision", "DMZ": "dmz", "MGT": "management", "NET": "management", "IDN": "management",
    "INF": "management", "REM": "external", "ENT": "external",
}  # fmt: skip
# Where no operator PC and no thin client may stand.
_NO_STATIONS = frozenset({"control", "safety", "management", "dmz", "external"})


@dataclass(frozen=True)
class Finding:
    """One thing to look at: how bad, which rule, where, what, and what to do."""

    severity: str
    code: str
    where: str
    text: str
    fix: str

    def as_dict(self) -> dict[str, str]:
        """Give the plain form of results."""
        return asdict(self)


class Site:
    """Zones, conduits and stations of a model, looked up by name."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self.model = model
        self.zones = {str(zone.get("id")): zone for zone in model.get("zones") or []}
        self.conduits = [conduit for conduit in model.get("conduits") or [] if conduit.get("id")]
        self.stations = {
            name: station
            for name, station in (model.get("stations") or {}).items()
            if station.get("zone") in self.zones
        }

    def around(self, name: str) -> list[str]:
        """Give a zone and the zones around it."""
        chain: list[str] = []
        current: Any = name
        while current in self.zones and current not in chain:
            chain.append(str(current))
            current = self.zones[current].get("parent")
        return chain

    def kind(self, name: str) -> str:
        """Give a zone's kind, its own or the nearest one's around it."""
        return next((str(self.zones[zone]["kind"]) for zone in self.around(name) if self.zones[zone].get("kind")), "")

    def level(self, name: str) -> float | None:
        """Give a zone's Purdue level, its own or the nearest one's around it; None where none is written."""
        for zone in self.around(name):
            try:
                return float(self.zones[zone]["level"])
            except (KeyError, TypeError, ValueError):
                continue
        return None

    @cached_property
    def occupied(self) -> dict[str, list[str]]:
        """Give the stations in each zone, those of the zones inside it included."""
        found: dict[str, list[str]] = {}
        for name, station in sorted(self.stations.items()):
            for zone in self.around(str(station["zone"])):
                found.setdefault(zone, []).append(name)
        return found


def mixed(site: Site) -> Iterator[Finding]:
    """Zones inside a zone of another class, and stations where none may stand."""
    for name, zone in site.zones.items():
        own, outer = CLASSES.get(str(zone.get("kind") or "")), CLASSES.get(site.kind(str(zone.get("parent"))))
        if own and outer and own != outer:
            text = f"a zone of {zone['kind']} ({own}) lies inside {zone['parent']}, which is {outer}"
            yield Finding(ERROR, "zone_mix", name, text, "Give it addresses of its own, outside that zone.")
    for name, station in site.stations.items():
        kind = site.kind(str(station["zone"]))
        if CLASSES.get(kind) in _NO_STATIONS:
            text = f"an operator station stands in {station['zone']}, a zone of {kind}"
            yield Finding(ERROR, "station_in_zone", name, text, "Move it to a zone of operator stations.")


def outside(site: Site) -> Iterator[Finding]:
    """Zones with addresses outside the zone around them: its conduits lead to its own addresses, and so not there."""
    for name, zone in site.zones.items():
        outer = site.zones.get(str(zone.get("parent") or ""))
        if outer is None:
            continue
        around = [Address.of(str(cidr)) for cidr in outer.get("cidrs") or []]
        lost = [
            str(cidr)
            for cidr in zone.get("cidrs") or []
            if not any(one.contains(Address.of(str(cidr))) for one in around)
        ]
        if lost:
            text = f"{', '.join(lost)} is not within zone {zone['parent']}, whose conduits do not lead there"
            fix = f"Add it to the networks of {zone['parent']}, or take the parent out and give it conduits of its own."
            yield Finding(WARNING, "outside_parent", name, text, fix)


def crowded(site: Site) -> Iterator[Finding]:
    """Micro-zones that hold more than one PC: each can reach what any of them may."""
    for name, zone in site.zones.items():
        inside = [station for station, own in site.stations.items() if own["zone"] == name]
        if zone.get("kind") == "LCZ" and len(inside) > 1:
            text = f"{len(inside)} PCs share the micro-zone: {', '.join(sorted(inside))}"
            yield Finding(
                WARNING, "shared_micro_zone", name, text, "Give each contained PC, or machine, a zone of its own."
            )


def behind_vlan(site: Site, places: Mapping[str, str]) -> Iterator[Finding]:
    """Stations whose list stands at a VLAN interface, {station: place}; it cannot contain a PC (section 5)."""
    for name, place in sorted(places.items()):
        text = f"its list stands at {place}: within the VLAN nothing is enforced"
        if (site.model.get("stations") or {})[name].get("containment"):
            fix = "Take it out of site_vlan_lists, and let its own port or an isolated VLAN contain it."
            yield Finding(ERROR, "contained_at_vlan", name, f"it is to be contained, and {text}", fix)
        else:
            yield Finding(WARNING, "vlan_only", name, text, "Give its own port a list, or isolate the ports.")
