# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of the store as IMI v3 shows them (reference ums-imi-v3, section 4), odd types included."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .kinds import PATH, Row

if TYPE_CHECKING:
    from .store import UmsStore

_TEXTS = [
    "networkName",
    "site",
    "department",
    "costCenter",
    "comment",
    "assetID",
    "inserviceDate",
    "serialNumber",
    "productId",
    "umsStructuralTag",
    "cpuType",
    "deviceType",
    "deviceSerialNumber",
    "osType",
    "duplexMode",
    "graphicsChipset0",
    "graphicsChipset1",
    "monitorVendor1",
    "monitorModel1",
    "monitorSerialnumber1",
    "monitorNativeResolution1",
    "monitor1YearOfManufacture",
    "monitor1WeekOfManufacture",
    "monitorVendor2",
    "monitorModel2",
    "monitorSerialnumber2",
    "monitorNativeResolution2",
    "monitor2YearOfManufacture",
    "monitor2WeekOfManufacture",
    "biosVendor",
    "biosVersion",
    "biosDate",
    "lastBoottime",
    "lastContact",
    "lastUser",
    "registrationDate",
]
_NUMBERS = [
    "cpuSpeed",
    "flashSize",
    "memorySize",
    "networkSpeed",
    "graphicsMemorySize0",
    "graphicsMemorySize1",
    "monitorSize1",
    "monitorSize2",
]
# A device that never had contact: strings empty, numbers 0, counters "-1" [recorded]; totals are strings [documented].
_NEVER = {
    **dict.fromkeys(_TEXTS, ""),
    **dict.fromkeys(_NUMBERS, 0),
    "totalUsagetime": "-1",
    "totalUptime": "-1",
    "batteryLevel": -1,
    "isThinClientRegistered": "false",  # the table says Boolean, the examples show strings [documented]
    "isConnectedViaReverseProxy": "false",
}
# Fields that came with a version of the UMS [documented].
_SINCE = {
    "configChanges": (6, 7),
    "lastContact": (6, 7),
    "lastUser": (12, 7, 100),
    "isThinClientRegistered": (12, 7, 100),
    "isConnectedViaReverseProxy": (12, 9, 110),
}
VERSION = "12.09.110"
_ADAPTERS_SINCE = (11, 7, 100)  # of IGEL OS [documented]
_ABSENT_ON_OLD = ("lastIP", "batteryLevel", "networkAdapters", "deviceAttributes", "links", "unitID", "firmwareID")


@functools.lru_cache(maxsize=256)
def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:4])


def version_of(config: Mapping[str, Any]) -> tuple[int, ...]:
    """Give the version of the UMS as numbers."""
    return _numbers(str(config.get("version", VERSION)))


