# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validate the site model: every gap at once, for the plays that are to run. Pure.

A gap is {file, key, value, problem, fix}. What is checked follows the survey and the governance rules of the
ot-segmentation reference, sections 3, 7 and 8.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.model_shape import misshapen
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.time_box import box_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_model import problems
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import TOP_KEYS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.findings import Findings, Where
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import parse_date, parse_time, zone
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.validate_stations import check_stations

# The plays that use the model. assess needs hosts and credentials only, which its own talk reports.
SCOPES = ("validate", "assess", "plan", "segment", "register", "convert", "contain")
_RULES = frozenset({"validate", "plan", "segment", "contain"})
_PLANNED = frozenset({"validate", "plan", "segment", "register", "convert", "contain"})
_DISK = frozenset({"validate", "convert"})
_UMS = frozenset({"validate", "plan", "register", "convert"})
_GATED = frozenset({"validate", "plan", "segment", "convert", "contain"})
IGEL_OS = (12, 11)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def validate(model: Mapping[str, Any], scopes: Iterable[str], today: date, where: Where) -> list[dict[str, str]]:
    """Give every gap of the model that the plays in ``scopes`` would meet.

    Args:
        model: the raw site model.
        scopes: of SCOPES.
        today: date at the site.
        where: gives the file of (host or "" for the site, variable).
    """
    wanted = set(scopes)
    unknown = sorted(wanted - set(SCOPES))
    if unknown:
        raise InputError(f"There is no scope {', '.join(unknown)}.", fix=f"The scopes are: {', '.join(SCOPES)}.")
    found = Findings(model, where, today)
    if wanted & _PLANNED and not _shaped(found):
        return found.gaps
    for needed_by, check in _CHECKS:
        if wanted & needed_by:
            check(found)
    return sorted(found.gaps, key=lambda gap: (gap["file"], gap["key"], gap["problem"]))


def _shaped(found: Findings) -> bool:
    """Check that lists are lists and mappings are mappings: nothing else can be read from a model without that."""
    for key, default in TOP_KEYS.items():
        value = found.model.get(key, default)
        if not isinstance(value, type(default)):
            wanted = "a list" if isinstance(default, list) else "a mapping"
            found.add(f"site_{key}", value, f"not {wanted}", "Write it as the example inventory does")
        elif isinstance(value, list) and any(not isinstance(item, Mapping) for item in value):
            found.add(f"site_{key}", value, "an entry is not a mapping", "Write it as the example inventory does")
    for name, station in found.model["stations"].items():
        for key in ("apps", "flows"):
            value = station.get(key) or []
            if not isinstance(value, list) or any(not isinstance(item, Mapping) for item in value):
                found.add(f"station_{key}", value, "not a list of mappings", "Write one entry a line", name)
        for key in ("backup", "containment"):
            if station.get(key) and not isinstance(station[key], Mapping):
                found.add(f"station_{key}", station[key], "not a mapping", "Write its keys and values", name)
    if not found.gaps:
        for host, key, value, problem, fix in misshapen(found.model):
            found.add(key, value, problem, fix, host)
    return not found.gaps


def _site(found: Findings) -> None:
    site = found.model["site"]
    for key in ("id", "owner_ot", "owner_it"):
        if not site.get(key):
            found.add(f"site_{key}", site.get(key), "it is not set", f"Set site_{key}")
    try:
        zone(site.get("timezone") or "")
    except ValueError as exc:
        found.add("site_timezone", site.get("timezone"), str(exc), "Write a name like Europe/Berlin")
    signers = site.get("signers") or {}
    for role in ("ot", "it"):
        if not signers.get(role):
            found.add(f"site_signers.{role}", None, "nobody is named", f"Name who releases for {role.upper()}")
    if signers.get("ot") and signers.get("ot") == signers.get("it"):
        found.add("site_signers", signers["ot"], "one person for both roles", "Name two different people")
    if site.get("igel_os") not in IGEL_OS:
        found.add("site_igel_os", site.get("igel_os"), "not a generation of IGEL OS", "Write 12 or 11")
    for key in ("convert_minutes", "fallback_minutes"):
        if not isinstance(site.get(key), int) or site[key] <= 0:
            found.add(f"site_{key}", site.get(key), "not a number of minutes", "Write whole minutes above 0")


