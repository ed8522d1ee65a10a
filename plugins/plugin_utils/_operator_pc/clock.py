# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a timer on a PC has to go off by its own wall clock, also around the hours that a clock change skips or repeats.

A scheduled task is set by local time. A minute that the change skips never comes; one that it repeats comes twice, and
which of the two is meant is not documented. Pure; the rules are what Windows itself keeps in its registry
(TimeZoneInformation: Bias, DaylightBias, and two SYSTEMTIME structures).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime, timedelta

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import registry

READ = r'reg query "HKLM\SYSTEM\CurrentControlSet\Control\TimeZoneInformation"'
_SYSTEMTIME = struct.Struct("<8H")


@dataclass(frozen=True)
class ClockRules:
    """When a PC changes its clock.

    Attributes:
        bias: minutes that UTC is ahead of its standard time.
        forward: minutes that the clock goes forward in spring, and back in autumn.
        spring, autumn: SYSTEMTIME {year, month, weekday, day, hour, minute, second, millisecond}; year 0 = every year,
            and day then counts the weekdays of the month, 5 being the last.
    """

    bias: int
    forward: int
    spring: tuple[int, ...]
    autumn: tuple[int, ...]


def rules_from(text: str) -> ClockRules | None:
    """Read the output of READ; None where the PC changes no clock, or does not say."""
    bias = _signed(registry.number(registry.value(text, "Bias")))
    daylight = _signed(registry.number(registry.value(text, "DaylightBias")))
    spring, autumn = (_systemtime(registry.value(text, name)) for name in ("DaylightStart", "StandardStart"))
    if bias is None or not daylight or spring is None or autumn is None:
        return None
    if registry.number(registry.value(text, "DynamicDaylightTimeDisabled")) == 1:
        return None
    return ClockRules(bias, -daylight, spring, autumn)


def timer_start(now: datetime, minutes: int, rules: ClockRules | None) -> datetime:
    """Give the local minute at which a timer set now has to go off, never one that does not come.

    Args:
        now: the PC's wall clock with its offset.
        minutes: from now; rounded up to a whole minute.
        rules: None takes the clock as unchanging.

    Raises:
        RefusedError: that minute comes twice.
    """
    due = (now + timedelta(minutes=minutes)).replace(tzinfo=None)
    due = due if not (due.second or due.microsecond) else due.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if rules is None:
        return due
    wall = now.replace(tzinfo=None)
    shift = timedelta(minutes=rules.forward)
    spring, autumn = _change(rules.spring, due.year), _change(rules.autumn, due.year)
    daylight = now.utcoffset() == timedelta(minutes=rules.forward - rules.bias)
    if spring is not None and not daylight and wall < spring <= due:
        return due + shift
    if autumn is not None:
        if daylight and wall < autumn <= due:
            due -= shift
        if autumn - shift <= due < autumn:
            raise RefusedError(
                f"The clock of the PC goes back at {autumn:%H:%M}: its timer at {due:%H:%M} could go off an hour late.",
                fix=f"Run again after that, or with a disarm_after_minutes that ends behind {autumn:%H:%M}.",
            )
    return due


def _change(rule: tuple[int, ...], year: int) -> datetime | None:
    fixed, month, weekday, day, hour, minute = rule[:6]
    if not month or not 1 <= day <= 31:
        return None
    try:
        if fixed:
            return datetime(fixed, month, day, hour, minute) if fixed == year else None
        first = datetime(year, month, 1, hour, minute)
        # SYSTEMTIME counts from Sunday = 0, Python from Monday = 0.
        found = first + timedelta(days=(weekday - (first.weekday() + 1)) % 7 + 7 * (day - 1))
        while found.month != month:
            found -= timedelta(days=7)
    except ValueError:
        return None
    return found


def _systemtime(data: str | None) -> tuple[int, ...] | None:
    try:
        raw = bytes.fromhex(data or "")
    except ValueError:
        return None
    return _registry_order(_SYSTEMTIME.unpack(raw)) if len(raw) == _SYSTEMTIME.size else None


def _registry_order(values: tuple[int, ...]) -> tuple[int, ...]:
    # This key keeps {year, month, week, hour, minute, second, ms, weekday}, unlike SYSTEMTIME in memory and TZI, which
    # have the weekday third: 0 there can only be a Sunday, there is no week 0.
    if values[2] == 0:
        return values
    year, month, week, hour, minute, second, milli, weekday = values
    return year, month, weekday, week, hour, minute, second, milli


def _signed(value: int | None) -> int | None:
    return value if value is None or value < 1 << 31 else value - (1 << 32)
