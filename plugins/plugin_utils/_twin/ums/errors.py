# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of IMI v3 (reference ums-imi-v3, section 8): codes and texts documented, most status numbers assumed."""

from __future__ import annotations

from typing import Any

# code -> (status, text). Only 0A006 with 400, 0A011 with 400, 0A020 with 404 and 0B with 401 are documented pairs.
TABLE: dict[str, tuple[int, str]] = {
    "ITG-0A001": (404, "Thin client with ID {id} not found."),
    "ITG-0A002": (404, "No target directory with ID {id} found."),
    "ITG-0A003": (400, "{command} is an invalid command."),
    "ITG-0A004": (400, "Invalid request body"),
    "ITG-0A005": (415, "Could not read JSON: {reason}"),
    "ITG-0A006": (400, "Directory with ID <{id}> is not empty. Remove content first."),
    "ITG-0A007": (400, "No MAC defined."),
    "ITG-0A008": (
        400,
        "Insert failed: The statement was aborted because it would have caused a duplicate key value in a unique or"
        " primary key constraint",
    ),
    "ITG-0A009": (400, "No firmware defined."),
    "ITG-0A010": (400, 'For input string: "{value}"'),
    "ITG-0A011": (400, "Request method '{method}' not supported"),
    "ITG-0A012": (400, "IDList is empty."),
    "ITG-0A013": (400, "No valid property in body"),
    "ITG-0A014": (400, "MAC must be 12 characters long."),
    "ITG-0A015": (400, "Firmware with ID {id} does not exist."),
    "ITG-0A016": (400, "Parent with ID {id} does not exist."),
    "ITG-0A017": (400, "Target directory is in Recycling Bin. It must be restored first."),
    "ITG-0A018": (400, "Thin client is in Recycling Bin. It must be restored first."),
    "ITG-0A019": (400, "Invalid assignment receiver"),
    "ITG-0A020": (404, "No handler is mapped for this request."),
    "ITG-0A021": (400, "Invalid assignment"),
    "ITG-0A022": (400, "Profile is in Recycling Bin."),
    "ITG-0A023": (400, "Directory with ID <{id}> has a Default Directory Rule."),
    "ITG-0A024": (400, "Invalid thin client name"),
    "ITG-0B001": (401, "No authentication header found in request."),
    "ITG-0B002": (401, "Invalid login credentials."),
    "ITG-0B003": (401, "No session ID found."),
    "ITG-0B004": (401, "No session found for requested session ID {id}."),
    "ITG-0B005": (401, "Access denied."),
    "ITG-0B006": (400, "No valid IMI API version."),
    "ITG-0B007": (401, "No user found in session"),
    "ITG-0C001": (400, "License required"),
    "ITG-0C002": (400, "Invalid IMI version"),
    "ITG-FF001": (500, "Internal error"),
    "ITG-FF002": (500, "Database error"),
    "ITG-FF003": (500, "Cache error"),
    "ITG-FF004": (500, "Server not available"),
    "ITG-FF005": (500, "Object mapping error"),
    "ITG-FF006": (500, "Invalid object type"),
}


class _Blank(dict[str, Any]):
    """Text for a bracket nobody filled, as when a fault raises a code that has one."""

    def __missing__(self, key: str) -> str:
        return "?"


def unknown() -> ImiError:
    """An object that is not there and has no code of its own: FF006 with 404 [assumed; not documented]."""
    return ImiError("ITG-FF006", status=404)


class ImiError(Exception):
    """An answer that is an error.

    Args:
        code: a key of TABLE.
        status: another HTTP status than the table's.
        values: what the text's brackets stand for.
    """

    def __init__(self, code: str, status: int | None = None, **values: Any) -> None:
        default, text = TABLE[code]
        self.code = code
        self.status = status or default
        self.message = text.format_map(_Blank(values))
        super().__init__(f"{code}: {self.message}")

    def body(self, time: str) -> dict[str, Any]:
        """Give the error body; the stack trace is there because the real API leaks one [documented]."""
        trace = f"[com.igel.imi.error.ImiException: {self.code}, com.igel.imi.web.Dispatcher.invoke(Dispatcher.java:1)]"
        return {"message": self.message, "errorCode": self.code, "time": time, "stackTrace": trace}
