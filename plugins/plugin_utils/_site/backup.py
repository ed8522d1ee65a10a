# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gate backup: a declared image, or one that operator_pc_backup recorded, whose restore was tested. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.gates import GateResult, closed
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import Verdict
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import from_epoch, parse_date, parse_time

# How old a recorded image may be where station_backup does not say it: a week.
BACKUP_HOURS = 168.0
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def backup_gate(  # noqa: PLR0913 - each is a separate thing read
    planned: Mapping[str, Any],
    station: str,
    verdict: Verdict | None,
    today: str,
    *,
    record: Mapping[str, Any] | None = None,
    now: float = 0.0,
) -> GateResult:
    """Open with a recorded, restore-tested image, or a waiver in the OT release; or if the disk is not touched.

    Args:
        planned: the plan's entry of the station.
        station: its name.
        verdict: of the releases, with the waivers.
        today: date at the site, ISO.
        record: what operator_pc_backup recorded of the station's last image; None without one.
        now: epoch seconds, for the record's age.
    """
    if planned.get("disposition") in ("contain", "retire", "defer"):
        return GateResult(True, f"disposition {planned['disposition']}: the disk is not touched")
    backup = planned.get("backup") or {}
    problem = backup_problem(backup, today)
    made = ""
    if not problem and not backup.get("sha256"):
        problem, made = record_problem(backup, planned.get("expect") or {}, record, now)
    if not problem:
        return GateResult(True, f"image {backup['id']}{made}, restore tested on {backup['restore_tested_on']}")
    reason = verdict.waivers.get(("backup", station)) if verdict is not None and verdict.valid else None
    if reason:
        return GateResult(True, f"waived in the OT release: {reason}")
    return closed(problem, "station_backup {id, sha256, restore_tested_on}, or a waiver in the OT release")


def backup_problem(backup: Mapping[str, Any], today: str) -> str:
    """Say why a backup as it is declared does not count, or "".

    Without a SHA-256 it counts together with the record that operator_pc_backup made under the same id.
    """
    if not backup:
        return "no backup is recorded"
    if not backup.get("id") or not _SHA256.fullmatch(str(backup.get("sha256", "0" * 64))):
        return "the backup record lacks an id or a SHA-256 of 64 hex digits"
    try:
        tested = parse_date(backup.get("restore_tested_on") or "")
    except ValueError as exc:
        return f"restore_tested_on: {exc}"
    try:
        if float(backup.get("max_age_hours", BACKUP_HOURS)) <= 0:
            return "max_age_hours is not above 0"
    except (TypeError, ValueError):
        return f"max_age_hours: {backup.get('max_age_hours')!r} is no number"
    return f"restore_tested_on {tested} lies in the future" if tested > parse_date(today) else ""


def record_problem(
    backup: Mapping[str, Any], expect: Mapping[str, Any], record: Mapping[str, Any] | None, now: float
) -> tuple[str, str]:
    """Hold a declared backup against what was recorded: (why it does not count or "", what was made when).

    Args:
        backup: {id, restore_tested_on, max_age_hours (default 168)}.
        expect: {serial, uuid} of the PC as planned.
        record: of operator_pc_backup; None without one.
        now: epoch seconds.
    """
    name = backup.get("id")
    if not record or record.get("id") != name or record.get("kind") != "image":
        return f"station_backup {name} has no SHA-256, and operator_pc_backup recorded no image of that id", ""
    strange = [key for key, value in expect.items() if value and record.get(key) != value]
    if strange or not any(expect.values()):
        return f"image {name} was made of another PC, by its {' and '.join(strange) or 'numbers'}", ""
    made = f" of {record.get('made_at')} ({record.get('target')})"
    try:
        age = (from_epoch(now) - parse_time(str(record.get("made_at")), "UTC")).total_seconds() / 3600
    except ValueError as exc:
        return f"image {name}: made_at: {exc}", ""
    limit = float(backup.get("max_age_hours", BACKUP_HOURS))
    if not -0.1 <= age <= limit:
        return f"image {name}{made} is {age:.0f} hours old, {limit:.0f} are allowed", ""
    return "", made
