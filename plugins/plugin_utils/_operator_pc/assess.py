# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Assess one PC: ask, read out the fields, add what they mean; one connection, no write."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import meaning, network
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers, Gentle
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.field import Field
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fields import FIELDS, SECTIONS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.readers import Unreadable, redacted
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.reads import ask
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.sources import (
    COMMANDS,
    QUERIES,
    USER_COMMANDS,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient

FORMAT = 1
Judge = Callable[[Mapping[str, Any]], dict[str, Any]]


def gentle(*, busy_percent: int = 0, wait_s: float = 0.0, skip: Iterable[str] = ()) -> Gentle:
    """Build how gently to ask out of a caller's options.

    Args:
        busy_percent: 0 to 100; 0 does not look at the load.
        wait_s: seconds to wait for a busy PC.
        skip: names of sections, queries, commands or classes, in any case.

    Raises:
        InputError: a number out of range, or a name nothing is called by.
    """
    if not 0 <= busy_percent <= 100 or not 0 <= wait_s <= 600:
        raise InputError(
            f"cpu_guard is {busy_percent} and cpu_wait is {wait_s:g}.",
            fix="Give a percentage from 0 to 100, and 0 to 600 seconds.",
        )
    classes = {query.name.lower() for query in QUERIES.values()}
    known = {*SECTIONS, *QUERIES, *COMMANDS, *USER_COMMANDS, *classes} - {"none"}
    names = {name.strip().lower() for name in skip}
    if names - known:
        raise InputError(
            f"skip names {', '.join(sorted(names - known))}, which nothing is called by.",
            fix=f"Name sections ({', '.join(SECTIONS)}), or classes such as Win32_Printer.",
        )
    # A section's name is often that of one of its sources too, which others may need: then the section is meant.
    sections = names & set(SECTIONS)
    return Gentle(busy_percent, wait_s, skip=frozenset(names - sections), skip_sections=frozenset(sections))


def assess(  # noqa: PLR0913 - the clock and its like by name
    client: WsmanClient,
    station: str,
    sections: Iterable[str] | None = None,
    how: Gentle | None = None,
    *,
    judge: Judge = meaning.judge,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Read a PC and give its assessment.

    Args:
        client: client over the PC's own connection.
        station: inventory name.
        sections: of SECTIONS; default all.
        how: how gently; default: without a look at the load.
        judge: gives what the fields mean; default meaning.judge for IGEL OS 12.
        now: the controller's clock, seconds since 1970.
        sleep: waits for a busy PC.

    Returns:
        {"format", "station", "fields": {key: {"value", "origin", "available", "reason"?}},
        "warnings": [text]} and what meaning.judge() adds.
        What cannot be read is ``available: false`` with a reason, its value None; it never becomes a guess.

    Raises:
        TalkError: the PC is not reachable. One that goes away while it is read gives what was read until then.
        PeerError: not one source answered.
    """
    how = how or Gentle()
    wanted = set(SECTIONS if sections is None else sections)
    chosen = [item for item in FIELDS if item.section in wanted - how.skip_sections]
    queries = {name for item in chosen for name in item.queries}
    commands = {name for item in chosen for name in item.commands}
    answers = ask(client, queries, commands, how, now=now, sleep=sleep)
    # Too much is an answer too, and what was not asked could not be answered.
    reasons = sorted(reason for reason in set(answers.reasons.values()) if not reason.startswith("not asked"))
    silent = not answers.rows and not answers.text and not any(reason.startswith("too m") for reason in reasons)
    if reasons and silent:
        raise PeerError(
            f"The PC of station {station} let us in and answered nothing: {'; '.join(reasons[:3])}.",
            fix="Use an account in the PC's Administrators group, and see that WMI works on the PC.",
        )
    return document(station, answers, wanted, client.warnings, how.skip_sections, judge)


def document(  # noqa: PLR0913, PLR0917 - the parts of one document
    station: str,
    answers: Answers,
    sections: Iterable[str],
    warnings: Iterable[str] = (),
    skip: Iterable[str] = (),
    judge: Judge = meaning.judge,
) -> dict[str, Any]:
    """Give the assessment for these answers (pure); fields of a skipped section say so."""
    wanted, skipped = set(sections), set(skip)
    fields = {item.key: _field(item, answers, skipped) for item in FIELDS if item.section in wanted}
    adapters = fields.get("network.adapters", {})
    if adapters.get("available"):
        fields["network.unit_mac_prediction"]["certain"] = network.predict_unit_mac(adapters["value"])[1]
    result: dict[str, Any] = {"format": FORMAT, "station": station, "fields": fields}
    result |= judge(result)
    result["warnings"] = sorted({redacted(str(warning)) for warning in warnings})
    return result


def _field(item: Field, answers: Answers, skipped: set[str]) -> dict[str, Any]:
    reason = f"not asked: {item.section} is in skip" if item.section in skipped else ""
    if not reason:
        try:
            return {"value": redacted(item.read(answers)), "origin": item.origin, "available": True}
        except Unreadable as exc:
            reason = str(exc)
    return {"value": None, "origin": item.origin, "available": False, "reason": redacted(reason)}
