# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a simulated management server tells of itself, kept for a test: every request, and those that wrote."""

from __future__ import annotations

import threading
from typing import Any


class JournalHooks:
    """Requests as "METHOD /path", in the order they came; the clock stands still."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.requests: list[str] = []
        self.writes: list[str] = []

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        if kind == "request":
            self.requests.append(f"{data['method']} {data['path'].removeprefix('/umsapi/v3')}")
            if write:
                self.writes.append(self.requests[-1])

    def now(self) -> float:
        return 1_792_000_000.0

    def changed(self, name: str = "") -> None:
        pass
