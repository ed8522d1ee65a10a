# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of the simulated UMS: switched on by the world's ``inject``, each one once, n times or until ``none``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What each one does, and the arguments it takes besides ``count`` (how often; missing = until 'none').
KNOWN: dict[str, str] = {
    "status": "answer with args['status'] (default 503) and a page of HTML, nothing is done",
    "drop": "close the connection without an answer, nothing is done",
    "drop_after": "do what a write asks, then close the connection without an answer",
    "session_lost": "end all sessions now",
    "wrapper": "lists of devices come as {'results': [...]} (UMS 12.08.120 can)",
    "weak_rights": "lists of devices, directories and profiles are empty",
    "license": "answer 0C001 License required",
    "serverstatus_absent": "no serverstatus resource",
    "slow_online": "wait args['seconds'] (default 1) for each device that is offline and asked with facet online",
    "command_fails": "commands are refused by every device",
    "extra_wol": "wakeup answers for one more device than asked",
    "delete_leaves_record": "delete says success and leaves the record (fixed in UMS 12.12.100)",
    "ignore_parent": "a created directory lands in the root whatever parentID was sent",
    "stringly_booleans": "movedToBin and online come as strings",
    "missing_fields": "optional fields are missing",
    "bin": "put the device with args['mac'] into the recycle bin",
}


class Faults:
    """The faults that are on."""

    def __init__(self) -> None:
        self._on: dict[str, dict[str, Any]] = {}

    def inject(self, fault: str, args: Mapping[str, Any]) -> None:
        """Switch a fault on; ``none`` switches all off. ValueError for an unknown one."""
        if fault == "none":
            self._on.clear()
        elif fault in KNOWN:
            self._on[fault] = dict(args)
        else:
            raise ValueError(f"The UMS knows no fault {fault!r}; it knows none, {', '.join(sorted(KNOWN))}.")

    def take(self, fault: str) -> dict[str, Any] | None:
        """Give the arguments of a fault that is on and count it, else None."""
        args = self._on.get(fault)
        if args is None:
            return None
        if args.get("count") is not None:
            left = int(args["count"]) - 1
            if left < 0:
                del self._on[fault]
                return None
            args["count"] = left
        return args

    def hits(self, fault: str) -> bool:
        """Is the fault on? Counts it."""
        return self.take(fault) is not None

    def clear(self, fault: str) -> None:
        """Switch one fault off."""
        self._on.pop(fault, None)
