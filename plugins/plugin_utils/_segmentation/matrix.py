# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The zone-by-zone matrix: which conduits lead from which zone to which, and with what (pure)."""

from __future__ import annotations

from collections.abc import Mapping
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

    Returns:
        {"from": [zone], "to": [zone], "zones": {zone: {kind, level}}, "silent": [zones that no conduit names], "cells":
        {from: {to: {"conduits": [{id, services, phases, boxed}], "services": how many different ones, "weight": 1 (one)
        to 3 (more than three), "flags": [texts of FLAGS]}}}}; what has no cell is denied.
    """
    found, site = matrix(model), Site(model)
    flags: dict[str, list[str]] = {}
    for finding in (*forbidden(site), *level_skips(site)):
        flags.setdefault(finding.where.removeprefix("conduit "), []).append(FLAGS[finding.code])
    cells = {
        start: {to: _cell(items, flags) for to, items in sorted(row.items())}
        for start, row in sorted(found["cells"].items())
    }
    named = {*found["from"], *found["to"]}
    return {
        "from": found["from"],
        "to": found["to"],
        "zones": {name: {"kind": site.kind(name), "level": site.level(name)} for name in sorted(named)},
        "silent": [name for name in site.zones if name not in named],
        "cells": cells,
    }


def _cell(items: list[dict[str, Any]], flags: Mapping[str, list[str]]) -> dict[str, Any]:
    services = {text for item in items for text in item["services"]}
    return {
        "conduits": [
            {
                "id": item["id"],
                "services": item["services"],
                "phases": item["phases"],
                "boxed": bool(item["valid_from"]),
            }
            for item in items
        ],
        "services": len(services),
        "weight": 1 if len(services) <= _FEW else 2 if len(services) <= _SOME else 3,
        "flags": sorted({text for item in items for text in flags.get(item["id"], [])}),
    }
