# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Assess one PC: ask, read out the fields, add what they mean; one connection, no write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import meaning, network
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fields import FIELDS, SECTIONS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.readers import Unreadable, redacted
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.reads import (
    COMMANDS,
    QUERIES,
    Answers,
    ask,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient

FORMAT = 1


def assess(client: WsmanClient, station: str, sections: Iterable[str] | None = None) -> dict[str, Any]:
    """Read a PC and give its assessment.

    Args:
        client: client over the PC's own connection.
        station: inventory name.
        sections: of SECTIONS; default all.

    Returns:
        {"format", "station", "fields": {key: {"value", "origin", "available", "reason"?}},
        "warnings": [text]} and what meaning.judge() adds.
        What cannot be read is ``available: false`` with a reason, its value None; it never becomes a guess.

    Raises:
        TalkError: the PC is not reachable or went away.
        PeerError: not one source answered.
    """
    wanted = set(SECTIONS if sections is None else sections)
    chosen = [item for item in FIELDS if item.section in wanted]
    queries = {name for item in chosen for name in item.queries}
    commands = {name for item in chosen for name in item.commands}
    answers = ask(
        client, [name for name in QUERIES if name in queries], [name for name in COMMANDS if name in commands]
    )
    if chosen and not answers.rows and not answers.text:
        reasons = sorted(set(answers.reasons.values()))
        raise PeerError(
            f"The PC of station {station} let us in and answered nothing: {'; '.join(reasons[:3])}.",
            fix="Use an account in the PC's Administrators group, and see that WMI works on the PC.",
        )
    return document(station, answers, wanted, client.warnings)


def document(station: str, answers: Answers, sections: Iterable[str], warnings: Iterable[str] = ()) -> dict[str, Any]:
    """Give the assessment for these answers (pure)."""
    wanted = set(sections)
    fields = {item.key: _field(item.read, item.origin, answers) for item in FIELDS if item.section in wanted}
    adapters = fields.get("network.adapters", {})
    if adapters.get("available"):
        fields["network.unit_mac_prediction"]["certain"] = network.predict_unit_mac(adapters["value"])[1]
    result: dict[str, Any] = {"format": FORMAT, "station": station, "fields": fields}
    result |= meaning.judge(result)
    result["warnings"] = sorted(set(warnings))
    return result


def _field(read: Any, origin: str, answers: Answers) -> dict[str, Any]:
    try:
        return {"value": redacted(read(answers)), "origin": origin, "available": True}
    except Unreadable as exc:
        return {"value": None, "origin": origin, "available": False, "reason": str(exc)}
