# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dispositions: what becomes of a station, and why. Pure. Unknown or missing evidence never means migrate.

Reasons become part of the plan, so they hold no readings: the requirement, not the figure that missed it, which stays
in the assessment. Assessing again and reading the same meaning gives the same reasons in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.assessment import (
    BLOCKER_FIELDS,
    REQUIRED_GATES,
    imported,
    value,
)

# Override may only go up: a site may be more cautious than the evidence, never less.
CAUTION = {"migrate": 0, "contain": 1, "retire": 2, "defer": 2}
DELIVERIES = ("web", "published", "vdi", "local_only")
# Without these the station's place in the site, and so its rules and its UMS record, are not known.
SURVEY_KEYS = ("line", "role", "zone", "switch", "port", "address", "mac")


@dataclass(frozen=True)
class Disposition:
    """migrate, contain, retire or defer, with reasons as ({code, text}, ...).

    ``confidence`` is high where all that decides was read, medium where something beside it is not known, low where
    what is not known decides.
    """

    disposition: str
    reasons: tuple[dict[str, str], ...]
    confidence: str = "low"

    def as_dict(self) -> dict[str, Any]:
        """Give the form of plan and results."""
        return {
            "disposition": self.disposition,
            "reasons": [dict(reason) for reason in self.reasons],
            "confidence": self.confidence,
        }


def _reason(code: str, text: str) -> dict[str, str]:
    return {"code": code, "text": text}


def decide(
    station: Mapping[str, Any],
    assessment: Mapping[str, Any] | None,
    roles: Mapping[str, Any],
    *,
    igel_os: int = 12,
) -> Disposition:
    """Decide from the survey (the site model's entry), the assessment and the site's override.

    Args:
        station: entry of the site model: apps, role, containment, disposition and its place.
        assessment: the stored document, with ``gates`` [{code, ok, needs, imported}] and ``blockers`` [{code, text}];
            or None.
        roles: the site's station roles.
        igel_os: the generation the site installs; an assessment judged for another one tells nothing.

    Returns:
        Anything unknown: defer. A blocker, a local application or a failed hardware gate: contain, where a containment
        (owner, review date, exit condition) is named, else defer. What another tool told can hold a station, but not
        release it: known only from there counts as unknown.
    """
    holds, unknown = _evidence(station, assessment, roles, igel_os)
    if holds:
        found = _contained(station, holds + unknown, "medium" if unknown else "high")
    elif unknown:
        found = Disposition("defer", tuple(unknown))
    else:
        found = Disposition("migrate", (_reason("eligible", "every gate passed and no blocker was found"),), "high")
    return _overridden(station, found)


def _contained(station: Mapping[str, Any], reasons: list[dict[str, str]], confidence: str) -> Disposition:
    containment = station.get("containment") or {}
    missing = [key for key in ("owner", "review_by", "exit_condition") if not containment.get(key)]
    if missing:
        text = f"it has to stay Windows, but station_containment lacks {', '.join(missing)}"
        return Disposition("defer", (*reasons, _reason("no_containment", text)), confidence)
    return Disposition("contain", tuple(reasons), confidence)


def _overridden(station: Mapping[str, Any], found: Disposition) -> Disposition:
    wanted = station.get("disposition")
    if not wanted or wanted == found.disposition:
        return found
    if CAUTION.get(wanted, -1) < CAUTION[found.disposition]:
        text = f"station_disposition {wanted} is not used: it is less cautious than {found.disposition}, or unknown"
        return Disposition(found.disposition, (*found.reasons, _reason("override_refused", text)), found.confidence)
    reasons = [*found.reasons, _reason("override", f"station_disposition says {wanted}")]
    if wanted == "contain":
        return _contained(station, reasons, found.confidence)
    return Disposition(wanted, tuple(reasons), found.confidence)


def _evidence(
    station: Mapping[str, Any], assessment: Mapping[str, Any] | None, roles: Mapping[str, Any], igel_os: int
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Give what holds the station on Windows, and what is not known."""
    holds, unknown = _apps(station)
    missing = [f"station_{key}" for key in SURVEY_KEYS if not station.get(key)]
    if missing:
        unknown.append(_reason("survey_incomplete", f"not surveyed: {', '.join(missing)}"))
    if station.get("role") not in roles:
        unknown.append(_reason("role_unknown", f"role {station.get('role')} is not in site_station_roles"))
    if assessment and assessment.get("igel_os", 12) != igel_os:
        text = f"it was assessed for another generation than IGEL OS {igel_os}: assess it again"
        unknown.append(_reason("assessed_for_other_os", text))
    more_holds, more_unknown = _assessed(assessment)
    return holds + more_holds, unknown + more_unknown


def _apps(station: Mapping[str, Any]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    holds, unknown = [], []
    apps = station.get("apps") or []
    if not apps:
        unknown.append(_reason("apps_unknown", "station_apps does not say what runs here"))
    for app in apps:
        name, delivery = app.get("name", "?"), app.get("delivery")
        if delivery == "local_only":
            holds.append(_reason("local_only", f"{name} runs only locally"))
        elif delivery not in DELIVERIES:
            unknown.append(_reason("delivery_unknown", f"how {name} is delivered is not known"))
    return holds, unknown


def _assessed(assessment: Mapping[str, Any] | None) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    if not assessment:
        return [], [_reason("not_assessed", "there is no assessment")]
    holds, unknown = [], []
    gates = {str(gate.get("code")): gate for gate in assessment.get("gates") or []}
    for code in (*REQUIRED_GATES, *sorted(set(gates) - set(REQUIRED_GATES))):
        gate = gates.get(code, {})
        needs = str(gate.get("needs") or f"gate {code}")
        if gate.get("ok") is False:
            holds.append(_reason(code, f"not met: {needs}"))
        elif gate.get("ok") is not True:
            unknown.append(_reason(code, f"not known: {needs}"))
        elif gate.get("imported"):
            unknown.append(_reason(code, f"known only from another tool: {needs}"))
    blockers = assessment.get("blockers")
    found = {(str(blocker.get("code", "blocker")), str(blocker.get("text", ""))) for blocker in blockers or []}
    holds.extend(_reason(code, text) for code, text in sorted(found))
    unread = [key for key in BLOCKER_FIELDS if value(assessment, key) is None]
    if unread or not isinstance(blockers, list):
        text = f"blockers are not known: {', '.join(unread) or 'they'} could not be read"
        unknown.append(_reason("blockers_unknown", text))
    told = [key for key in BLOCKER_FIELDS if imported(assessment, key)]
    if told:
        text = f"blockers are not known: {', '.join(told)} known only from another tool"
        unknown.append(_reason("blockers_unknown", text))
    return holds, unknown
