# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The model against its own statements, and against what switches hold: no writes, for CI (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.assertions import (
    DENIED,
    PERMITTED,
    judge,
    region,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint_zones import Site
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import BITS, Address, Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.services import services_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_lists import NOT_WITHIN, restricted

PHASES = ("after", "before", "island")
_KEYS = frozenset({"id", "from", "to", "service", "protocol", "ports", "expect", "phase"})

# Station to phase to the rules that are in force now.
Wanted = Mapping[str, Mapping[str, Sequence[Rule]]]


@dataclass(frozen=True)
class Held:
    """What a station's port holds: where, the list's name, its rules, and lines that were not understood.

    ``only`` is the station's address where the list is that of a VLAN interface, which serves others too.
    """

    switch: str
    port: str
    name: str | None
    rules: tuple[Rule, ...]
    opaque: tuple[str, ...] = ()
    only: Address | None = None


def check_statements(
    site: Site,
    statements: Sequence[Mapping[str, Any]],
    wanted: Wanted,
    held: Mapping[str, Held],
    within: Mapping[str, Sequence[Address]] | None = None,
) -> list[dict[str, Any]]:
    """Prove each statement for every station it is about, on the wanted list and on the one its port holds.

    Args:
        site: the model.
        statements: [{id, from, to, service or protocol and ports, expect, phase}]; from is a zone or a station,
            ``to`` a zone or a prefix, ``phase`` after unless said.
        wanted: rules by station and phase.
        held: what ports hold, by station.
        within: station to the networks of its VLAN, where its list stands at the VLAN interface. What stays within the
            VLAN meets no list, so nothing is decided about it.

    Returns:
        [{"id", "station", "of": "plan" or the switch, "verdict", "witness", "rule", "note"}]; of a zone without
        stations one with station "", which is not decided.

    Raises:
        InputError: with every statement that cannot be read.
    """
    read = [_statement(site, number, item) for number, item in enumerate(statements, 1)]
    problems = [text for _item, text in read if text]
    if problems:
        raise InputError(
            f"Statements cannot be read: {'; '.join(problems)}.",
            fix="Each needs from, to, expect, and a service or protocol and ports.",
            problems=problems,
        )
    found: list[dict[str, Any]] = []
    for item, _text in read:
        for station in _stations(site, str(item["from"])) or [""]:
            lists = {"plan": wanted.get(station, {}).get(item["phase"])}
            port = held.get(station)
            if port is not None:
                lists[port.switch] = () if port.opaque else port.rules
            found += _proven(site, item, station, lists, (within or {}).get(station, ()))
    return found


def _proven(
    site: Site,
    item: Mapping[str, Any],
    station: str,
    lists: Mapping[str, Sequence[Rule] | None],
    networks: Sequence[Address],
) -> list[dict[str, Any]]:
    """Prove one statement for one station; what cannot be looked at is told as not decided, never left out."""
    named = {"id": item["id"], "station": station}
    if not station or not site.stations[station].get("address"):
        note = "it has no station_address" if station else f"no station stands in {item['from']}"
        return [{**named, "of": "plan", **_undecided(note)}]
    packets = _region(site, item, station)
    near = _stays_within(packets, networks) and item["expect"] == DENIED
    found = []
    for of, rules in lists.items():
        if rules is None:
            answer = _undecided(f"no rules of phase {item['phase']} are known for it")
        else:
            answer = _judged(rules, packets, item["expect"], near=near)
        found.append({**named, "of": of, **answer})
    return found


def _undecided(note: str) -> dict[str, Any]:
    return {"verdict": "not decided", "witness": None, "rule": None, "note": note}


def _judged(rules: Sequence[Rule], packets: Sequence[Rule], expect: str, *, near: bool) -> dict[str, Any]:
    if not rules or near:
        return _undecided(NOT_WITHIN if near else "the list has lines that are not understood")
    return {**judge(rules, packets, expect).as_dict(), "note": ""}


def _stays_within(packets: Sequence[Rule], networks: Sequence[Address]) -> bool:
    return any(rule.dst.overlaps(network) for rule in packets for network in networks)


