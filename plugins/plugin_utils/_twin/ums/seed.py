# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``twin_ums`` says the UMS holds at the start; each entry is made once, also over restarts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .kinds import ROOTS, Row

if TYPE_CHECKING:
    from .store import UmsStore

_KEYS = ("id", "path", "mac", "identifier", "name")


def as_entry(value: Any, key: str) -> dict[str, Any]:
    """Give an entry that may be a bare name or path."""
    return dict(value) if isinstance(value, Mapping) else {key: str(value)}


class Seed:
    """Sows what the configuration names.

    Args:
        store: an indexed store.
    """

    def __init__(self, store: UmsStore) -> None:
        self._store = store

    def sow(self, *, known: bool) -> None:
        """Make what was not made before; ``known``: everything was, by a version that did not note it."""
        parts: tuple[tuple[str, str, Callable[[dict[str, Any]], None]], ...] = (
            ("firmwares", "product", self._firmware),
            ("profile_directories", "path", lambda entry: self._folder(entry, "profiledirectory")),
            ("priority_profile_directories", "path", lambda entry: self._folder(entry, "masterprofiledirectory")),
            ("profiles", "name", lambda entry: self._profile(entry, "profile")),
            ("priority_profiles", "name", lambda entry: self._profile(entry, "masterprofile")),
            ("master_profiles", "name", lambda entry: self._profile(entry, "masterprofile")),
            ("directories", "path", lambda entry: self._folder(entry, "tcdirectory")),
            ("attributes", "identifier", self._attribute),
            ("devices", "mac", self._device),
            ("assignments", "profile", self._assignment),
            ("views", "name", self._view),
            ("assets", "name", self._asset),
            ("asset_history", "asset", self._event),
        )
        for section, *_rest in parts:  # ids that are given are kept free
            for value in self._store.config.get(section, ()):
                if isinstance(value, Mapping) and value.get("id"):
                    self._store.new_id(str(value["id"]))
        met: Counter[str] = Counter()
        for section, key, make in parts:
            for value in self._store.config.get(section, ()):
                entry = as_entry(value, key)
                name = f"{section}:{'/'.join(str(entry[one]) for one in (*_KEYS, key) if one in entry)}"
                met[name] += 1
                if met[name] > self._store.seeded.get(name, 0):
                    self._store.seeded[name] = met[name]
                    if not known:
                        make(entry)

    def _id(self, entry: Mapping[str, Any]) -> str:
        return str(entry.get("id", ""))

    def _firmware(self, entry: dict[str, Any]) -> None:
        one = self._store.firmware_id(str(entry["product"]), str(entry["version"]), self._id(entry))
        if "type" in entry:
            self._store.firmwares[one]["firmwareType"] = str(entry["type"])

    def _firmware_of(self, entry: Mapping[str, Any]) -> str:
        firmware = entry.get("firmware")
        if firmware:
            return self._store.firmware_id(str(firmware["product"]), str(firmware["version"]))
        return next(iter(self._store.firmwares), "")

    def folder(self, path: str, kind: str, one: str = "") -> str:
        """Give the id of a directory by its path, made if it is missing; the root for an empty path."""
        store, parent = self._store, ROOTS[kind]
        names = [name for name in path.split("/") if name]
        for depth, name in enumerate(names, start=1):
            found = next((key for what, key in store.members(parent)
                          if what == kind and store.table(kind)[key]["name"] == name), "")  # fmt: skip
            last = depth == len(names)
            parent = found or store.add_directory(name, parent, kind, one if last else "")["id"]
        return parent

    def _folder(self, entry: dict[str, Any], kind: str) -> None:
        row = self._store.table(kind)[self.folder(str(entry["path"]), kind, self._id(entry))]
        row.update({key: True for key in ("bin", "rule") if entry.get(key)})

    def _profile(self, entry: dict[str, Any], kind: str) -> None:
        parent = self.folder(str(entry.get("directory", "")), f"{kind}directory")
        self._store.add_profile(
            kind, str(entry["name"]), parent, self._id(entry), firmwareID=self._firmware_of(entry),
            bin=bool(entry.get("bin", False)), overrides=bool(entry.get("overrides_sessions", False)),
        )  # fmt: skip

    def _attribute(self, entry: dict[str, Any]) -> None:
        one = str(entry["identifier"])
        allowed = [str(value) for value in entry.get("allowed_values", ())]
        self._store.attributes[one] = {
            "id": one, "name": str(entry.get("name", one)), "type": str(entry.get("type", "string")),
            "allowed": allowed, "imi": bool(entry.get("imi", True)),
        }  # fmt: skip

    def _device(self, entry: dict[str, Any]) -> None:
        """Make one device, or ``count`` of them with following MACs; ``{n}`` in the name is the number."""
        count = int(entry.get("count", 1))
        first = int(str(entry["mac"]).replace(":", "").replace("-", ""), 16)
        parent = self.folder(str(entry.get("directory", "")), "tcdirectory")
        firmware = self._firmware_of(entry)
        for number in range(count):
            one = {**entry, "mac": f"{first + number:012X}",
                   "name": str(entry.get("name", "")).replace("{n}", str(number + 1))}  # fmt: skip
            self._one_device(one, parent, firmware)

    def _one_device(self, entry: dict[str, Any], parent: str, firmware: str) -> None:
        address, online = str(entry.get("last_ip", "")), bool(entry.get("online", False))
        more: Row = {key: dict(entry[key]) for key in ("attributes",) if entry.get(key)}
        more.update({key: [dict(one) for one in entry[key]] for key in ("adapters", "logins") if entry.get(key)})
        row = self._store.add_device(
            entry["mac"], id=self._id(entry), unitID=str(entry.get("unit_id", entry["mac"])).upper(),
            name=entry["name"], parentID=parent, firmwareID=firmware, lastIP=address, online=online,
            bin=bool(entry.get("bin", False)), details=dict(entry.get("details", {})), **more,
        )  # fmt: skip
        if online or address:  # it has been here: one that is not online is switched off
            self._store.delivered(row)
            self._store.life.met(row, down=not online)

    def _device_named(self, name: str) -> str:
        return next((key for key, row in self._store.devices.items() if row["name"] == name), "")

    def _assignment(self, entry: dict[str, Any]) -> None:
        profile = next(key for key, row in self._store.profiles.items() if row["name"] == entry["profile"])
        if entry.get("device"):
            self._store.assign(profile, "tc", self._device_named(str(entry["device"])))
        else:
            self._store.assign(profile, "tcdirectory", self.folder(str(entry["directory"]), "tcdirectory"))

    def _view(self, entry: dict[str, Any]) -> None:
        one = self._store.new_id(self._id(entry))
        where = {str(key): str(value) for key, value in dict(entry.get("where", {})).items()}
        names = [str(name) for name in entry.get("devices", ())]
        self._store.views[one] = {"id": one, "name": str(entry["name"]), "where": where, "devices": names}

    def _asset(self, entry: dict[str, Any]) -> None:
        one = self._store.new_id(self._id(entry))
        categories = [{"categoryId": int(self._store.new_id()), "categoryName": str(name)}
                      for name in entry.get("categories", ())]  # fmt: skip
        details = [{"attrId": int(self._store.new_id()), "detailKey": str(key), "detailValue": str(value),
                    "detailType": "string"} for key, value in dict(entry.get("details", {})).items()]  # fmt: skip
        self._store.assets[one] = {
            "id": one, "name": str(entry["name"]), "vendor": str(entry.get("vendor", "")),
            "device_id": str(entry.get("device_id", "")), "categories": categories, "details": details,
            "tc": self._device_named(str(entry["device"])) if entry.get("device") else "",
        }  # fmt: skip

    def _event(self, entry: dict[str, Any]) -> None:
        asset = next(key for key, row in self._store.assets.items() if row["name"] == entry["asset"])
        device = self._store.devices[self._device_named(str(entry["device"]))]
        self._store.history.append({
            "id": self._store.new_id(self._id(entry)), "asset": asset, "unitID": device["unitID"],
            "at": int(entry.get("at", self._store.hooks.now() * 1000)), "event": str(entry.get("event", "add")),
        })  # fmt: skip
