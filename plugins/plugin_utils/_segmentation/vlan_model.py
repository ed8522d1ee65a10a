# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""site_vlan_lists: which stations are segmented at a VLAN interface instead of their port (pure)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint_zones import Site
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_lists import (
    DIRECTIONS,
    OTHERS,
    VlanList,
)

KEYS = ("id", "switch", "interface", "zones", "stations", "networks", "directions", "others")
_INTERFACE = re.compile(r"vlan\s*\d{1,4}", re.IGNORECASE)

# Key within site_vlan_lists, value, problem, fix.
Problem = tuple[str, Any, str, str]


def vlan_lists(model: Mapping[str, Any]) -> list[VlanList]:
    """Read the VLAN lists of a site model.

    Returns:
        In the order of the model; each with its stations by name.

    Raises:
        InputError: with everything that is wrong with them.
    """
    wrong = list(problems(model))
    if wrong:
        raise InputError(
            "; ".join(f"site_vlan_lists{key}: {problem} ({value})" for key, value, problem, _fix in wrong) + ".",
            fix="; ".join(dict.fromkeys(fix for *_rest, fix in wrong)) + ".",
        )
    site = Site(model)
    return [_read(site, entry) for entry in model.get("vlan_lists") or []]


def listed_at(model: Mapping[str, Any]) -> dict[str, str]:
    """Give the stations that a VLAN list is for, and where it stands: {station: "Vlan10 of sw-core"}.

    A station whose port is written as a VLAN interface is one too. What cannot be read is passed over: validate names
    it.
    """
    site = Site(model)
    found = {
        name: f"{station['port']} of {station.get('switch')}"
        for name, station in (model.get("stations") or {}).items()
        if is_vlan_interface(station.get("port"))
    }
    for entry in _entries(model):
        for name in _members(site, entry):
            found.setdefault(name, f"{entry.get('interface')} of {entry.get('switch')}")
    return found


def problems(model: Mapping[str, Any]) -> Iterator[Problem]:
    """Give what is wrong with site_vlan_lists: (key behind the variable's name, value, problem, fix)."""
    site = Site(model)
    at: dict[str, str] = {}
    places: set[tuple[str, str]] = set()
    listed = model.get("vlan_lists") or []
    if not isinstance(listed, list):
        yield "", listed, "not a list", "Write one entry an interface: - {id: ..., switch: ..., interface: ...}"
        return
    for index, entry in enumerate(listed):
        if not isinstance(entry, Mapping):
            yield f"[{index}]", entry, "not a mapping", "Write id, switch, interface and zones or stations"
            continue
        own = list(_own_problems(site, entry, f"[{index}]"))
        yield from own
        if own:
            continue
        place = str(entry["switch"]), "".join(str(entry["interface"]).lower().split())
        if place in places:
            yield f"[{index}].interface", entry["interface"], "it has a list already", "Write one entry an interface"
        places.add(place)
        for name in _members(site, entry):
            if name in at:
                text = f"{name} is behind {at[name]} too"
                yield f"[{index}]", entry["id"], text, "Leave each station in one VLAN list"
            at[name] = str(entry["id"])


def is_vlan_interface(name: Any) -> bool:
    """True for the name of a VLAN interface, such as Vlan10: no port that a station is plugged into."""
    return _INTERFACE.fullmatch(str(name or "").strip()) is not None


