# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether zones, conduits, services and stations can be read at all, before anything is built on them (pure).

What a model lacks for a play is said by site_validate; here stands only what rules cannot be compiled without.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.services import services_of

# Host or "" for the site, variable and key in it, value, problem, fix.
Problem = tuple[str, str, Any, str, str]

_AS_EXAMPLE = "Write it as the example inventory does"


def require_readable(model: Mapping[str, Any]) -> None:
    """Refuse a model that rules cannot be compiled from.

    Raises:
        InputError: with everything that is wrong with it.
    """
    _refuse(list(misshapen(model)) or list(_unreadable(model)))


def require_shape(model: Mapping[str, Any]) -> None:
    """Refuse a model whose values are of a type that nothing can be read from.

    Raises:
        InputError: with all of them.
    """
    _refuse(list(misshapen(model)))


def _refuse(wrong: list[Problem]) -> None:
    if wrong:
        told = "; ".join(
            f"{key}{f' of {host}' if host else ''}: {problem} ({value})" for host, key, value, problem, _fix in wrong
        )
        raise InputError(
            f"The model cannot be read: {told}.", fix="; ".join(dict.fromkeys(fix for *_rest, fix in wrong)) + "."
        )


def misshapen(model: Mapping[str, Any]) -> Iterator[Problem]:
    """Give values of a type that nothing can be read from; what is missing is no matter of shape."""
    for variable, texts, lists in (
        ("zones", ("id", "parent", "kind"), ("cidrs",)),
        ("conduits", ("id", "from", "to"), ("services", "phases", "station_roles")),
    ):
        listed = model.get(variable) or []
        if not isinstance(listed, list):
            yield "", f"site_{variable}", listed, "not a list", _AS_EXAMPLE
            continue
        for index, item in enumerate(listed):
            key = f"site_{variable}[{index}]"
            if isinstance(item, Mapping):
                yield from _misshapen_item(key, item, texts, lists)
            else:
                yield "", key, item, "not a mapping", _AS_EXAMPLE
    services = model.get("services") or {}
    if not isinstance(services, Mapping):
        yield "", "site_services", services, "not a mapping", "Write {name: [{protocol: tcp, ports: [443]}]}"
    for name, station in (model.get("stations") or {}).items():
        if not isinstance(station.get("zone") or "", str):
            yield name, "station_zone", station["zone"], "not a text", "Name one zone; put a number in quotes"
        flows = station.get("flows") or []
        if not isinstance(flows, list) or any(not isinstance(flow, Mapping) for flow in flows):
            yield name, "station_flows", flows, "not a list of mappings", "Write one entry a line"


def _misshapen_item(
    key: str, item: Mapping[str, Any], texts: tuple[str, ...], lists: tuple[str, ...]
) -> Iterator[Problem]:
    for name in texts:
        if not isinstance(item.get(name) or "", str):
            yield "", f"{key}.{name}", item[name], "not a text", "Write one name; put a number in quotes"
    for name in lists:
        value = item.get(name) or []
        if not isinstance(value, list):
            yield "", f"{key}.{name}", value, "not a list", f"Write {name}: [...]"
            continue
        for entry in value:
            if name == "services" and not isinstance(entry, Mapping):
                yield (
                    "",
                    f"{key}.{name}",
                    entry,
                    "no service",
                    "Write {service: name}, or {protocol: tcp, ports: [443]}",
                )


def _unreadable(model: Mapping[str, Any]) -> Iterator[Problem]:
    """Give what is missing, unknown or no address, in a model whose types are right."""
    zones = Counter(zone.get("id") for zone in model.get("zones") or [])
    for index, zone in enumerate(model.get("zones") or []):
        key = f"site_zones[{index}]"
        if not zone.get("id") or zones[zone["id"]] > 1:
            yield "", f"{key}.id", zone.get("id"), "no id, or one used twice", "Give each zone its own id"
        if zone.get("parent") and zone["parent"] not in zones:
            yield "", f"{key}.parent", zone["parent"], "unknown zone", "Name a zone of site_zones"
        for cidr in zone.get("cidrs") or []:
            try:
                if Address.of(str(cidr)).bits != 32:
                    fix = "Write its IPv4 networks; a port shuts IPv6 with deny_ipv6 of switch_acl"
                    yield "", f"{key}.cidrs", cidr, "rules are compiled for IPv4 alone", fix
            except InputError as exc:
                yield "", f"{key}.cidrs", cidr, exc.message.rstrip("."), "Write a network like 10.20.1.0/26"
    conduits = Counter(conduit.get("id") for conduit in model.get("conduits") or [])
    for index, conduit in enumerate(model.get("conduits") or []):
        key = f"site_conduits[{index}]"
        if not conduit.get("id") or conduits[conduit["id"]] > 1:
            yield "", f"{key}.id", conduit.get("id"), "no id, or one used twice", "Give each conduit its own id"
        for side in ("from", "to"):
            if conduit.get(side) not in zones:
                yield "", f"{key}.{side}", conduit.get(side), "unknown zone", "Name a zone of site_zones"
        if not conduit.get("services"):
            yield "", f"{key}.services", None, "no services", "List its services or ports"
        yield from _services(model, conduit.get("services") or [], "", f"{key}.services")
    for name, station in (model.get("stations") or {}).items():
        yield from _station(model, name, station)


def _station(model: Mapping[str, Any], name: str, station: Mapping[str, Any]) -> Iterator[Problem]:
    address = station.get("address")
    if address:
        try:
            ipaddress.IPv4Address(str(address))
        except ValueError:
            yield name, "station_address", address, "not one IPv4 address", "Write it like 10.20.1.11"
    flows = station.get("flows") or []
    yield from _services(model, flows, name, "station_flows")
    for index, flow in enumerate(flows):
        try:
            Address.of(str(flow.get("to")))
        except InputError as exc:
            text = exc.message.rstrip(".")
            yield name, f"station_flows[{index}].to", flow.get("to"), text, "Write an address or a network"


def _services(model: Mapping[str, Any], entries: list[Any], host: str, key: str) -> Iterator[Problem]:
    for index, entry in enumerate(entries):
        try:
            services_of(entry, model.get("services"))
        except InputError as exc:
            yield host, f"{key}[{index}]", entry, exc.message.rstrip("."), exc.fix.rstrip(".")
