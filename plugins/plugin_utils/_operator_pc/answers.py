# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a PC answered, and how gently it was asked: the data between asking (reads) and reading (readers)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.paging import Limits

MAX_ROWS = 5000


@dataclass(frozen=True)
class Gentle:
    """How much a PC may be asked to do.

    Attributes:
        busy_percent: CPU load from which heavy sources are not asked; 0 asks them always and does not read the load.
        wait_s: seconds to wait, at most, for a busy PC to become idle.
        limits: rows, bytes and seconds of one class; beyond them the class is left alone.
        total_s: seconds after which nothing more is asked; a class that was begun may go on to its own limit.
        skip: names of queries, commands or classes that are not asked, lower case.
        skip_sections: sections of which nothing is asked.
    """

    busy_percent: int = 0
    wait_s: float = 0.0
    limits: Limits = Limits(items=MAX_ROWS, pages=200, size=16 * 1024 * 1024, seconds=60.0)
    total_s: float = 600.0
    skip: frozenset[str] = frozenset()
    skip_sections: frozenset[str] = frozenset()


@dataclass
class Answers:
    """What came back.

    Attributes:
        rows: of the queries.
        text: output of the commands; that of a user's as ``<command>.<sid>``.
        reasons: why a source has no answer.
        absent: queries whose class does not exist on this Windows.
        users: SIDs of the accounts whose hives are loaded; None where that is not known.
        asked_at: controller's time in the middle of the reading of the PC's time, seconds since 1970.
        round_trip: seconds that reading took.
    """

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    users: list[str] | None = None
    asked_at: float | None = None
    round_trip: float = 0.0

    @property
    def version(self) -> tuple[int, int] | None:
        """Give (major, minor) of this Windows, or None."""
        found = self.rows.get("os") or [{}]
        match = re.match(r"(\d{1,4})\.(\d{1,4})\b", str(found[0].get("Version") or ""))
        return (int(match[1]), int(match[2])) if match else None

    @property
    def bits(self) -> int | None:
        """Give 32 or 64: the width of this Windows, or None."""
        found = self.rows.get("os") or [{}]
        match = re.search(r"\d+", str(found[0].get("OSArchitecture") or ""))
        return int(match[0]) if match else None