def _zones(found: Findings) -> None:
    zones = {str(item.get("id")): item for item in found.model["zones"]}
    networks: list[tuple[str, Network, str]] = []
    for index, item in enumerate(found.model["zones"]):
        key = f"site_zones[{index}]"
        if not item.get("id") or sum(other.get("id") == item.get("id") for other in found.model["zones"]) > 1:
            found.add(f"{key}.id", item.get("id"), "no id, or one used twice", "Give each zone its own id")
        if item.get("parent") and item["parent"] not in zones:
            found.add(f"{key}.parent", item["parent"], "unknown zone", f"Use one of: {', '.join(sorted(zones))}")
        if not item.get("cidrs"):
            found.add(f"{key}.cidrs", None, "no addresses", "List its networks in CIDR form")
        for cidr in item.get("cidrs") or []:
            try:
                networks.append((str(item.get("id")), ipaddress.ip_network(str(cidr)), key))
            except ValueError as exc:
                found.add(f"{key}.cidrs", cidr, str(exc), "Write a network like 10.20.1.0/26")
    _overlaps(found, zones, networks)


def _overlaps(
    found: Findings, zones: Mapping[str, Mapping[str, Any]], networks: list[tuple[str, Network, str]]
) -> None:
    # Sorted by address, only neighbours on the stack of open networks can overlap: no comparison of all with all.
    stack: list[tuple[str, Network]] = []
    ordered = sorted(networks, key=lambda item: (item[1].version, int(item[1].network_address), item[1].prefixlen))
    for name, network, key in ordered:
        while stack and not stack[-1][1].overlaps(network):
            stack.pop()
        for other, outer in stack:
            if other != name and other not in _ancestors(zones, name) and name not in _ancestors(zones, other):
                problem = f"it overlaps {outer} of zone {other}, and neither names the other as parent"
                found.add(f"{key}.cidrs", network, problem, f"Correct it, or set parent: {other}")
        stack.append((name, network))


def _ancestors(zones: Mapping[str, Mapping[str, Any]], name: str) -> list[str]:
    chain: list[str] = []
    parent = zones.get(name, {}).get("parent")
    while parent and parent not in chain:
        chain.append(str(parent))
        parent = zones.get(str(parent), {}).get("parent")
    return chain


def _conduits(found: Findings) -> None:
    zones = {item.get("id") for item in found.model["zones"]}
    roles = found.model["station_roles"]
    for index, conduit in enumerate(found.model["conduits"]):
        key = f"site_conduits[{index}]"
        for side in ("from", "to"):
            if conduit.get(side) not in zones:
                found.add(f"{key}.{side}", conduit.get(side), "unknown zone", "Name a zone of site_zones")
        for needed in ("id", "owner", "justification"):
            if not conduit.get(needed):
                found.add(f"{key}.{needed}", None, f"no {needed}", f"Say its {needed}; without it nothing is allowed")
        found.review(f"{key}.review_by", conduit.get("review_by"))
        try:
            box_of(conduit)
        except InputError as exc:
            found.add(f"{key}.valid_from", conduit.get("valid_from"), exc.message, exc.fix)
        if not conduit.get("services"):
            found.add(f"{key}.services", None, "no services", "List its services or ports")
        for service in conduit.get("services") or []:
            found.service(f"{key}.services", service)
        for phase in set(conduit.get("phases") or []) - {"before", "after", "island"}:
            found.add(f"{key}.phases", phase, "unknown phase", "Use before, after, island")
        for role in conduit.get("station_roles") or []:
            if role not in roles:
                found.add(f"{key}.station_roles", role, "unknown role", "Name a role of site_station_roles")


