# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulated UMS holds, and how it changes; knows nothing of HTTP (reference ums-imi-v3, sections 3 to 7)."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from ..hooks import UmsHooks
from .errors import ImiError
from .faults import Faults
from .stamps import registration_date, wire_minute

ROOT = "-1"
ROOTS = {"profile": "-2", "masterprofile": "-14"}  # pseudo-ids of the profile trees [documented]
Row = dict[str, Any]


class UmsStore:
    """Devices, directories, profiles, firmwares and assignments; one sequence of ids over all of them.

    Rows are plain JSON and ids are decimal strings. Assignments are kept by receiver, in order of application.

    Args:
        config: twin_ums: ``firmwares`` [{product, version}], ``profiles`` [names]; optional ``master_profiles``
            [names], ``directories`` [paths], ``version`` (of the server), ``messages`` (``recorded`` or ``manual``),
            ``latency_ms`` (added to each answer), ``seed`` (of the order of answers).
        hooks: journal, clock and lock of the world.
        state: what ``dump()`` gave, or None.
    """

    def __init__(self, config: Mapping[str, Any], hooks: UmsHooks, state: Mapping[str, Any] | None) -> None:
        held: Mapping[str, Any] = state or {}
        self.config = config
        self.hooks = hooks
        self.faults = Faults()
        self.random = random.Random(config.get("seed", 0))
        self.server_uuid: str = held.get("server_uuid") or str(uuid.uuid4())
        self._last_id: int = held.get("last_id", 0)
        self._executions = 0
        self._revision: int = held.get("revision", 0)
        self.firmwares: dict[str, Row] = {row["id"]: dict(row) for row in held.get("firmwares", ())}
        self.profiles: dict[str, Row] = {row["id"]: dict(row) for row in held.get("profiles", ())}
        self.directories: dict[str, Row] = {row["id"]: dict(row) for row in held.get("directories", ())}
        self.devices: dict[str, Row] = {row["id"]: dict(row) for row in held.get("devices", ())}
        self.assignments: dict[str, list[str]] = {key: list(ids) for key, ids in held.get("assignments", {}).items()}
        self._by_unit = {row["unitID"].upper(): row["id"] for row in self.devices.values()}
        self._seed()

    def _seed(self) -> None:
        for entry in self.config.get("firmwares", ()):
            self.firmware_id(entry["product"], entry["version"])
        firmware = next(iter(self.firmwares), "")
        for kind, key in (("profile", "profiles"), ("masterprofile", "master_profiles")):
            names = {row["name"] for row in self.profiles.values() if row["type"] == kind}
            for name in self.config.get(key, ()):
                if name not in names:
                    new = self.new_id()
                    row = {"id": new, "type": kind, "name": name, "parentID": ROOTS[kind], "firmwareID": firmware}
                    self.profiles[new] = {**row, "bin": False}
        for path in self.config.get("directories", ()):
            parent = ROOT
            for name in path.split("/"):
                parent = self._child_directory(name, parent) or self.add_directory(name, parent)["id"]

    def _child_directory(self, name: str, parent: str) -> str | None:
        rows = self.directories.values()
        return next((row["id"] for row in rows if (row["name"], row["parentID"]) == (name, parent)), None)

    def dump(self) -> dict[str, Any]:
        """Give a copy of the whole state as plain JSON; sessions and faults are not kept."""
        return {
            "server_uuid": self.server_uuid,
            "last_id": self._last_id,
            "revision": self._revision,
            "firmwares": [dict(row) for row in self.firmwares.values()],
            "profiles": [dict(row) for row in self.profiles.values()],
            "directories": [dict(row) for row in self.directories.values()],
            "devices": [{**row, "details": dict(row["details"])} for row in self.devices.values()],
            "assignments": {key: list(ids) for key, ids in self.assignments.items()},
        }

    def tick(self, now: float) -> None:
        """Let time pass: nothing in a UMS moves by itself."""

    def inject(self, fault: str, args: Mapping[str, Any]) -> None:
        """Inject a fault, see faults.KNOWN; ``none`` ends all. ValueError for an unknown one."""
        if fault == "bin":
            found = self.find_unit(str(args.get("mac", "")))
            if found is None:
                raise ValueError("Fault 'bin' needs mac: the unit ID of a device the UMS knows.")
            found["bin"] = True
            self.hooks.changed()
            return
        self.faults.inject(fault, args)

    # ids, time

    def new_id(self) -> str:
        """Give the next id of the one sequence."""
        self._last_id += 1
        return str(self._last_id)

    def new_execution(self) -> str:
        """Give an opaque execution id as commands show it."""
        self._executions += 1
        return f"ID-simulated-ums-{int(self.hooks.now() * 1000)}-{self._executions}-0"

    def revise(self) -> int:
        """Count a change of what a device would get; compared with what it got last."""
        self._revision += 1
        return self._revision

    # devices

    def add_device(self, mac: str, **fields: Any) -> Row:
        """Make a device record whose unit ID is its MAC [documented for records made by IMI and for IGEL OS]."""
        unit = mac.upper()
        if unit in self._by_unit:
            raise ImiError("ITG-0A008")
        row: Row = {"id": self.new_id(), "unitID": unit, "mac": unit, "name": "", "parentID": ROOT, "firmwareID": "",
                    "lastIP": "", "bin": False, "online": False, "details": {}, "rev": self.revise(), "got": 0,
                    **fields}  # fmt: skip
        self.devices[row["id"]] = row
        self._by_unit[unit] = row["id"]
        return row

    def find_unit(self, unit_id: str) -> Row | None:
        """Give the device with that unit ID in any case of letters, or None."""
        return self.devices.get(self._by_unit.get(unit_id.upper(), ""))

    def remove_device(self, row: Row) -> None:
        """Delete a record and its assignments; never into the recycle bin [documented]."""
        del self.devices[row["id"]]
        del self._by_unit[row["unitID"].upper()]
        self.assignments.pop(f"tc:{row['id']}", None)

    def register(self, unit_mac: str, info: Mapping[str, Any]) -> str:
        """Automatic registration of a thin client: a pre-registered record keeps name, directory and assignments.

        Args:
            unit_mac: 12 hex digits.
            info: ``address``, ``name``, ``serial``, ``product_id``, ``firmware`` {product, version}; all optional.

        Returns:
            The device's id.
        """
        now = self.hooks.now()
        row = self.find_unit(unit_mac)
        created = row is None
        if row is None:
            row = self.add_device(unit_mac, name=f"ITC{unit_mac.upper()}")  # as the manual's examples are named
        firmware = info.get("firmware")
        if firmware:
            row["firmwareID"] = self.firmware_id(firmware["product"], firmware["version"])
        elif not row["firmwareID"]:
            row["firmwareID"] = next(iter(self.firmwares), "")
        details = row["details"]
        details.setdefault("registrationDate", registration_date(now))
        told = {"networkName": info.get("name"), "serialNumber": info.get("serial"),
                "productId": info.get("product_id"), "osType": (firmware or {}).get("product")}  # fmt: skip
        details.update({key: str(value) for key, value in told.items() if value})
        details.update(lastBoottime=wire_minute(now), lastContact=wire_minute(now), isThinClientRegistered="true")
        # The device fetches its settings while it registers, so nothing is pending afterwards [assumed].
        row.update(lastIP=str(info.get("address") or row["lastIP"]), online=True, got=self._revision)
        self.hooks.journal("registered", write=True, unit_id=row["unitID"], id=row["id"], created=created)
        return str(row["id"])

    def set_online(self, unit_mac: str, online: bool) -> bool:
        """Tell whether the device answers now; False if the UMS does not know it."""
        row = self.find_unit(unit_mac)
        if row is None:
            return False
        if row["online"] != online:
            row["online"] = online
            self.hooks.changed()
        return True

    # directories, profiles, firmwares

    def add_directory(self, name: str, parent: str) -> Row:
        """Make a device directory; names need not be unique [not documented, so not enforced]."""
        row: Row = {"id": self.new_id(), "name": name, "parentID": parent, "bin": False}
        self.directories[row["id"]] = row
        return row

    def ancestors(self, parent: str) -> list[str]:
        """Give directory ids from parent upwards, nearest first, without the root."""
        found: list[str] = []
        while parent in self.directories and parent not in found:
            found.append(parent)
            parent = self.directories[parent]["parentID"]
        return found

    def path(self, parent: str) -> str:
        """Give the names from the top, ``A/B``; empty for the root."""
        return "/".join(self.directories[one]["name"] for one in reversed(self.ancestors(parent)))

    def members(self, directory: str) -> Iterator[tuple[str, str]]:
        """Give (type, id) of the direct children."""
        yield from (("tcdirectory", key) for key, row in self.directories.items() if row["parentID"] == directory)
        yield from (("tc", key) for key, row in self.devices.items() if row["parentID"] == directory)

    def firmware_id(self, product: str, version: str) -> str:
        """Give the id of a firmware; the UMS lists each one it has met [documented]."""
        for key, row in self.firmwares.items():
            if (row["product"], row["version"]) == (product, version):
                return key
        new = self.new_id()
        self.firmwares[new] = {"id": new, "product": product, "version": version}
        return new

    # assignments

    def direct(self, kind: str, receiver: str) -> list[str]:
        """Give the profile ids assigned to exactly this receiver; kind is ``tc`` or ``tcdirectory``."""
        return self.assignments.get(f"{kind}:{receiver}", [])

    def assign(self, profile: str, kind: str, receiver: str) -> None:
        """Assign; one that is there stays where it is [assumed]."""
        ids = self.assignments.setdefault(f"{kind}:{receiver}", [])
        if profile not in ids:
            ids.append(profile)
            self._touch(kind, receiver)

    def unassign(self, profile: str, kind: str, receiver: str) -> None:
        """Take an assignment away; one that is not there is an invalid assignment [assumed]."""
        ids = self.direct(kind, receiver)
        if profile not in ids:
            raise ImiError("ITG-0A021")
        ids.remove(profile)
        if not ids:
            del self.assignments[f"{kind}:{receiver}"]
        self._touch(kind, receiver)

    def _touch(self, kind: str, receiver: str) -> None:
        (self.devices if kind == "tc" else self.directories)[receiver]["rev"] = self.revise()

    def receivers(self, profile: str, kind: str) -> list[tuple[str, int]]:
        """Give (receiver id, position) of the direct receivers of a profile."""
        start = f"{kind}:"
        return [
            (key.removeprefix(start), ids.index(profile))
            for key, ids in self.assignments.items()
            if key.startswith(start) and profile in ids
        ]

    def pending(self, row: Row) -> bool:
        """Does the device still have to get something (details field configChanges)?"""
        newest = max([row["rev"], *(self.directories[one].get("rev", 0) for one in self.ancestors(row["parentID"]))])
        return bool(newest > row["got"])

    def delivered(self, row: Row) -> None:
        """The device has what is assigned to it."""
        row["got"] = self._revision

    def summary(self) -> dict[str, Any]:
        """Give the truth for tests: devices by name, directory paths, direct assignments by name."""

        def receiver(key: str) -> dict[str, str]:
            kind, _colon, one = key.partition(":")
            return {"device": self.devices[one]["name"]} if kind == "tc" else {"directory": self.path(one)}

        names = {key: row["name"] for key, row in self.profiles.items()}
        return {
            "devices": [
                {"id": row["id"], "name": row["name"], "unit_id": row["unitID"], "mac": row["mac"],
                 "directory": self.path(row["parentID"]), "online": row["online"], "bin": row["bin"],
                 "last_ip": row["lastIP"], "firmware": dict(self.firmwares.get(row["firmwareID"], {})),
                 "profiles": [names[one] for one in self.direct("tc", row["id"])]}
                for row in self.devices.values()
            ],
            "directories": sorted(self.path(key) for key in self.directories),
            "assignments": [
                {"profile": names[one], **receiver(key)} for key, ids in self.assignments.items() for one in ids
            ],
        }  # fmt: skip