def _statement(site: Site, number: int, item: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Give the statement with its defaults, and what is wrong with it."""
    name = str(item.get("id") or f"statement {number}")
    full = {**item, "id": name, "phase": item.get("phase") or "after"}
    unknown = sorted(set(map(str, item)) - _KEYS)
    both = item.get("service") and {"protocol", "ports"} & set(item)
    start, end = str(item.get("from")), str(item.get("to"))
    checks = (
        (unknown, f"{name} has unknown key {', '.join(unknown)}"),
        (both, f"{name} names a service and protocol or ports: only one of them can count"),
        (
            full.get("expect") not in (DENIED, PERMITTED),
            f"{name} expects {full.get('expect')!r}, not denied or permitted",
        ),
        (full["phase"] not in PHASES, f"{name} names phase {full['phase']!r}"),
        (start not in site.zones and start not in site.stations, f"{name}: from {start} is no zone and no station"),
    )
    wrong = next((text for bad, text in checks if bad), "")
    if wrong:
        return full, wrong
    try:
        services_of(item, site.model.get("services"))
        full["targets"] = _targets(site, end)  # once for all stations
        if not full["targets"]:
            return full, f"{name}: to {end} has no IPv4 addresses, so nothing would be proven"
    except InputError as exc:
        return full, f"{name}: {exc.message.rstrip('.')}"
    return full, ""


def _stations(site: Site, start: str) -> list[str]:
    return [start] if start in site.stations else site.occupied.get(start, [])


def _targets(site: Site, end: str) -> list[Address]:
    """Give the IPv4 addresses of a zone, those of the zones inside it included, or of a prefix."""
    if end not in site.zones:
        listed = [Address.of(end)]
    else:
        inside = [site.zones[name] for name in site.zones if end in site.around(name)]
        listed = [Address.of(str(cidr)) for zone in inside for cidr in zone.get("cidrs") or []]
    found: list[Address] = []
    for one in sorted(set(listed), key=lambda address: -address.wildcard):
        if one.bits == BITS["ipv4"] and not any(outer.contains(one) for outer in found):
            found.append(one)
    return found


def _region(site: Site, item: Mapping[str, Any], station: str) -> list[Rule]:
    source = Address.of(str(site.stations[station]["address"]))
    return region(source, item["targets"], item, site.model.get("services") or {})


def check_ports(
    wanted: Wanted, held: Mapping[str, Held], expected: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Say for each port which phase its list means.

    Args:
        wanted: rules by station and phase.
        held: what ports hold, by station.
        expected: station to the phase its port has to be in; the others are only told.

    Returns:
        [{"station", "switch", "port", "list", "phase": after, before, island, none or other, "expected", "ok",
        "difference": None or {"witness", "found", "wanted"}, "not_understood": [line], "note"}]. Without a list the
        phase is none; ``ok`` is None where nothing is expected; ``note`` says what a list at a VLAN interface is not.
    """
    return [_port(name, wanted.get(name, {}), port, (expected or {}).get(name)) for name, port in sorted(held.items())]


def _port(station: str, phases: Mapping[str, Sequence[Rule]], port: Held, expected: str | None) -> dict[str, Any]:
    found = port.rules
    if port.only is not None:
        found = tuple(restricted(found, port.only))
        phases = {phase: restricted(rules, port.only) for phase, rules in phases.items()}
    known = [phase for phase in PHASES if phases.get(phase)]
    fits = [] if port.opaque or port.name is None else [p for p in known if compare(found, phases[p]).equal]
    phase = "none" if port.name is None else (expected if expected in fits else fits[0] if fits else "other")
    difference = None
    against = expected or "after"
    if phase != against and phases.get(against) and not port.opaque:
        difference = difference_of(found, phases[against])
    return {
        "station": station,
        "switch": port.switch,
        "port": port.port,
        "list": port.name,
        "phase": phase,
        "expected": expected,
        "ok": None if expected is None else phase == expected,
        "difference": difference,
        "not_understood": list(port.opaque),
        "note": NOT_WITHIN if port.only is not None else "",
    }


def difference_of(found: Sequence[Rule], wanted: Sequence[Rule]) -> dict[str, Any] | None:
    """Give a packet that two lists treat differently, {"witness", "found", "wanted"}; None if none is known."""
    answer = compare(found, wanted)
    if answer.witness is None:
        return None
    return {"witness": answer.witness.to_dict(), "found": answer.first, "wanted": answer.second}


def strangers(wanted: Iterable[str], held: Mapping[str, Held]) -> list[str]:
    """Give the stations whose port is not in what was read: nothing is known of their lists."""
    return sorted(set(wanted) - set(held))
