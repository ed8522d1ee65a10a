# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request of IMI v3 on its way through the handlers, and what its body may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .accounts import Account
from .errors import ImiError
from .kinds import Row
from .shapes import Shapes
from .store import UmsStore
from .words import MESSAGES

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
        account: who asks.
        kind: of the objects the path names, ``tc``, ``profile``, ``tcdirectory`` ...; empty for others.
        delay_s: set by a handler: seconds the answer takes, waited for outside the world's lock.
    """

    store: UmsStore
    shapes: Shapes
    ids: tuple[str, ...]
    query: Mapping[str, str]
    content_type: str
    raw: bytes
    account: Account
    kind: str = ""
    delay_s: float = field(default=0.0)

    @property
    def facet(self) -> str:
        """The one facet asked for; unknown ones count as none [assumed]."""
        return self.query.get("facets", "short")

    def demand(self, right: str) -> None:
        """Refuse an account that lacks a right [code documented, when it is used assumed]."""
        if not self.account.may(right):
            raise ImiError("ITG-0B005")

    def sees(self, kind: str, row: Row | None) -> bool:
        """Has the account rights for this object? Rights are given in the tree and inherited [documented]."""
        if not self.account.below or kind not in ("tc", "tcdirectory"):
            return True
        where = "" if row is None else self.store.path(row["id"] if kind == "tcdirectory" else row["parentID"])
        return any(f"{where}/".startswith(f"{path}/") for path in self.account.below)

    def demand_object(self, kind: str, row: Row | None) -> None:
        """Refuse an object the account has no rights for, the root (None) included [code assumed]."""
        if not self.sees(kind, row):
            raise ImiError("ITG-0B005")

    def listed(self, rows: Iterable[Row], kind: str = "") -> list[Row]:
        """Give what a list may show: nothing to an account that may not browse [reported], in any order."""
        if self.store.faults.hits("weak_rights") or not self.account.may("browse"):
            return []
        found = [row for row in rows if self.sees(kind, row)]
        if self.store.faults.hits("shuffled"):
            self.store.random.shuffle(found)
        return found

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


def message(call: Call, key: str, **values: Any) -> dict[str, Any]:
    """Give ``{"message": ...}`` in the words this UMS uses."""
    told = call.store.faults.take("words")
    style = told["style"] if told else call.store.config.get("messages", "recorded")
    return {"message": MESSAGES[style][key].format(**values)}
