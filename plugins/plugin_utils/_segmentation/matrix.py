# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The zone-by-zone matrix: which conduits lead from which zone to which, and with what (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


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
