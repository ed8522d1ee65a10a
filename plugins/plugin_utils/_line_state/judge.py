# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is a line stopped? Pure: what was read goes in, the verdict and its reason come out. Any doubt means running."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.source import Source

UNKNOWN = "unknown"
GOOD = "Good"
SIGNED = "Signed"
# Clocks of controller and line differ a little; a time stamp further in the future is a wrong clock, not a fresh value.
MAX_SKEW_S = 5.0


@dataclass(frozen=True)
class Reading:
    """What was read from a line.

    Args:
        value: the state value, or None.
        quality: name of the OPC UA status code; only ``Good`` is believed. ``Signed`` for a manual state.
        source_time: seconds since the epoch when the source made the value, or None.
        since: seconds since the epoch when the line entered the state, as since_node tells, or None.
        since_quality: quality of that; empty if there is no since_node.
        observed_s: how long the line was seen stopped without a break, by repeated reading.
    """

    value: Any
    quality: str
    source_time: float | None
    since: float | None = None
    since_quality: str = ""
    observed_s: float = 0.0


@dataclass(frozen=True)
class LineState:
    """The verdict.

    Args:
        running: False only if everything speaks for a stopped line.
        state: name from the state map, or ``unknown``.
        quality: of the value; empty if nothing was read.
        source_time: ISO 8601, UTC, or None.
        age_s: seconds between source time and now, or None.
        dwell_s: seconds in this state, or None.
        reason: what speaks for the verdict, for people.
    """

    running: bool
    state: str
    quality: str
    source_time: str | None
    age_s: float | None
    dwell_s: float | None
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Give the form results and evidence carry."""
        return asdict(self)


def unread(reason: str) -> LineState:
    """Give the verdict on a line nothing could be read from: running."""
    return LineState(True, UNKNOWN, "", None, None, None, reason)


def iso(seconds: float) -> str | None:
    """Give ISO 8601 in UTC, or None for a time no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return None


def state_name(value: Any, source: Source) -> str:
    """Name a value by the line's own state map; ``unknown`` for anything it does not hold."""
    if not isinstance(value, str | int | bool):
        return UNKNOWN
    return source.states.get(str(value), UNKNOWN)


def is_stopped_value(reading: Reading, source: Source) -> bool:
    """Does this one value, leaving time aside, say that the line is stopped?"""
    return reading.quality == GOOD and state_name(reading.value, source) in source.stopped


def judge(reading: Reading, source: Source, now: float) -> LineState:
    """Judge a reading: reference ot-segmentation, section 8.

    Args:
        reading: what was read.
        source: how to understand it.
        now: the controller's clock, seconds since the epoch.
    """
    state = state_name(reading.value, source)
    age = None if reading.source_time is None else now - reading.source_time
    dwell = _dwell(reading, source, now)
    checks = (
        _value_doubt(reading, source, state),
        _age_doubt(age, source),
        _dwell_doubt(reading, source, dwell),
    )
    doubt = next((text for text in checks if text), "")
    time = None if reading.source_time is None else iso(reading.source_time)
    return LineState(
        running=bool(doubt),
        state=state,
        quality=reading.quality,
        source_time=time,
        age_s=_rounded(age),
        dwell_s=_rounded(dwell),
        reason=doubt or f"The line is {state} for {dwell:.0f} s.",
    )


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(max(seconds, 0.0) if seconds > -MAX_SKEW_S else seconds, 3)


def _dwell(reading: Reading, source: Source, now: float) -> float | None:
    if not source.since_node:
        return reading.observed_s
    return None if reading.since is None else now - reading.since


def _value_doubt(reading: Reading, source: Source, state: str) -> str:
    if reading.quality != GOOD:
        return f"The quality of the state value is {reading.quality}, not {GOOD}."
    if state == UNKNOWN:
        return f"The state value {reading.value!r} is not in the line's state_map."
    if state not in source.stopped:
        return f"The line is {state}; it counts as stopped when {' or '.join(sorted(source.stopped))}."
    return ""


def _age_doubt(age: float | None, source: Source) -> str:
    if age is None:
        return "The state value has no source time, so its age is unknown."
    if not age >= -MAX_SKEW_S:
        return f"The source time is {-age:.0f} s in the future: the clocks of line and controller do not agree."
    if age > source.max_age_s:
        return f"The state value is stale: {age:.0f} s old, {source.max_age_s:g} s are believed."
    return ""


def _dwell_doubt(reading: Reading, source: Source, dwell: float | None) -> str:
    if source.since_node and reading.since_quality != GOOD:
        return f"The quality of since_node is {reading.since_quality or 'missing'}, not {GOOD}."
    if dwell is None:
        return "since_node gives no time, so how long the line is stopped is unknown."
    if not dwell >= -MAX_SKEW_S:
        return f"since_node is {-dwell:.0f} s in the future: the clocks of line and controller do not agree."
    if max(dwell, 0.0) < source.min_dwell_s:
        return f"The line is stopped for {max(dwell, 0.0):.0f} s, {source.min_dwell_s:g} s are needed."
    return ""
