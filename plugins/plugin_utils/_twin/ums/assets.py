# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asset information and history of IMI v3 (reference ums-imi-v3, section 5.8), doubled nesting included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .call import Call, number_id
from .devices import device
from .kinds import Row


def _infos(call: Call, rows: Iterable[Row]) -> Any:
    shown = [
        {
            "tcId": int(row["tc"]) if row["tc"] in call.store.devices else -1,
            "assetId": int(row["id"]),
            "assetName": row["name"],
            "assetVendor": row["vendor"],
            "deviceId": row["device_id"],
            "categoryList": {"categoryList": row["categories"]},
            "detailList": {"detailList": row["details"]},
        }
        for row in call.listed(rows)
    ]
    return {"assetinfos": shown, "links": []}


def infos(call: Call) -> Any:
    """All assets; one that is plugged in nowhere has the device -1 [documented]."""
    return _infos(call, call.store.assets.values())


def info(call: Call) -> Any:
    """One asset; nothing for an unknown id [assumed]."""
    one = number_id(call.ids[0])
    return _infos(call, [row for row in call.store.assets.values() if row["id"] == one])


def infos_of_device(call: Call) -> Any:
    """The assets of a device, named by its id."""
    found = device(call.store, call.ids[0])
    call.demand_object("tc", found)
    return _infos(call, [row for row in call.store.assets.values() if row["tc"] == found["id"]])


def _events(call: Call, rows: Iterable[Row]) -> Any:
    shown = [
        {
            "historyId": int(row["id"]),
            "unitId": row["unitID"],
            "assetId": int(row["asset"]),
            "eventTimeStamp": row["at"],
            "event": {"identifier": row["event"]},
        }
        for row in call.listed(rows)
    ]
    return {"assethistories": shown, "links": []}


def history(call: Call) -> Any:
    """Everything that happened to assets."""
    return _events(call, call.store.history)


def history_of_asset(call: Call) -> Any:
    """What happened to one asset; nothing for an unknown id [assumed]."""
    one = number_id(call.ids[0])
    return _events(call, [row for row in call.store.history if row["asset"] == one])


def history_of_device(call: Call) -> Any:
    """What happened at a device, named by its unit ID, not by its id [documented]; nothing for an unknown one."""
    one = call.ids[0].upper()
    return _events(call, [row for row in call.store.history if row["unitID"].upper() == one])
