# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The zone-by-zone matrix: which conduits lead from which zone to which, and with what (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint_conduits import (
    forbidden,
    level_skips,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint_zones import Site

# What the linter calls an error of a pair of zones, in the words of the matrix.
FLAGS = {
    "forbidden_conduit": "must never speak",
    "level_skip": "skips the industrial DMZ",
    "unboxed_access": "remote access without end",
}
_FEW, _SOME = 1, 3


def matrix(model: Mapping[str, Any]) -> dict[str, Any]:
    """Give the intended matrix of a site model.

    Returns:
        {"from": [zone], "to": [zone], "cells": {from: {to: [{id, services: [text], phases, station_roles, owner,
        review_by, valid_from, valid_to}]}}}; zones in the order of the model, only those a conduit names. What has no
        cell is denied.
    """
    zones = [str(zone.get("id")) for zone in model.get("zones") or []]
    cells: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for conduit in model.get("conduits") or []:
        entry = {
            "id": str(conduit.get("id")),
            "services": [service_text(item) for item in conduit.get("services") or []],
            "phases": list(conduit.get("phases") or []),
            **{key: conduit.get(key) for key in ("station_roles", "owner", "review_by", "valid_from", "valid_to")},
        }
        cells.setdefault(str(conduit.get("from")), {}).setdefault(str(conduit.get("to")), []).append(entry)
    used = {to for row in cells.values() for to in row}
    return {
        "from": [zone for zone in zones if zone in cells],
        "to": [zone for zone in zones if zone in used],
        "cells": cells,
    }


def service_text(item: Mapping[str, Any]) -> str:
    """Give a service as people write it: its name, or protocol and ports."""
    if item.get("service"):
        return str(item["service"])
    ports = item.get("ports", item.get("port"))
    listed = ports if isinstance(ports, list) else [ports] if ports else []
    return f"{item.get('protocol', 'ip')} {'/'.join(str(port) for port in listed)}".strip()


def heat(model: Mapping[str, Any]) -> dict[str, Any]:
    """Give the matrix as a map of how much is allowed, for people to look at.

    A conduit of an outer zone holds for the zones inside it; one of an inner zone opens the outer one in part.

    Returns:
        {"from": [zone], "to": [zone], "zones": {zone: {kind, level}}, "silent": [zones that no conduit opens], "cells":
        {from: {to: {"conduits": [{id, services, phases, boxed, outer: it is of an outer zone}], "services": how many
        different ones, "weight": 0 (none for the whole zone), 1 (one) to 3 (more than three), "flags": [texts of
        FLAGS], "part": [conduits that open it in part]}}}}; what has no cell is denied.
    """
    found, site = matrix(model), Site(model)
    flags: dict[str, list[str]] = {}
    for finding in (*forbidden(site), *level_skips(site)):
        flags.setdefault(finding.where.removeprefix("conduit "), []).append(FLAGS[finding.code])
    spread = _Spread(site)
    for start, row in found["cells"].items():
        for to, items in row.items():
            spread.add(start, to, items)
    whole, part = spread.whole, spread.part
    rows, columns = set(found["from"]), set(found["to"])
    cells: dict[str, dict[str, Any]] = {}
    for start, to in sorted({*whole, *part}):
        if start in rows and to in columns:
            cells.setdefault(start, {})[to] = _cell(whole.get((start, to), []), part.get((start, to), []), flags)
    opened = {name for pair in (*whole, *part) for name in pair}
    return {
        "from": found["from"],
        "to": found["to"],
        "zones": {name: {"kind": site.kind(name), "level": site.level(name)} for name in sorted(rows | columns)},
        "silent": [name for name in site.zones if name not in opened],
        "cells": cells,
    }


class _Spread:
    """Where the conduits of a pair of zones count: inside both zones whole, around them in part."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._inside: dict[str, list[str]] = {}
        for name in site.zones:
            for outer in site.around(name):
                self._inside.setdefault(outer, []).append(name)
        self.whole: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.part: dict[tuple[str, str], list[str]] = {}

    def add(self, start: str, to: str, items: list[dict[str, Any]]) -> None:
        """Add the conduits from one zone to another."""
        whole = set(product(self._inside.get(start, [start]), self._inside.get(to, [to])))
        for pair in whole:
            own = {"outer": pair != (start, to)}
            self.whole.setdefault(pair, []).extend({**item, **own} for item in items)
        near = [{*self._inside.get(name, []), *self._site.around(name)} for name in (start, to)]
        for pair in set(product(near[0], near[1])) - whole:
            self.part.setdefault(pair, []).extend(item["id"] for item in items)


def _cell(items: list[dict[str, Any]], part: list[str], flags: Mapping[str, list[str]]) -> dict[str, Any]:
    services = {text for item in items for text in item["services"]}
    return {
        "conduits": [
            {**{key: item[key] for key in ("id", "services", "phases", "outer")}, "boxed": bool(item["valid_from"])}
            for item in items
        ],
        "services": len(services),
        "weight": 0 if not services else 1 if len(services) <= _FEW else 2 if len(services) <= _SOME else 3,
        "flags": sorted({text for item in items for text in flags.get(item["id"], [])}),
        "part": sorted(set(part)),
    }
