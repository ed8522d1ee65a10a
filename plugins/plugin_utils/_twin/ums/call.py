# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request of IMI v3 on its way through the handlers, and what its body may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import ImiError
from .shapes import Shapes
from .store import UmsStore

_NUMBER = re.compile(r"-?\d+")


@dataclass
class Call:
    """A request whose session was accepted.

    Args:
        store: the UMS.
        shapes: how this request's answer looks.
        ids: the ids of the path.
        query: the query, last value wins.
        content_type: header, or empty.
        raw: the body's bytes.
        kind: of the profiles the path names, ``profile`` or ``masterprofile`` (priority profile).
        delay_s: set by a handler: seconds the answer takes, waited for outside the world's lock.
    """

    store: UmsStore
    shapes: Shapes
    ids: tuple[str, ...]
    query: Mapping[str, str]
    content_type: str
    raw: bytes
    kind: str = "profile"
    delay_s: float = field(default=0.0)

    @property
    def facet(self) -> str:
        """The one facet asked for; unknown ones count as none [assumed]."""
        return self.query.get("facets", "short")

    def _json(self) -> Any:
        media, _semicolon, parameters = self.content_type.partition(";")
        if media.strip().lower() != "application/json":
            raise ImiError("ITG-0A005", reason=f"Content type '{self.content_type}' not supported")
        charset = "utf-8"
        for part in parameters.split(";"):
            name, _equals, value = part.strip().partition("=")
            if name.lower() == "charset":
                charset = value.strip('"')
        try:
            return json.loads(self.raw.decode(charset))
        except (ValueError, LookupError) as exc:
            raise ImiError("ITG-0A005", reason="Unrecognized token or end of input") from exc

    def body_object(self) -> dict[str, Any]:
        """Give the body as an object."""
        body = self._json()
        if not isinstance(body, dict):
            raise ImiError("ITG-0A004")
        return body

    def body_list(self) -> list[dict[str, Any]]:
        """Give the body as a list of objects that is not empty."""
        body = self._json()
        if not isinstance(body, list) or not all(isinstance(entry, dict) for entry in body):
            raise ImiError("ITG-0A004")
        if not body:
            raise ImiError("ITG-0A012")
        return body


def number_id(value: Any) -> str:
    """Give an id that was sent as string [documented] or as number [recorded]; 0A010 for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return value
    if isinstance(value, str):
        raise ImiError("ITG-0A010", value=value)
    raise ImiError("ITG-0A004")


def text(body: Mapping[str, Any], key: str) -> str:
    """Give an optional string; null counts as empty, another type is a bad body [assumed]."""
    value = body.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ImiError("ITG-0A004")
    return value


def api_object(value: Any) -> tuple[str, str]:
    """Read an ApiObject: (id, type); both are mandatory."""
    if not isinstance(value, dict) or not isinstance(value.get("type"), str) or "id" not in value:
        raise ImiError("ITG-0A004")
    return number_id(value["id"]), value["type"]


# Answers whose words differ between the manual and real servers (section 10); style -> key -> text.
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


def message(call: Call, key: str, **values: Any) -> dict[str, Any]:
    """Give ``{"message": ...}`` in the words this UMS uses."""
    style = MESSAGES[call.store.config.get("messages", "recorded")]
    return {"message": style[key].format(**values)}