class Shapes:
    """The shapes of one request.

    Args:
        store: the rows.
        base_url: ``https://<host>:<port>/umsapi/v3``, for the links.
    """

    def __init__(self, store: UmsStore, base_url: str) -> None:
        self._store = store
        self._base = base_url
        self._as_text = store.faults.hits("stringly_booleans")
        self._sparse = store.faults.hits("missing_fields")
        version = version_of(store.config)
        self._too_new = [key for key, since in _SINCE.items() if version < since]
        self._newest: dict[str, int] = {}

    def _flag(self, value: bool) -> bool | str:
        return str(value).lower() if self._as_text else value

    def _links(self, kind: str, row: Row) -> list[dict[str, str]]:
        parent = row["parentID"]
        folder = kind if kind.endswith("directory") else f"{kind}directory"
        above = "root" if parent.startswith("-") else f"{self._base}/{PATH[folder]}/{parent}"
        links = [
            {"rel": "self", "href": f"{self._base}/{PATH[kind]}/{row['id']}"},
            {"rel": "Parent", "href": above},
        ]
        if row.get("firmwareID"):
            links.append({"rel": "Firmware", "href": f"{self._base}/firmwares/{row['firmwareID']}"})
        return links

    def _pending(self, row: Row) -> bool:
        """Does the device still have to get something (details field configChanges)?"""
        parent = row["parentID"]
        if parent not in self._newest:
            chain = self._store.ancestors(parent)
            self._newest[parent] = max((self._store.directories[one].get("rev", 0) for one in chain), default=0)
        return bool(max(row["rev"], self._newest[parent]) > row["got"])

    def device(self, row: Row, facet: str, *, single: bool = False) -> dict[str, Any]:
        """Give a device; a facet that is not known gives the short form."""
        shown: dict[str, Any] = {
            "id": row["id"],
            "unitID": row["unitID"],
            "mac": row["mac"],
            "firmwareID": row["firmwareID"],
            "networkAdapters": [],
            "deviceAttributes": [],
            "lastIP": row["lastIP"],
            "batteryLevel": 0,
            "name": row["name"],
            "parentID": row["parentID"],
            "movedToBin": self._flag(row["bin"]),
            "objectType": "tc",
            "links": self._links("tc", row),
        }
        if single:
            shown["lastUser"] = row["details"].get("lastUser", "")
        add = _FACETS.get(facet)
        if add is not None:
            add(self, row, shown)
        for key in self._too_new:
            shown.pop(key, None)
        if self._sparse:
            for key in _ABSENT_ON_OLD:
                shown.pop(key, None)
        return shown

    def _details(self, row: Row, shown: dict[str, Any]) -> None:
        shown.update(_NEVER)
        shown.update(row["details"])
        shown["configChanges"] = "PENDING" if self._pending(row) else "APPLIED"

    def _online(self, row: Row, shown: dict[str, Any]) -> None:
        shown["online"] = self._flag(row["online"])

    def _shadow(self, row: Row, shown: dict[str, Any]) -> None:
        """A password for one use, five minutes long [documented]; the device's certificate is not simulated."""
        shown["shadowSecret"] = {"certificate": "", "password": str(uuid.uuid4())}

    def _adapters(self, row: Row, shown: dict[str, Any]) -> None:
        del shown["batteryLevel"]  # as the manual's example [documented]
        firmware = self._store.firmwares.get(row["firmwareID"], {})
        if row["lastIP"] and _numbers(firmware.get("version", "")) >= _ADAPTERS_SINCE:
            one = {"type": "lan", "mac": row["mac"], "name": "eth0", "state": "up"}
            shown["networkAdapters"] = row.get("adapters", [one])

    def _attributes(self, row: Row, shown: dict[str, Any]) -> None:
        """Every attribute the UMS has, with the device's value; allowedValues only of a range [documented]."""
        del shown["batteryLevel"]
        values = row.get("attributes", {})
        shown["deviceAttributes"] = [
            {"name": one["name"], "identifier": key, "value": values.get(key, ""), "type": one["type"],
             **({"allowedValues": one["allowed"]} if one["type"] == "range" else {})}
            for key, one in self._store.attributes.items()
        ]  # fmt: skip

    def _logins(self, row: Row, shown: dict[str, Any]) -> None:
        shown["userLoginHistory"] = row.get("logins", [])

    def directory(self, row: Row, kind: str, children: list[tuple[str, str]] | None) -> dict[str, Any]:
        """Give a directory; DirectoryChildren only if there are any [documented]."""
        shown: dict[str, Any] = {
            "id": row["id"],
            "name": row["name"],
            "parentID": row["parentID"],
            "movedToBin": self._flag(row["bin"]),
            "objectType": kind,
            "links": self._links(kind, row),
        }
        if children:
            shown["DirectoryChildren"] = [
                {"objectType": what, "id": one, "link": {"rel": what, "href": f"{self._base}/{PATH[what]}/{one}"}}
                for what, one in children
            ]
        return shown

    def profile(self, row: Row) -> dict[str, Any]:
        """Give a profile; settings are never shown [documented]."""
        return {
            "firmwareID": row["firmwareID"],
            "isMasterProfile": self._flag(row["type"] == "masterprofile"),
            "overridesSessions": self._flag(row.get("overrides", False)),
            "id": row["id"],
            "name": row["name"],
            "parentID": row["parentID"],
            "movedToBin": self._flag(row["bin"]),
            "objectType": row["type"],
            "links": self._links(row["type"], row),
        }

    def assignment(self, profile: str, kind: str, receiver: str, position: int) -> dict[str, Any]:
        """Give an assignment."""
        what = self._store.profiles[profile]["type"]
        return {
            "assignee": {"id": profile, "type": what},
            "receiver": {"id": receiver, "type": kind},
            "assignmentPosition": position,
            "links": [
                {"rel": "assigned", "href": f"{self._base}/{PATH[what]}/{profile}"},
                {"rel": "receiver", "href": f"{self._base}/{PATH[kind]}/{receiver}"},
            ],
        }

    @staticmethod
    def firmware(row: Row) -> dict[str, Any]:
        """Give a firmware; how OS 12 base systems look here is not documented [assumed: like the others]."""
        kind = row.get("firmwareType", "LX")
        return {"id": row["id"], "product": row["product"], "version": row["version"], "firmwareType": kind,
                "links": []}  # fmt: skip


_FACETS = {
    "details": Shapes._details,
    "online": Shapes._online,
    "shadow": Shapes._shadow,
    "networkadapters": Shapes._adapters,
    "deviceattributes": Shapes._attributes,
    "loginhistory": Shapes._logins,
}
