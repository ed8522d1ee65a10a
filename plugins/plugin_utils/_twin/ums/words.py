# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What answers say: the manual, real servers and another language word them differently (reference, section 10)."""

from __future__ import annotations

from typing import Any

# style -> key -> text
MESSAGES: dict[str, dict[str, str]] = {
    "recorded": {
        "inserted": "Device successfully inserted.",
        "to_device": "{count} asssignments successfully assigned to device <{{1}}>",
        "to_directory": "{count} asssignments successfully assigned to device directory <{{1}}>",
        "offline_deleted": "Offline deletion successful.",
    },
    "manual": {
        "inserted": "Thin client successfully inserted.",
        "to_device": "{count} asssignments successfully assigned to thinclient <{id}>",
        "to_directory": "{count} asssignments successfully assigned to thinclient directory <{id}>",
        "offline_deleted": "Offline deletion successful",
    },
}
_SESSION = "JSESSIONID="


def localized(body: Any) -> Any:
    """Give a body whose message is in another language; which words a UMS has there is not documented [assumed]."""
    if not isinstance(body, dict) or "message" not in body or str(body["message"]).startswith(_SESSION):
        return body
    failed = "errorCode" in body
    return {**body, "message": "Der Vorgang ist fehlgeschlagen." if failed else "Der Vorgang war erfolgreich."}
