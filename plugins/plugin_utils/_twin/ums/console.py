# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person does in the console of the UMS and IMI cannot (reference ums-imi-v3, section 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .kinds import MEMBER, Row

if TYPE_CHECKING:
    from .store import UmsStore

# action -> what it takes; an object is named by mac (or unit ID), device, directory (path) or profile.
ACTIONS = {
    "bin": "puts an object into the recycle bin, a directory with all it holds",
    "restore": "takes it out again",
    "rule": "gives a directory a Default Directory Rule (remove: true takes it away)",
    "account_removed": "removes the account args['account']; its sessions have no user any more",
    "register": "registers a device by hand: mac, address",
    "plug": "plugs the asset args['asset'] into the device named",
    "unplug": "takes it out",
}


def act(store: UmsStore, action: str, args: Mapping[str, Any]) -> bool:
    """Do it; False if it is no action of the console. ValueError if what it needs is not there."""
    actions: dict[str, Callable[[UmsStore, str, Mapping[str, Any]], None]] = {
        "bin": _bin, "restore": _bin, "rule": _rule, "account_removed": _account, "register": _register,
        "plug": _plug, "unplug": _plug,
    }  # fmt: skip
    if action not in actions:
        return False
    actions[action](store, action, args)
    return True


def _object(store: UmsStore, action: str, args: Mapping[str, Any]) -> tuple[str, Row]:
    """Find what the arguments name: (kind, row)."""
    if args.get("mac"):
        found = store.find_unit(str(args["mac"]))
        rows = [("tc", found)] if found else []
    elif args.get("device"):
        rows = [("tc", row) for row in store.devices.values() if row["name"] == args["device"]]
    elif args.get("directory"):
        rows = [("tcdirectory", row) for key, row in store.directories.items() if store.path(key) == args["directory"]]
    else:
        rows = [(row["type"], row) for row in store.profiles.values() if row["name"] == args.get("profile")]
    if len(rows) != 1:
        raise ValueError(
            f"{action!r} needs mac (or unit ID), device, directory or profile, naming one object; it names {len(rows)}"
        )
    return rows[0]


def _bin(store: UmsStore, action: str, args: Mapping[str, Any]) -> None:
    """What a directory in the bin holds is there with it [assumed]; parents stay as they were [documented]."""
    todo = [_object(store, action, args)]
    while todo:
        kind, row = todo.pop()
        row["bin"] = action == "bin"
        if kind in MEMBER:
            todo += [(what, store.table(what)[key]) for what, key in store.members(row["id"])]


def _rule(store: UmsStore, action: str, args: Mapping[str, Any]) -> None:
    _kind, row = _object(store, action, args)
    row["rule"] = not args.get("remove", False)


def _account(store: UmsStore, _action: str, args: Mapping[str, Any]) -> None:
    if store.accounts.pop(str(args.get("account", "")), None) is None:
        raise ValueError(f"there is no account {args.get('account')!r}; there are {', '.join(sorted(store.accounts))}")


def _register(store: UmsStore, _action: str, args: Mapping[str, Any]) -> None:
    mac = str(args.get("mac", "")).upper()
    if len(mac) != 12:
        raise ValueError("'register' needs mac: 12 hex digits")
    if store.find_unit(mac) is None:
        store.add_device(mac, name=f"ITC{mac}")
    store.register(mac, {"address": str(args.get("address", ""))})


def _plug(store: UmsStore, action: str, args: Mapping[str, Any]) -> None:
    asset = next((row for row in store.assets.values() if row["name"] == args.get("asset")), None)
    if asset is None:
        raise ValueError(f"there is no asset {args.get('asset')!r}")
    if action == "plug":
        device = _object(store, action, args)[1]
        asset["tc"] = device["id"]
    else:
        device = store.devices.get(asset["tc"], {})
        asset["tc"] = ""
    store.history.append({
        "id": store.new_id(), "asset": asset["id"], "unitID": device.get("unitID", ""),
        "at": int(store.hooks.now() * 1000), "event": "add" if action == "plug" else "remove",
    })  # fmt: skip
