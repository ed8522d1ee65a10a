# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about the things plugged into the devices. Pure.

Source: UMS IMI v3 contract, sections 1.1, 3 and 5.8: lists are nested twice, ids are numbers, -1 is "unplugged", and
the history names devices by their unit id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import LICENCE, UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, as_text

_UNPLUGGED = "-1"
Raw = Mapping[str, Any]


def no_assets(exc: UmsError, host: str) -> UmsError:
    """Say what it means that a server which lists devices refuses its assets; other refusals stay as they are."""
    if exc.error_code == LICENCE:
        meaning = "this UMS has no licence for asset information"
        fix = (
            "Since UMS 12.07.100 it takes an edition other than Essential and Standard, before that the Enterprise"
            " Management Pack. What is plugged in can be seen in the UMS console of such an edition only."
        )
    elif exc.status == 404 or exc.error_code == "ITG-0A020":
        meaning = "this UMS does not know assets"
        fix = "Asset information came with later releases of UMS; update the server."
    else:
        return exc
    shown = f"HTTP {exc.status}, {exc.error_code}" if exc.error_code else f"HTTP {exc.status}"
    return UmsError(
        f"Cannot list the assets on {host}: {meaning} ({shown}).",
        fix=fix,
        error_code=exc.error_code,
        status=exc.status,
    )


def describe_assets(rows: Iterable[Raw], devices: Iterable[Device]) -> list[dict[str, Any]]:
    """Give one plain dictionary an asset, in order of name and id; ``device`` is None for one that is unplugged."""
    by_id = {item.id: item for item in devices}
    found = []
    for raw in rows:
        device_id = as_text(raw.get("tcId"))
        found.append(
            {
                "id": as_text(raw.get("assetId")),
                "name": as_text(raw.get("assetName")),
                "vendor": as_text(raw.get("assetVendor")),
                "usb_id": as_text(raw.get("deviceId")),
                "categories": [as_text(item.get("categoryName")) for item in _nested(raw, "categoryList")],
                "details": {
                    as_text(item.get("detailKey")): as_text(item.get("detailValue"))
                    for item in _nested(raw, "detailList")
                },
                "device": None if device_id in ("", _UNPLUGGED) else _device(device_id, by_id.get(device_id)),
            }
        )
    return sorted(found, key=lambda item: (item["name"], item["id"]))


def describe_history(rows: Iterable[Raw], devices: Iterable[Device]) -> list[dict[str, Any]]:
    """Give one plain dictionary an event, oldest first."""
    names = {item.unit_id: item.name for item in devices}
    found = []
    for raw in rows:
        event, unit_id = raw.get("event"), as_text(raw.get("unitId")).upper()
        stamp = raw.get("eventTimeStamp")
        found.append(
            {
                "id": as_text(raw.get("historyId")),
                "asset_id": as_text(raw.get("assetId")),
                "unit_id": unit_id,
                "name": names.get(unit_id, ""),
                "event": as_text(event.get("identifier") if isinstance(event, dict) else event),
                "time_ms": int(as_text(stamp)) if as_text(stamp).isdecimal() else None,
            }
        )
    return sorted(found, key=lambda item: (item["time_ms"] or 0, item["id"].zfill(12)))


def _nested(raw: Raw, key: str) -> list[dict[str, Any]]:
    """Give the list under the same key twice, or once."""
    found = raw.get(key)
    if isinstance(found, dict):
        found = found.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _device(device_id: str, device: Device | None) -> dict[str, str]:
    name, unit_id = (device.name, device.unit_id) if device else ("", "")
    return {"id": device_id, "name": name, "unit_id": unit_id}
