# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of the management server as we hold them, and the tolerant reading of what it sends.

Source: UMS IMI v3 contract, sections 3, 4 and 9.2: ids come as strings or numbers, booleans also as strings,
nearly every field may be missing, lists may be wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError

ROOT = "-1"
# root of the tree of each kind of member (contract 3)
ROOTS = {"tc": ROOT, "profile": "-2", "masterprofile": "-14"}
_WRAPPERS = ("results", "items", "data", "FwResource", "assetinfos", "assethistories")
_MAC = re.compile(r"[0-9A-F]{12}")

# option name: field name on the wire; all are strings that create and update take (contract 5.1)
FIELDS: dict[str, str] = {
    "name": "name",
    "site": "site",
    "department": "department",
    "cost_center": "costCenter",
    "comment": "comment",
    "asset_id": "assetID",
    "in_service_date": "inserviceDate",
    "serial_number": "serialNumber",
}


@dataclass(frozen=True)
class Firmware:
    """A firmware the server has met."""

    id: str
    product: str
    version: str
    kind: str = ""


@dataclass(frozen=True)
class Directory:
    """A device directory; ``parent_id`` is ROOT right below the root."""

    id: str
    name: str
    parent_id: str
    in_bin: bool = False


@dataclass(frozen=True)
class Profile:
    """A profile; ``kind`` is ``profile`` or ``masterprofile`` (priority profile).

    ``parent_id`` is a directory of the tree of its kind, or that tree's root (see ROOTS).
    """

    id: str
    name: str
    kind: str = "profile"
    in_bin: bool = False
    parent_id: str = ""
    firmware_id: str = ""
    overrides_sessions: bool | None = None


@dataclass(frozen=True)
class Device:
    """A device record.

    ``fields`` holds the strings under their names on the wire (see FIELDS), missing ones count as empty.
    ``online`` and ``registered`` are None where the server did not say.
    """

    id: str
    unit_id: str
    mac: str
    parent_id: str = ROOT
    firmware_id: str = ""
    last_ip: str = ""
    product_id: str = ""
    online: bool | None = None
    registered: bool | None = None
    in_bin: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name in the tree; may be empty and is not unique."""
        return self.fields.get("name", "")

    @property
    def connected(self) -> bool:
        """True if the device itself has ever talked to the server; a pre-registered record has not."""
        return bool(self.last_ip or self.product_id or self.online or self.registered)


def normal_mac(text: str) -> str | None:
    """Give the 12 upper-case hexadecimal digits of a MAC address, or None; blanks and ``: - .`` are dropped."""
    digits = re.sub(r"[\s:.-]", "", text).upper()
    return digits if _MAC.fullmatch(digits) else None


def as_text(value: Any) -> str:
    """Give a string or number as string, anything else as empty."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def as_flag(value: Any) -> bool | None:
    """Read a boolean that may come as a string; None if there is none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    return None


def as_list(body: Any, what: str) -> list[dict[str, Any]]:
    """Give the objects of a list answer, bare or wrapped; raise UmsError for any other shape."""
    if isinstance(body, dict):
        body = next((body[key] for key in _WRAPPERS if isinstance(body.get(key), list)), None)
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        raise UmsError(f"Cannot {what}: the answer is not a list of objects.", fix="Check that this is a UMS.")
    return body


def read_firmware(raw: dict[str, Any]) -> Firmware:
    """Read one entry of ``/firmwares``."""
    version, kind = as_text(raw.get("version")), as_text(raw.get("firmwareType"))
    return Firmware(as_text(raw.get("id")), as_text(raw.get("product")), version, kind)


def read_directory(raw: dict[str, Any], root: str = ROOT) -> Directory:
    """Read one directory of the tree with that root."""
    parent = as_text(raw.get("parentID")) or root
    return Directory(as_text(raw.get("id")), as_text(raw.get("name")), parent, bool(as_flag(raw.get("movedToBin"))))


def read_profile(raw: dict[str, Any], kind: str = "profile") -> Profile:
    """Read one profile of the list of ``kind``."""
    return Profile(
        id=as_text(raw.get("id")),
        name=as_text(raw.get("name")),
        kind=kind,
        in_bin=bool(as_flag(raw.get("movedToBin"))),
        parent_id=as_text(raw.get("parentID")) or ROOTS[kind],
        firmware_id=as_text(raw.get("firmwareID")),
        overrides_sessions=as_flag(raw.get("overridesSessions")),
    )


def read_device(raw: dict[str, Any]) -> Device:
    """Read one device in any facet."""
    mac = as_text(raw.get("mac")).upper()
    return Device(
        id=as_text(raw.get("id")),
        unit_id=as_text(raw.get("unitID")).upper() or mac,
        mac=mac,
        parent_id=as_text(raw.get("parentID")) or ROOT,
        firmware_id=as_text(raw.get("firmwareID")),
        last_ip=as_text(raw.get("lastIP")),
        product_id=as_text(raw.get("productId")),
        online=as_flag(raw.get("online")),
        registered=as_flag(raw.get("isThinClientRegistered")),
        in_bin=bool(as_flag(raw.get("movedToBin"))),
        fields={wire: as_text(raw.get(wire)) for wire in FIELDS.values()},
    )