def _vlan_lists(found: Findings) -> None:
    for key, value, problem, fix in problems(found.model):
        found.add(f"site_vlan_lists{key}", value, problem, fix)


def _windows(found: Findings) -> None:
    timezone = str(found.model["site"].get("timezone"))
    for index, window in enumerate(found.model["windows"]):
        key, span = f"site_windows[{index}]", []
        for side in ("start", "end"):
            try:
                span.append(parse_time(str(window.get(side)), timezone, late=side == "start"))
            except ValueError as exc:
                found.add(f"{key}.{side}", window.get(side), str(exc), "Write a time like 2026-12-05T02:00:00")
        if len(span) == 2 and span[1] <= span[0]:
            found.add(f"{key}.end", window.get("end"), "the window ends before it starts", "Correct start or end")
        if not window.get("id"):
            found.add(f"{key}.id", None, "no id", "Give the window an id")
    for index, day in enumerate(found.model["freeze_days"]):
        try:
            parse_date(day.get("date") or "")
        except ValueError as exc:
            found.add(f"site_freeze_days[{index}].date", day.get("date"), str(exc), "Write a date like 2026-12-24")


def _waves(found: Findings) -> None:
    windows = {window.get("id") for window in found.model["windows"]}
    seen: dict[str, str] = {}
    for index, wave in enumerate(found.model["waves"]):
        key = f"site_waves[{index}]"
        if wave.get("window") not in windows:
            found.add(f"{key}.window", wave.get("window"), "unknown window", "Name a window of site_windows")
        for name in wave.get("stations") or []:
            if name not in found.model["stations"]:
                found.add(f"{key}.stations", name, "no such station", "Name a host of the group stations")
            if name in seen:
                problem = f"the station is in wave {seen[name]} too"
                found.add(f"{key}.stations", name, problem, "Keep it in one wave")
            seen[name] = str(wave.get("id"))


def _lines(found: Findings) -> None:
    used = {station.get("line") for station in found.model["stations"].values()}
    for name, line in found.model["lines"].items():
        source = (line or {}).get("state_source") or {}
        if name in used and not source.get("type"):
            fix = "Say where its state is read: type opcua or manual"
            found.add(f"site_lines.{name}.state_source", None, "no state source: it counts as running", fix)
        if source.get("type") == "opcua" and not source.get("stopped_values"):
            key = f"site_lines.{name}.state_source.stopped_values"
            found.add(key, None, "no value means stopped", "List the states in which the line stands still")


def _staging(found: Findings) -> None:
    staging = found.model["site"].get("staging") or {}
    for part in ("converter", "image"):
        entry = staging.get(part) or {}
        if not entry.get("url"):
            found.add(f"site_staging.{part}.url", None, "no address to fetch it from", "Set its URL")
        if not _SHA256.fullmatch(str(entry.get("sha256") or "")):
            fix = "Set the SHA-256 of the file you checked, 64 hex digits"
            found.add(f"site_staging.{part}.sha256", entry.get("sha256"), "no SHA-256", fix)


def _ums(found: Findings) -> None:
    if not found.model["ums"].get("address"):
        found.add("ums_host", None, "no management server", "Put one host into the group ums and set ums_host")
    firmware = found.model["site"].get("firmware") or {}
    if not firmware.get("product") or not firmware.get("version"):
        found.add("site_firmware", None, "no firmware", "Set product and version as the UMS shows them")


_CHECKS: tuple[tuple[frozenset[str], Callable[[Findings], None]], ...] = (
    (_PLANNED, _site),
    (_RULES, _zones),
    (_RULES, _conduits),
    (_RULES, _vlan_lists),
    (_GATED, _windows),
    (_GATED, _waves),
    (_GATED, _lines),
    (_DISK, _staging),
    (_UMS, _ums),
    (_PLANNED, check_stations),
)
