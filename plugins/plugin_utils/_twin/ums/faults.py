# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of the simulated UMS: switched on by the world's ``inject``, each one once, n times or until ``none``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import TABLE

# What each one does. All take ``count`` (how often; missing = until 'none') and ``after`` (so many go well before);
# those of a request also ``method`` and ``path`` (part of it): only such requests are counted and hit.
KNOWN: dict[str, str] = {
    "status": "answer with args['status'] (default 503) and a page of HTML, nothing is done",
    "error": "answer with the code args['code'] (default ITG-FF001), nothing is done",
    "drop": "close the connection without an answer, nothing is done",
    "drop_after": "do what a write asks, then close the connection without an answer",
    "session_lost": "end all sessions",
    "latency": "answers take args['seconds'] (default 1) longer",
    "localized": "messages are in another language",
    "words": "messages are those of args['style']: manual or recorded (with the {1} nobody fills)",
    "wrapper": "lists of devices come as {args['key'] (default results): [...]} (UMS 12.08.120 can)",
    "direct_only": "devices and directories show direct assignments only, as the manual's examples do",
    "shuffled": "lists come in another order each time",
    "weak_rights": "lists of devices, directories and profiles are empty",
    "license": "answer 0C001 License required",
    "serverstatus_absent": "no serverstatus resource",
    "slow_online": "wait args['seconds'] (default 1) for each device that is offline and asked with facet online",
    "command_fails": "commands are refused by every device",
    "extra_wol": "wakeup answers for one more device than asked",
    "delete_leaves_record": "delete says success and leaves the record (fixed in UMS 12.12.100)",
    "ignore_parent": "a created directory lands in the root whatever parentID was sent",
    "naming_convention": "a created or renamed device gets the name of the UMS's own convention",
    "stringly_booleans": "movedToBin, online and the like come as strings",
    "missing_fields": "optional fields are missing",
}


class Faults:
    """The faults that are on."""

    def __init__(self) -> None:
        self._on: dict[str, dict[str, Any]] = {}

    def inject(self, fault: str, args: Mapping[str, Any]) -> None:
        """Switch a fault on; ``none`` switches all off. ValueError for an unknown one."""
        if fault == "none":
            self._on.clear()
        elif fault not in KNOWN:
            raise ValueError(f"The UMS knows no fault {fault!r}; it knows none, {', '.join(sorted(KNOWN))}.")
        elif fault == "error" and args.get("code", "ITG-FF001") not in TABLE:
            raise ValueError(f"Fault 'error' needs code: one of {', '.join(TABLE)}; found {args['code']!r}.")
        elif fault == "words" and args.get("style") not in ("manual", "recorded"):
            raise ValueError(f"Fault 'words' needs style: manual or recorded; found {args.get('style')!r}.")
        else:
            self._on[fault] = dict(args)

    def take(self, fault: str, method: str = "", path: str = "") -> dict[str, Any] | None:
        """Give the arguments of a fault that is on and count it, else None."""
        args = self._on.get(fault)
        if args is None or str(args.get("method", method)) != method or str(args.get("path", "")) not in path:
            return None
        if int(args.get("after", 0)) > 0:
            args["after"] = int(args["after"]) - 1
            return None
        if args.get("count") is not None:
            left = int(args["count"]) - 1
            if left < 0:
                del self._on[fault]
                return None
            args["count"] = left
        return args

    def hits(self, fault: str, method: str = "", path: str = "") -> bool:
        """Is the fault on? Counts it."""
        return self.take(fault, method, path) is not None

    def any(self) -> bool:
        """Is one on?"""
        return bool(self._on)

    def clear(self, fault: str) -> None:
        """Switch one fault off."""
        self._on.pop(fault, None)