def _entries(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = model.get("vlan_lists") or []
    return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []


def _own_problems(site: Site, entry: Mapping[str, Any], key: str) -> Iterator[Problem]:
    for unknown in sorted((name for name in entry if name not in KEYS), key=str):
        yield f"{key}.{unknown}", entry[unknown], "unknown key", f"Its keys are {', '.join(KEYS)}"
    same = [other for other in _entries(site.model) if str(other.get("id")) == str(entry.get("id"))]
    if not entry.get("id") or not isinstance(entry["id"], (str, int)) or len(same) > 1:
        yield f"{key}.id", entry.get("id"), "no id, or one used twice", "Give each list its own id"
    if str(entry.get("switch")) not in (site.model.get("switches") or {}):
        yield f"{key}.switch", entry.get("switch"), "unknown switch", "Name one of the group site_switches"
    if not is_vlan_interface(entry.get("interface")):
        fix = "Name it like Vlan10; a list of a port needs no entry here"
        yield f"{key}.interface", entry.get("interface"), "not a VLAN interface", fix
    for name, wanted in (("zones", site.zones), ("stations", site.stations)):
        listed = entry.get(name) or []
        if not isinstance(listed, list):
            yield f"{key}.{name}", listed, "not a list", f"Write {name}: [...]"
            return
        for item in listed:
            if str(item) not in wanted:
                fix = (
                    "Name a zone of site_zones" if name == "zones" else "Name a host of the group stations with a zone"
                )
                yield f"{key}.{name}", item, f"unknown {name[:-1]}", fix
    ways = entry.get("directions", ["in"])
    if not isinstance(ways, list) or not ways or set(map(str, ways)) - set(DIRECTIONS) or "in" not in ways:
        yield f"{key}.directions", ways, "not [in] or [in, out]", "Write [in], or [in, out] for the way back too"
    if entry.get("others", "permit") not in OTHERS:
        yield f"{key}.others", entry.get("others"), "neither permit nor deny", "Say what becomes of other addresses"
    yield from _networks(entry, key)
    yield from _stations(site, entry, key)


def _networks(entry: Mapping[str, Any], key: str) -> Iterator[Problem]:
    listed = entry.get("networks") or []
    fix = "Write the networks of the VLAN like [10.20.1.0/26]"
    if not isinstance(listed, list):
        yield f"{key}.networks", listed, "not a list", fix
        return
    for network in listed:
        try:
            Address.of(str(network))
        except InputError as exc:
            yield f"{key}.networks", network, exc.message, fix


def _stations(site: Site, entry: Mapping[str, Any], key: str) -> Iterator[Problem]:
    members = _members(site, entry)
    if not members:
        yield key, entry.get("id"), "no station is behind it", "Name zones with stations, or stations"
    seen: dict[str, str] = {}
    networks = _readable(_listed_networks(site, entry))
    for name in members:
        text = str(site.stations[name].get("address") or "")
        try:
            address = str(ipaddress.IPv4Address(text))
        except ValueError:
            problem = f"the address of {name} is not one IPv4 address" if text else f"{name} has no address"
            yield key, text or name, problem, "Set its station_address"
            continue
        if address in seen:
            yield key, name, f"{seen[address]} has the same address {address}", "Correct one of them"
        if not any(network.overlaps(Address.of(address)) for network in networks):
            # Else it would be proven that the list keeps neighbours apart which it never sees.
            fix = "Say the networks of the VLAN (networks), or correct the address"
            yield f"{key}.networks", address, f"{name} is in none of the networks of the VLAN", fix
        seen[address] = name


def _listed_networks(site: Site, entry: Mapping[str, Any]) -> list[Any]:
    """Give the networks of the VLAN as they are written; left out, those of its zones and of its stations' zones."""
    written = entry.get("networks")
    if written:
        return written if isinstance(written, list) else []
    named = entry.get("zones")
    zones = {*map(str, named if isinstance(named, list) else [])}
    zones |= {str(site.stations[name]["zone"]) for name in _members(site, entry)}
    listed = [site.zones[zone].get("cidrs") or [] for zone in sorted(zones & set(site.zones))]
    return [cidr for cidrs in listed if isinstance(cidrs, list) for cidr in cidrs]


def _readable(networks: list[Any]) -> list[Address]:
    found = []
    for network in networks:
        try:
            found.append(Address.of(str(network)))
        except InputError:
            continue  # named where it is written
    return found


def _members(site: Site, entry: Mapping[str, Any]) -> list[str]:
    """Give the stations of a VLAN list: the named ones, and those of the named zones and the zones inside them."""
    lists = [entry.get(name) for name in ("zones", "stations")]
    zones, stations = (item if isinstance(item, list) else [] for item in lists)
    inside = {name for zone in zones for name in site.occupied.get(str(zone), [])}
    return sorted(inside | {str(name) for name in stations if name in site.stations})


def _read(site: Site, entry: Mapping[str, Any]) -> VlanList:
    members = _members(site, entry)
    return VlanList(
        id=str(entry["id"]),
        switch=str(entry["switch"]),
        interface="".join(str(entry["interface"]).split()),
        stations=tuple(members),
        networks=tuple(Address.of(str(net)) for net in _listed_networks(site, entry)),
        directions=tuple(way for way in DIRECTIONS if way in entry.get("directions", ["in"])),
        others=str(entry.get("others", "permit")),
    )
