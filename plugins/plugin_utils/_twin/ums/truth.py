# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The truth about a simulated UMS for tests and people, by names instead of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .store import UmsStore


def summary(store: UmsStore) -> dict[str, Any]:
    """Give devices, directory paths, direct assignments by name, profiles, assets, and ids of the views."""
    names = {key: row["name"] for key, row in store.profiles.items()}

    def receiver(key: str) -> dict[str, str]:
        kind, _colon, one = key.partition(":")
        return {"device": store.devices[one]["name"]} if kind == "tc" else {"directory": store.path(one)}

    return {
        "devices": [
            {"id": row["id"], "name": row["name"], "unit_id": row["unitID"], "mac": row["mac"],
             "directory": store.path(row["parentID"]), "online": row["online"], "bin": row["bin"],
             "last_ip": row["lastIP"], "firmware": dict(store.firmwares.get(row["firmwareID"], {})),
             "profiles": sorted(names[one] for one in store.direct("tc", row["id"]))}
            for row in store.devices.values()
        ],
        "directories": sorted(store.path(key) for key in store.directories),
        "assignments": [
            {"profile": names[one], **receiver(key)} for key, ids in store.assignments.items() for one in ids
        ],
        "profiles": [
            {"id": key, "name": row["name"], "kind": row["type"], "bin": row["bin"],
             "directory": store.path(row["parentID"], f"{row['type']}directory")}
            for key, row in store.profiles.items()
        ],
        "views": {row["name"]: key for key, row in store.views.items()},
        "assets": [
            {"id": key, "name": row["name"], "device": store.devices.get(row["tc"], {}).get("name", "")}
            for key, row in store.assets.items()
        ],
    }  # fmt: skip
