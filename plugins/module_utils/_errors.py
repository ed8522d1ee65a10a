# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one exception tree: every area raises these, every face turns them into one clear failure."""

from __future__ import annotations

from typing import Any


class OtedgeError(Exception):
    """Base of all failures that a user can act on.

    Args:
        message: what was attempted, on what, and what was found.
        fix: the next step of the person who reads it; empty where there is none.
        details: plain JSON data for the result key ``failure``; never a secret.
    """

    code = "error"

    def __init__(self, message: str, *, fix: str = "", **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()

    def as_failure(self) -> dict[str, Any]:
        """Give the structured form that results carry beside ``msg``."""
        return {"code": self.code, "fix": self.fix, **self.details}


class InputError(OtedgeError):
    """What the user gave is wrong; nothing was touched."""

    code = "input"


class TalkError(OtedgeError):
    """The peer cannot be reached or does not let us in: the host is unreachable."""

    code = "talk"


class PeerError(OtedgeError):
    """The peer answered, and the answer is a refusal or is not understood."""

    code = "peer"


class RefusedError(OtedgeError):
    """A gate, guard or proof says no; nothing was written."""

    code = "refused"


class RecordsError(OtedgeError):
    """The records folder cannot be read, written or trusted."""

    code = "records"
