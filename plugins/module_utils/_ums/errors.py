# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the management server refuses, decided by its error code and HTTP status, never by its text.

Source: UMS IMI v3 contract, section 8. The server's messages may be translated and its stack traces leak
internals, so neither is passed on: the words here are ours.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError

SESSION_LOST = frozenset({"ITG-0B003", "ITG-0B004"})
DUPLICATE = "ITG-0A008"
NOT_EMPTY = "ITG-0A006"
GONE = frozenset({"ITG-0A001", "ITG-0A002"})

_RIGHTS = "Give the account the rights Browse, Read, Write, Move and Assign profile on the objects concerned."
_AGAIN = "Run it again: it reads the server anew first."
_RESTORE = "Restore or remove it in the UMS console; this API cannot."

# code: (what it means, what to do)
_MEANING: dict[str, tuple[str, str]] = {
    "ITG-0A001": ("the device does not exist (any more)", _AGAIN),
    "ITG-0A002": ("the directory does not exist (any more)", _AGAIN),
    "ITG-0A006": ("the directory is not empty", "Empty it first."),
    "ITG-0A007": ("a MAC address is missing", ""),
    "ITG-0A008": (
        "a record with that unit id or MAC address is already there",
        "If it is not in the device list, the account may not see it, or it lies in the recycle bin.",
    ),
    "ITG-0A009": ("a firmware is missing", ""),
    "ITG-0A014": ("a MAC address must have 12 hexadecimal digits", ""),
    "ITG-0A015": ("the firmware does not exist", _AGAIN),
    "ITG-0A016": ("the parent directory does not exist (any more)", _AGAIN),
    "ITG-0A017": ("the directory lies in the recycle bin", _RESTORE),
    "ITG-0A018": ("the device lies in the recycle bin", _RESTORE),
    "ITG-0A019": ("that object cannot receive a profile", ""),
    "ITG-0A020": ("the server does not know this resource", "Check that host and port lead to a UMS with IMI v3."),
    "ITG-0A021": ("the assignment is not valid", ""),
    "ITG-0A022": ("the profile lies in the recycle bin", _RESTORE),
    "ITG-0A023": ("a default directory rule uses the directory", "Remove that rule in the UMS console first."),
    "ITG-0A024": ("the device name is not allowed", "Check the naming convention and the 15-character limit of UMS."),
    "ITG-0B005": ("access is denied", _RIGHTS),
    "ITG-0C001": ("a licence is missing", "IMI needs a UMS edition other than Essential."),
    "ITG-0C002": ("the server does not offer IMI v3", "UMS 5.07.100 or newer is needed."),
    "ITG-FF002": ("its database failed", "Look into the server's log, then run it again."),
    "ITG-FF004": ("it is not available", "Wait until the server is up, then run it again."),
}

_STATUS: dict[int, tuple[str, str]] = {
    401: ("the session is not accepted", "Check user name and password."),
    403: ("access is denied", _RIGHTS),
    404: ("the server does not know this resource", "Check that host and port lead to a UMS with IMI v3."),
    415: ("it could not read the request", ""),
    503: ("it is not available", "Wait until the server is up, then run it again."),
}


class UmsError(PeerError):
    """The management server answered with a refusal.

    Args:
        message: what was attempted, on what, and what the refusal means.
        fix: the next step.
        error_code: the server's code (``ITG-0A008``), empty where it sent none.
        status: the HTTP status.
    """

    code = "ums"

    def __init__(self, message: str, *, fix: str = "", error_code: str = "", status: int = 0, **details: Any) -> None:
        super().__init__(message, fix=fix, error_code=error_code, status=status, **details)
        self.error_code = error_code
        self.status = status


class UmsUnavailable(UmsError):
    """The server is up but cannot serve now (HTTP 5xx or an internal error); trying later may help."""

    code = "ums_unavailable"


def error_code_of(body: Any) -> str:
    """Give the error code of an answer's body, or an empty string."""
    code = body.get("errorCode") if isinstance(body, dict) else None
    return code if isinstance(code, str) else ""


def refusal(what: str, server: str, status: int, body: Any) -> UmsError:
    """Turn an error answer into a typed error.

    Args:
        what: the attempt, as words that follow "Cannot".
        server: the server's base address.
        status: HTTP status of the answer.
        body: parsed JSON of the answer, or None.
    """
    code = error_code_of(body)
    unknown = ("it reports an internal error", "Look into the server's log.") if status >= 500 else ("it refused", "")
    meaning, fix = _MEANING.get(code) or _STATUS.get(status) or unknown
    kind = UmsUnavailable if status >= 500 or code.startswith("ITG-FF") else UmsError
    shown = f"HTTP {status}, {code}" if code else f"HTTP {status}"
    return kind(f"Cannot {what} on {server}: {meaning} ({shown}).", fix=fix, error_code=code, status=status)
