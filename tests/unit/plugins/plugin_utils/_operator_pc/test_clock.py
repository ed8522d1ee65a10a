# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timers by the wall clock of a PC, around the hours that a clock change skips or repeats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import clock
from hypothesis import given, settings
from hypothesis import strategies as st

KEY = "\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation\n"
BERLIN = (
    KEY + "    Bias    REG_DWORD    0xffffffc4\n    DaylightBias    REG_DWORD    0xffffffc4\n"
    "    StandardStart    REG_BINARY    00000A00050003000000000000000000\n"
    "    DaylightStart    REG_BINARY    00000300050002000000000000000000\n"
)
ZONE = ZoneInfo("Europe/Berlin")


def fixed(moment: datetime) -> datetime:
    """Give the moment as a PC tells it: wall clock and offset, no zone."""
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()))


def at(text: str, fold: int = 0) -> datetime:
    """A moment on the wall; fold 1 is the second of two."""
    return fixed(datetime.fromisoformat(text).replace(tzinfo=ZONE, fold=fold))


def test_rules_are_read_in_both_orders() -> None:
    rules = clock.rules_from(BERLIN)
    assert rules is not None
    assert (rules.bias, rules.forward) == (-60, 60)
    assert rules.spring[:5] == (0, 3, 0, 5, 2)
    in_memory = BERLIN.replace("00000A00050003000000000000000000", "00000A00000005000300000000000000")
    assert clock.rules_from(in_memory) == rules


@pytest.mark.parametrize(
    "text",
    [
        "",
        KEY,
        BERLIN.replace("0xffffffc4\n    Standard", "0x0\n    Standard"),
        BERLIN.replace("REG_BINARY    0000", "REG_BINARY    00"),
        BERLIN + "    DynamicDaylightTimeDisabled    REG_DWORD    0x1\n",
    ],
)
def test_a_pc_that_changes_no_clock_or_does_not_say(text: str) -> None:
    assert clock.rules_from(text) is None


@pytest.mark.parametrize(
    ("now", "fold", "expected"),
    [
        ("2027-03-28T01:40:00", 0, "01:50"),
        ("2027-03-28T01:49:30", 0, "03:00"),  # 01:59:30 and a bit: the minute 02:00 never comes
        ("2027-03-28T01:55:00", 0, "03:05"),
        ("2027-03-28T03:00:00", 0, "03:10"),
        ("2026-10-25T01:40:00", 0, "01:50"),
        ("2026-10-25T01:55:00", 0, None),
        ("2026-10-25T02:20:00", 0, None),
        ("2026-10-25T02:55:00", 0, None),
        ("2026-10-25T02:20:00", 1, None),
        ("2026-10-25T02:52:00", 1, "03:02"),
        ("2026-11-22T23:55:00", 0, "00:05"),
    ],
)
def test_ten_minutes_from_now(now: str, fold: int, expected: str | None) -> None:
    rules = clock.rules_from(BERLIN)
    if expected is None:
        with pytest.raises(RefusedError, match="goes back at 03:00"):
            clock.timer_start(at(now, fold), 10, rules)
    else:
        assert clock.timer_start(at(now, fold), 10, rules).strftime("%H:%M") == expected


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2 * 366 * 24 * 60), st.integers(2, 120))
def test_the_minute_comes_once_and_in_time(minute: int, after: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    wall = moment.astimezone(ZONE)
    try:
        start = clock.timer_start(fixed(wall), after, clock.rules_from(BERLIN))
    except RefusedError:
        assert wall.month == 10
        return
    first, second = (start.replace(tzinfo=ZONE, fold=fold).astimezone(UTC) for fold in (0, 1))
    assert first == second == moment + timedelta(minutes=after)
