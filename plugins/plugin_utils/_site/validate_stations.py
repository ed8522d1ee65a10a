# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validate the stations of the site model. Pure; see validate.py."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_model import is_vlan_interface
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.backup import backup_problem
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.dispositions import CAUTION, DELIVERIES
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.findings import Findings
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.plan import mac_key

_NEEDED = {
    "line": "Name its line of site_lines",
    "role": "Name its role of site_station_roles",
    "zone": "Name its zone of site_zones",
    "switch": "Name the switch it is plugged into",
    "port": "Name the switch port it is plugged into",
    "address": "Set its IPv4 address",
    "mac": "Set the MAC of the adapter in use",
}


def check_stations(found: Findings) -> None:
    """Add the gaps of every station."""
    seen: dict[tuple[str, str], str] = {}
    for name, station in sorted(found.model["stations"].items()):
        for key, fix in _NEEDED.items():
            if not station.get(key):
                found.add(f"station_{key}", None, f"{name} has no {key}", fix, name)
        _names(found, name, station)
        _address(found, name, station)
        _mac(found, name, station)
        _unique(found, name, station, seen)
        _statements(found, name, station)


def _names(found: Findings, name: str, station: Mapping[str, Any]) -> None:
    known = {
        "line": (found.model["lines"], "site_lines"),
        "role": (found.model["station_roles"], "site_station_roles"),
        "zone": ({zone.get("id") for zone in found.model["zones"]}, "site_zones"),
        "switch": (found.model["switches"], "the group site_switches"),
    }
    if is_vlan_interface(station.get("port")):
        fix = "Name the port the station is plugged into; a list at a VLAN interface is written in site_vlan_lists"
        found.add(
            "station_port", station["port"], "a VLAN interface, which enforces nothing within its VLAN", fix, name
        )
    for key, (names, place) in known.items():
        value = station.get(key)
        if value and value not in names:
            found.add(f"station_{key}", value, f"unknown {key}", f"Name one of {place}", name)


def _address(found: Findings, name: str, station: Mapping[str, Any]) -> None:
    text = station.get("address")
    if not text:
        return
    try:
        address = ipaddress.IPv4Address(str(text))
    except ValueError as exc:
        found.add("station_address", text, str(exc), "Write one IPv4 address", name)
        return
    zone = next((item for item in found.model["zones"] if item.get("id") == station.get("zone")), None)
    if zone is None:
        return
    for cidr in zone.get("cidrs") or []:
        try:
            if address in ipaddress.ip_network(str(cidr)):
                return
        except ValueError:
            return  # the zone's own gap says it
    problem = f"it is outside zone {zone.get('id')} ({', '.join(str(cidr) for cidr in zone.get('cidrs') or [])})"
    found.add("station_address", text, problem, "Correct the address or station_zone", name)


def _mac(found: Findings, name: str, station: Mapping[str, Any]) -> None:
    text = station.get("mac")
    if not text:
        return
    try:
        key = mac_key(text)
    except ValueError as exc:
        found.add("station_mac", text, str(exc), "Write it like 00:1B:1B:00:11:01, in quotes", name)
        return
    if int(key[:2], 16) & 1 or set(key) == {"0"}:
        found.add("station_mac", text, "not the MAC of one adapter", "Read it from the PC or the switch", name)


def _unique(found: Findings, name: str, station: Mapping[str, Any], seen: dict[tuple[str, str], str]) -> None:
    port = f"{station['switch']} {station['port']}".lower() if station.get("switch") and station.get("port") else ""
    mac = str(station.get("mac") or "")
    try:
        mac = mac_key(mac)
    except ValueError:
        mac = ""
    for key, value in (("address", str(station.get("address") or "")), ("mac", mac), ("port", port)):
        if not value:
            continue
        other = seen.setdefault((key, value), name)
        if other != name:
            found.add(f"station_{key}", station.get(key), f"{other} has the same {key}", "Correct one of them", name)


def _statements(found: Findings, name: str, station: Mapping[str, Any]) -> None:
    for index, app in enumerate(station.get("apps") or []):
        if app.get("delivery") not in DELIVERIES:
            fix = f"Use one of: {', '.join(DELIVERIES)}"
            found.add(f"station_apps[{index}].delivery", app.get("delivery"), "unknown delivery", fix, name)
    for index, flow in enumerate(station.get("flows") or []):
        found.service(f"station_flows[{index}]", flow, name)
        try:
            ipaddress.ip_network(str(flow.get("to")))
        except ValueError as exc:
            found.add(f"station_flows[{index}].to", flow.get("to"), str(exc), "Write an address or a network", name)
    if station.get("backup"):
        problem = backup_problem(station["backup"], str(found.today))
        if problem:
            found.add("station_backup", station["backup"].get("id"), problem, "Record an image that was restored", name)
    if station.get("disposition") and station["disposition"] not in CAUTION:
        fix = f"Use one of: {', '.join(CAUTION)}"
        found.add("station_disposition", station["disposition"], "unknown disposition", fix, name)
    containment = station.get("containment")
    if containment:
        for key in ("owner", "exit_condition"):
            if not containment.get(key):
                found.add(f"station_containment.{key}", None, f"no {key}", f"Say its {key}", name)
        found.review("station_containment.review_by", containment.get("review_by"), name)
