# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The twin's clock: real time plus what it was stepped by."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since the epoch, UTC, that can be stepped forward.

    Only simulated work follows it (installing, booting, scheduled tasks, revert timers). Line states keep real time,
    because the gates compare them with the controller's clock.
    """

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """Give the twin's time."""
        return time.time() + self.offset

    @staticmethod
    def real() -> float:
        """Give real time, which line states keep."""
        return time.time()

    def step(self, seconds: float) -> None:
        """Jump forward; ValueError for a step back, which no peer could digest."""
        if seconds < 0:
            raise ValueError("the clock steps forward only")
        self.offset += seconds


def iso(epoch: float) -> str:
    """Give ISO 8601 in UTC with milliseconds, as the journal writes it."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
