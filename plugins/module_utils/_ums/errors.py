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
LICENCE = "ITG-0C001"
NOT_OFFERED = frozenset({LICENCE, "ITG-0A020", "ITG-0B006", "ITG-0C002"})
GONE = frozenset({"ITG-0A001", "ITG-0A002"})

_RIGHTS = "Give the account the rights Browse, Read, Write, Move and Assign profile on the objects concerned."
_AGAIN = "Run it again: it reads the server anew first."
_RESTORE = "Restore or remove it in the UMS console; this API cannot."
_OURS = "Check the values of the item named; if they are right, report this as a fault of the collection."
_RELOGIN = "Run it again: it logs in anew. If it stays, check user name and password."
_LOG = "Look into the server's log, then run it again."
_VERSION = "Check that host and port lead to a UMS with IMI v3: UMS 5.07.100 or newer."
_EDITION = (
    "Look at the licence in the UMS console: since UMS 12.07.100 IMI needs the edition Standard, Enterprise, Healthcare"
    " or Government. Essential has none of it, nor priority profiles, device attributes and template keys; asset data"
    " is missing from Standard too. Until then do this by hand in the console."
)

# code: (what it means, what to do)
_MEANING: dict[str, tuple[str, str]] = {
    "ITG-0A001": ("the device does not exist (any more)", _AGAIN),
    "ITG-0A002": ("the directory does not exist (any more)", _AGAIN),
    "ITG-0A003": ("the server does not know that command", _VERSION),
    "ITG-0A004": ("it does not accept the body of the request", _OURS),
    "ITG-0A005": ("it could not read the JSON of the request", _OURS),
    "ITG-0A006": ("the directory is not empty", "Empty it first."),
    "ITG-0A007": ("a MAC address is missing", "Give the item its mac."),
    "ITG-0A008": (
        "a record with that unit id or MAC address is already there",
        "If it is not in the device list, the account may not see it, or it lies in the recycle bin.",
    ),
    "ITG-0A009": ("a firmware is missing", "Give the item its firmware, product and version."),
    "ITG-0A010": ("an id is not a number", _OURS),
    "ITG-0A011": ("the server does not offer this for that resource", _VERSION),
    "ITG-0A012": ("the list of objects is empty", _OURS),
    "ITG-0A013": ("nothing in the request can be changed on that object", _OURS),
    "ITG-0A014": ("a MAC address must have 12 hexadecimal digits", "Correct the mac of the item; quote it."),
    "ITG-0A015": ("the firmware does not exist", _AGAIN),
    "ITG-0A016": ("the parent directory does not exist (any more)", _AGAIN),
    "ITG-0A017": ("the directory lies in the recycle bin", _RESTORE),
    "ITG-0A018": ("the device lies in the recycle bin", _RESTORE),
    "ITG-0A019": ("that object cannot receive a profile", "Assign to devices and device directories only."),
    "ITG-0A020": ("the server does not know this resource", _VERSION),
    "ITG-0A021": ("the assignment is not valid", "Check that profile and receiver still exist, then run it again."),
    "ITG-0A022": ("the profile lies in the recycle bin", _RESTORE),
    "ITG-0A023": ("a default directory rule uses the directory", "Remove that rule in the UMS console first."),
    "ITG-0A024": ("the device name is not allowed", "Check the naming convention and the 15-character limit of UMS."),
    "ITG-0B001": ("no credentials reached it", "Check that nothing between here and the server drops headers."),
    "ITG-0B002": ("the credentials are not accepted", "Check user name and password."),
    "ITG-0B003": ("no session reached it", _RELOGIN),
    "ITG-0B004": ("the session has ended", _RELOGIN),
    "ITG-0B005": ("access is denied", _RIGHTS),
    "ITG-0B006": ("the server does not offer this version of IMI", _VERSION),
    "ITG-0B007": ("the session belongs to no user (any more)", _RELOGIN),
    "ITG-0C001": ("a licence is missing: the edition of this UMS does not include it", _EDITION),
    "ITG-0C002": ("the server does not offer IMI v3", "UMS 5.07.100 or newer is needed."),
    "ITG-FF001": ("it reports an internal error", _LOG),
    "ITG-FF002": ("its database failed", _LOG),
    "ITG-FF003": ("its cache failed", _LOG),
    "ITG-FF004": ("it is not available", "Wait until the server is up, then run it again."),
    "ITG-FF005": ("it could not build its answer", _LOG),
    "ITG-FF006": ("it does not know that kind of object, or not any more", _AGAIN),
}

_ELSEWHERE = "Check that host and port lead to the UMS itself and not to a portal or proxy."
_STATUS: dict[int, tuple[str, str]] = {
    301: ("it sends us to another address", _ELSEWHERE),
    302: ("it sends us to another address", _ELSEWHERE),
    307: ("it sends us to another address", _ELSEWHERE),
    308: ("it sends us to another address", _ELSEWHERE),
    401: ("the session is not accepted", _RELOGIN),
    403: ("access is denied", _RIGHTS),
    404: ("the server does not know this resource", _VERSION),
    415: ("it could not read the request", _OURS),
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
    unknown = ("it reports an internal error", _LOG) if status >= 500 else ("it refused", "Look into the server's log.")
    meaning, fix = _MEANING.get(code) or _STATUS.get(status) or unknown
    kind = UmsUnavailable if status >= 500 or code.startswith("ITG-FF") else UmsError
    shown = f"HTTP {status}, {code}" if code else f"HTTP {status}"
    return kind(f"Cannot {what} on {server}: {meaning} ({shown}).", fix=fix, error_code=code, status=status)
