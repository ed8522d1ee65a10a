# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gates: checks that must hold right before a step. Pure; unknown = closed; the clock is given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import Verdict
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import (
    from_epoch,
    local_date,
    parse_date,
    parse_time,
    utc_iso,
)

GATES = ("lock", "stop", "release", "window", "freeze", "line_state", "backup", "drift")
DRIFT_FIELDS = ("line", "role", "zone", "switch", "port", "address", "mac", "backup", "containment")
# Automation nodes that share the records may be a little apart.
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class GateResult:
    """One gate for one station: open or not, what was read, what would open it."""

    open: bool
    read: str
    needs: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give the form of results and evidence."""
        return {"open": self.open, "read": self.read, "needs": "" if self.open else self.needs}


def closed(read: str, needs: str) -> GateResult:
    """Give a closed gate."""
    return GateResult(False, read, needs)


def lock_gate(lock: Mapping[str, Any], *, mine: bool, held: bool) -> GateResult:
    """Open unless another run holds the site.

    Args:
        lock: the lock's content, {} without one.
        mine: this process belongs to the holder.
        held: the holder is alive, or on another host where that cannot be told.
    """
    if not lock or mine or not held:
        return GateResult(True, "held by this run" if lock and mine else "free")
    who = f"{lock.get('what')}, process {lock.get('pid')} on {lock.get('host')} since {lock.get('since')}"
    return closed(f"held by {who}", "that run has to end; if it surely has, remove lock.json from the records")


def stop_gate(stop: bool) -> GateResult:
    """Open unless the stop file exists."""
    if stop:
        return closed("the stop file exists", "remove the file stop from the records folder")
    return GateResult(True, "no stop file")


def clock_problem(now: float, last: str) -> str:
    """Say why the controller's clock cannot be believed, or "": time does not run backwards over the evidence.

    Args:
        now: epoch seconds on the controller's clock.
        last: time of the last evidence, ISO 8601; "" where there is none, or none that can be read.
    """
    try:
        behind = parse_time(last, "UTC") - from_epoch(now) if last else timedelta(0)
    except ValueError:
        return ""
    if behind <= CLOCK_TOLERANCE:
        return ""
    return f"the controller's clock says {utc_iso(from_epoch(now))}, but the evidence goes on to {last}"


def release_gate(verdict: Verdict | None) -> GateResult:
    """Open if both people released exactly this plan, now."""
    if verdict is None:
        return closed("no release was read", "a plan and both its releases")
    if not verdict.valid:
        return closed(
            "; ".join(problem.rstrip(".") for problem in verdict.problems),
            "valid releases of OT and IT: the play release prints the commands",
        )
    return GateResult(True, f"released by OT and IT until {verdict.not_after}")


def window_gate(  # noqa: PLR0913 - each is a separate thing read
    plan: Mapping[str, Any],
    station: str,
    now: float,
    *,
    converting: bool = True,
    windows: list[dict[str, Any]] | None = None,
) -> GateResult:
    """Open between start and last start of the station's wave, in the released plan and in today's inventory.

    Args:
        plan: the stored plan.
        station: its name.
        now: epoch seconds.
        converting: a conversion may still follow: last start is the end minus conversion and fall-back minutes.
        windows: today's inventory; a window moved or narrowed there after the release counts as well.
    """
    planned = plan.get("stations", {}).get(station, {})
    wave = next((item for item in plan.get("waves", []) if item.get("id") == planned.get("wave")), None)
    if wave is None:
        return closed("the station is in no wave", "put it into a wave in site_waves and plan again")
    sources = [("plan", plan.get("windows"))] + ([("inventory", windows)] if windows is not None else [])
    budget = timedelta(0)
    if converting and planned.get("disposition") == "migrate":
        minutes = plan.get("budget", {})
        budget = timedelta(minutes=float(minutes.get("convert_minutes", 0)) + float(minutes.get("fallback_minutes", 0)))
    read = ""
    for source, listed in sources:
        window = next((item for item in listed or [] if item.get("id") == wave.get("window")), None)
        if window is None:
            return closed(f"the {source} has no window {wave.get('window')}", "define it in site_windows")
        result = _within(window, str(plan.get("timezone") or "UTC"), now, budget)
        if not result.open:
            return closed(f"{source}: {result.read}", result.needs)
        read = read or result.read
    return GateResult(True, read)


def _within(window: Mapping[str, Any], timezone: str, now: float, budget: timedelta) -> GateResult:
    try:
        start = parse_time(str(window.get("start")), timezone, late=True)
        end = parse_time(str(window.get("end")), timezone)
    except ValueError as exc:
        return closed(f"window {window.get('id')}: {exc}", "correct it in site_windows")
    last, moment = end - budget, from_epoch(now)
    span = f"window {window.get('id')} {utc_iso(start)} to {utc_iso(end)}, last start {utc_iso(last)}"
    if start <= moment < last:
        return GateResult(True, span)
    return closed(f"{utc_iso(moment)} is outside {span}", "run inside the window, or plan and release another one")


def freeze_gate(timezone: str, now: float, *calendars: list[dict[str, Any]] | None) -> GateResult:
    """Open if today, at the site, is a freeze day of no calendar."""
    try:
        today = local_date(now, timezone)
        for calendar in calendars:
            for day in calendar or []:
                if parse_date(day.get("date", "")) == today:
                    return closed(f"{today} is a freeze day: {day.get('reason', '')}", "wait for another day")
    except ValueError as exc:
        return closed(f"the freeze days cannot be read: {exc}", "correct site_freeze_days or site_timezone")
    return GateResult(True, f"{today} is no freeze day")


def line_terms(line: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give what a release says about a line: how its state is read and what counts as stopped, not where it is dialled.

    Args:
        line: an entry of site_lines.
    """
    source = {key: value for key, value in ((line or {}).get("state_source") or {}).items() if key != "endpoint"}
    terms: dict[str, Any] = json.loads(json.dumps(source, sort_keys=True, default=str))
    return terms


