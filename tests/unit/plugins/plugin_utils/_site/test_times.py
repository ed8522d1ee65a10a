# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import (
    local_date,
    parse_date,
    parse_time,
    utc_iso,
)


@pytest.mark.parametrize(
    ("text", "late", "expected"),
    [
        ("2026-12-05T02:00:00", False, "2026-12-05T01:00:00Z"),
        ("2026-07-05T02:00:00", False, "2026-07-05T00:00:00Z"),
        ("2026-12-05T02:00:00Z", False, "2026-12-05T02:00:00Z"),
        ("2026-12-05T02:00:00+05:00", False, "2026-12-04T21:00:00Z"),
        # The hour that comes twice: a start means the later one, an end the earlier one.
        ("2026-10-25T02:30:00", True, "2026-10-25T01:30:00Z"),
        ("2026-10-25T02:30:00", False, "2026-10-25T00:30:00Z"),
    ],
)
def test_local_times_become_utc(text: str, late: bool, expected: str) -> None:
    assert utc_iso(parse_time(text, "Europe/Berlin", late=late)) == expected


@pytest.mark.parametrize(
    ("text", "zone", "message"),
    [
        ("2026-03-29T02:30:00", "Europe/Berlin", "does not exist"),
        ("tomorrow", "Europe/Berlin", "not an ISO"),
        ("2026-12-05T02:00:00", "Europe/Nowhere", "no time zone"),
        ("None", "UTC", "not an ISO"),
    ],
)
def test_what_is_no_time_is_refused(text: str, zone: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_time(text, zone)


def test_dates() -> None:
    assert str(parse_date("2027-04-30")) == "2027-04-30"
    with pytest.raises(ValueError, match="not a date"):
        parse_date("30.04.2027")
    # 23:30 UTC is the next day in Berlin.
    assert str(local_date(parse_time("2026-12-23T23:30:00Z", "UTC").timestamp(), "Europe/Berlin")) == "2026-12-24"
