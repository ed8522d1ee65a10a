# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of the store as IMI v3 shows them (reference ums-imi-v3, section 4), odd types included."""

from __future__ import annotations

from typing import Any

from .store import Row, UmsStore

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
_ABSENT_ON_OLD = ("lastIP", "batteryLevel", "networkAdapters", "deviceAttributes", "links", "unitID", "firmwareID")


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

    def _flag(self, value: bool) -> bool | str:
        return str(value).lower() if self._as_text else value

    def _links(self, resource: str, row: Row) -> list[dict[str, str]]:
        parent = row["parentID"]
        folder = f"directories/{row.get('type', 'tc')}directories"
        links = [
            {"rel": "self", "href": f"{self._base}/{resource}/{row['id']}"},
            {"rel": "Parent", "href": "root" if parent.startswith("-") else f"{self._base}/{folder}/{parent}"},
        ]
        if row.get("firmwareID"):
            links.append({"rel": "Firmware", "href": f"{self._base}/firmwares/{row['firmwareID']}"})
        return links

    def device(self, row: Row, facet: str, *, single: bool = False) -> dict[str, Any]:
        """Give a device; facet ``details``, ``online``, ``networkadapters``, anything else is the short form."""
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
            "links": self._links("thinclients", row),
        }
        if single:
            shown["lastUser"] = row["details"].get("lastUser", "")
        if facet == "details":
            shown.update(_NEVER)
            shown.update(row["details"])
            shown["configChanges"] = "PENDING" if self._store.pending(row) else "APPLIED"
        elif facet == "online":
            shown["online"] = self._flag(row["online"])
        elif facet == "networkadapters":
            del shown["batteryLevel"]  # as the manual's example [documented]
            if row["lastIP"]:
                shown["networkAdapters"] = [{"type": "lan", "mac": row["mac"], "name": "eth0", "state": "up"}]
        if self._sparse:
            for key in _ABSENT_ON_OLD:
                shown.pop(key, None)
        return shown

    def directory(self, row: Row, children: list[tuple[str, str]] | None) -> dict[str, Any]:
        """Give a directory; DirectoryChildren only if there are any [documented]."""
        shown: dict[str, Any] = {
            "id": row["id"],
            "name": row["name"],
            "parentID": row["parentID"],
            "movedToBin": self._flag(row["bin"]),
            "objectType": "tcdirectory",
            "links": self._links("directories/tcdirectories", row),
        }
        if children:
            shown["DirectoryChildren"] = [
                {"objectType": kind, "id": one, "link": {"rel": kind, "href": f"{self._base}/{_WHERE[kind]}/{one}"}}
                for kind, one in children
            ]
        return shown

    def profile(self, row: Row) -> dict[str, Any]:
        """Give a profile; settings are never shown [documented]."""
        return {
            "firmwareID": row["firmwareID"],
            "isMasterProfile": self._flag(row["type"] == "masterprofile"),
            "overridesSessions": self._flag(False),
            "id": row["id"],
            "name": row["name"],
            "parentID": row["parentID"],
            "movedToBin": self._flag(row["bin"]),
            "objectType": row["type"],
            "links": self._links(f"{row['type']}s", row),
        }

    def assignment(self, profile: str, kind: str, receiver: str, position: int) -> dict[str, Any]:
        """Give an assignment."""
        what = self._store.profiles[profile]["type"]
        return {
            "assignee": {"id": profile, "type": what},
            "receiver": {"id": receiver, "type": kind},
            "assignmentPosition": position,
            "links": [
                {"rel": "assigned", "href": f"{self._base}/{what}s/{profile}"},
                {"rel": "receiver", "href": f"{self._base}/{_WHERE[kind]}/{receiver}"},
            ],
        }

    @staticmethod
    def firmware(row: Row) -> dict[str, Any]:
        """Give a firmware; how OS 12 base systems look here is not documented [assumed: like the others]."""
        kind = row.get("firmwareType", "LX")
        return {"id": row["id"], "product": row["product"], "version": row["version"], "firmwareType": kind,
                "links": []}  # fmt: skip


_WHERE = {"tc": "thinclients", "tcdirectory": "directories/tcdirectories"}
