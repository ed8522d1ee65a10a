# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times of a site: local wall-clock times become UTC once, safely over the change of daylight saving time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str) -> ZoneInfo:
    """Give the time zone; raise ValueError for a name that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as exc:
        raise ValueError(f"there is no time zone {name!r}") from exc


def parse_time(text: str, timezone: str, *, late: bool = False) -> datetime:
    """Give an instant in UTC from an ISO 8601 text.

    Args:
        text: with an offset or Z it is taken as it is; without one it is wall-clock time in ``timezone``.
        timezone: the IANA name of the site's time zone.
        late: which of the two instants an hour that comes twice means: the later (a start) or the earlier (an end).

    Raises:
        ValueError: not a time, unknown time zone, or a local time that the spring change skips.
    """
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as exc:
        raise ValueError(f"{text!r} is not an ISO 8601 date and time") from exc
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    local = found.replace(tzinfo=zone(timezone), fold=1 if late else 0)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone(timezone)).replace(tzinfo=None) != found:
        raise ValueError(f"{text} does not exist in {timezone}: the clock is put forward over it")
    return instant


def parse_date(value: str | date) -> date:
    """Give a calendar date; raise ValueError if it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as exc:
        raise ValueError(f"{value!r} is not a date like 2027-04-30") from exc


def utc_iso(instant: datetime) -> str:
    """Give an instant as ISO 8601 UTC text without fractions."""
    return instant.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def local_date(now: float, timezone: str) -> date:
    """Give the calendar date at the site."""
    return datetime.fromtimestamp(now, zone(timezone)).date()


def from_epoch(now: float) -> datetime:
    """Give epoch seconds as an instant in UTC."""
    return datetime.fromtimestamp(now, UTC)