def terms_problem(planned: Mapping[str, Any] | None, line: Mapping[str, Any] | None) -> GateResult | None:
    """Close the gate where the inventory calls stopped what the released plan does not; None if both say the same."""
    current = line_terms(line)
    if planned == current:
        return None
    changed = sorted(key for key in {*(planned or {}), *current} if (planned or {}).get(key) != current.get(key))
    return closed(
        f"how the state of the line is judged was changed since the plan: {', '.join(changed) or 'not in the plan'}",
        "undo the change in site_lines, or plan again and have the new plan released",
    )


def line_gate(line: str, state: Mapping[str, Any] | None) -> GateResult:
    """Open if the line surely stands still; no answer counts as running."""
    if state is None:
        return closed(f"no state of line {line}", f"a readable state_source for {line} in site_lines")
    text = f"{line}: {state.get('state')}, quality {state.get('quality')}, {state.get('reason') or 'no reason given'}"
    if state.get("running") is False:
        return GateResult(True, text)
    return closed(text, f"{line} stopped, with good quality, long enough")


def drift_gate(
    planned: Mapping[str, Any],
    current: Mapping[str, Any] | None,
    live: Mapping[str, Any] | None = None,
) -> GateResult:
    """Open if inventory, and the PC itself where it was read, are still what the plan assumed.

    Args:
        planned: the plan's entry of the station.
        current: the station in today's inventory; None if it is not there.
        live: {serial, uuid} read from the PC now; None if it was not read.
    """
    if current is None:
        return closed("the station is not in the inventory", "plan again and have the new plan released")
    found = [
        f"{key}: planned {planned.get(key)!r}, now {current.get(key)!r}"
        for key in DRIFT_FIELDS
        if _same(planned.get(key)) != _same(current.get(key))
    ]
    if live is not None and not any((planned.get("expect") or {}).values()):
        found.append("the plan does not know by which serial number or UUID to tell this PC from another")
    for key, value in (planned.get("expect") or {}).items():
        if live is not None and value and live.get(key) != value:
            found.append(f"{key} of the PC: planned {value!r}, now {live.get(key)!r}")
    if found:
        return closed("; ".join(found), "undo the change, or plan again and have the new plan released")
    return GateResult(True, "as planned")


def _same(value: Any) -> Any:
    return value.lower().replace("-", ":") if isinstance(value, str) else value or None
