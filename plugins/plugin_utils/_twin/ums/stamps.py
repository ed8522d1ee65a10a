# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The date formats of IMI (reference ums-imi-v3, section 3): plain strings without a time zone."""

from __future__ import annotations

import datetime


def _utc(now: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(now, datetime.UTC)


def wire_minute(now: float) -> str:
    """Give ``YYYY-MM-DD HH:MM``, as in lastBoottime."""
    return _utc(now).strftime("%Y-%m-%d %H:%M")


def registration_date(now: float) -> str:
    """Give ``DD.MM.YYYY HH:MM:SS``, as in registrationDate."""
    return _utc(now).strftime("%d.%m.%Y %H:%M:%S")


def error_time(now: float) -> str:
    """Give ``YYYY-MM-DDTHH:MM:SS.mmm``, as in error bodies."""
    return _utc(now).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(now * 1000) % 1000:03d}"
