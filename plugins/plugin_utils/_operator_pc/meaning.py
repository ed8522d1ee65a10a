# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an assessment means: gates, blockers, applications, weak points, a station role to propose (pure).

Everything here is derived from the fields alone, so that it can be derived again when a field is imported or a site
adds a fingerprint. Nothing here is ever a reason to convert; what is not known stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import (
    applications,
    gates,
    station_roles,
    tables,
    weak_points,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fingerprints import (
    Fingerprint,
    Sighting,
    sightings,
)

SERIAL_PORTS = "devices.serial_ports"


def judge(
    assessment: Mapping[str, Any], *, igel_os: int = 12, fingerprints: Sequence[Fingerprint] = ()
) -> dict[str, Any]:
    """Give what the fields mean.

    Args:
        assessment: the document with its fields.
        igel_os: the generation to be installed, 12 or 11.
        fingerprints: the site's own, beside those of tables.py.

    Returns:
        {"igel_os", "gates": [{code, ok, text, needs, imported}], "blockers": [{code, text, field}],
        "applications": [{product, delivery, confidence, evidence}], "delivery": {verdict, confidence, evidence},
        "weak_points": [{code, text, field}], "station_role": {proposal, confidence, evidence},
        "support": {product, ends, extended} or null}.
    """
    seen = sightings(assessment, tables.FINGERPRINTS, fingerprints)
    found = blockers(assessment, seen)
    apps = applications.found(assessment, seen)
    delivery = applications.delivery(assessment, apps, found)
    weak = weak_points.found(assessment, seen)
    return {
        "igel_os": igel_os,
        "gates": gates.gates(assessment, igel_os),
        "blockers": found,
        "applications": apps,
        "delivery": delivery,
        "weak_points": weak,
        "station_role": station_roles.proposal(assessment, delivery, weak),
        "support": weak_points.support(assessment),
    }


def blockers(assessment: Mapping[str, Any], seen: Sequence[Sighting]) -> list[dict[str, str]]:
    """Give what speaks against converting this PC: [{code, text, field}], each once."""
    found = [
        {"code": item.fingerprint.blocker or "local_only_app", "text": item.text, "field": item.field}
        for item in seen
        if item.fingerprint.blocker or item.fingerprint.delivery == "local_only"
    ]
    for port in gates.field(assessment, SERIAL_PORTS) or []:
        if not tables.ONBOARD_PORT.match(port["id"]):
            text = f"Serial port that was added to the PC: {port['name'] or port['id']}"
            found.append({"code": "serial_adapter", "text": text, "field": SERIAL_PORTS})
    return [item for index, item in enumerate(found) if item not in found[:index]]
