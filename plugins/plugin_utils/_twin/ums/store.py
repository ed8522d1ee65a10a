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
from .accounts import Account
from .console import act
from .errors import ImiError
from .faults import Faults
from .kinds import ROOT, ROOTS, Row, copied
from .life import Life
from .seed import Seed
from .truth import summary

_PLAIN = ("firmwares", "profiles", "directories", "profile_directories", "views", "attributes", "assets")


class UmsStore:
    """Everything a UMS holds; one sequence of ids over all of it.

    Rows are plain JSON and ids are decimal strings. Assignments are kept by receiver, in order of application.
    Parents and assignments are changed through ``move``, ``assign`` and ``unassign`` only: they are indexed.

    Args:
        config: twin_ums, see docs/twin-ums.md and settings.py.
        hooks: journal, clock and lock of the world; optional ``wake(mac)``: a magic packet was sent.
        state: what ``dump()`` gave, or None.
    """

    def __init__(self, config: Mapping[str, Any], hooks: UmsHooks, state: Mapping[str, Any] | None) -> None:
        held: Mapping[str, Any] = state or {}
        self.config = config
        self.hooks = hooks
        self.faults = Faults()
        self.random = random.Random(config.get("seed", 0))
        self.accounts: dict[str, Account] = {}
        self.server_uuid: str = held.get("server_uuid") or str(uuid.uuid4())
        self._last_id: int = held.get("last_id", 0)
        self._executions = 0
        self._revision: int = held.get("revision", 0)
        self.generation = 0
        self.firmwares: dict[str, Row] = {}
        self.profiles: dict[str, Row] = {}
        self.directories: dict[str, Row] = {}
        self.profile_directories: dict[str, Row] = {}
        self.views: dict[str, Row] = {}
        self.attributes: dict[str, Row] = {}
        self.assets: dict[str, Row] = {}
        for name in _PLAIN:
            getattr(self, name).update({row["id"]: dict(row) for row in held.get(name, ())})
        self.templates: dict[str, Row] = {
            row["id"]: {**row, "values": [dict(value) for value in row["values"]]} for row in held.get("templates", ())
        }
        self.history: list[Row] = [dict(row) for row in held.get("history", ())]
        self.devices: dict[str, Row] = {row["id"]: copied(row) for row in held.get("devices", ())}
        self.assignments: dict[str, list[str]] = {key: list(ids) for key, ids in held.get("assignments", {}).items()}
        self.life = Life(self, held.get("life", {}))
        self._index()
        self.seeded: dict[str, int] = dict(held.get("seeded", {}))
        Seed(self).sow(known=bool(held) and "seeded" not in held)

    def _index(self) -> None:
        self._by_unit = {row["unitID"].upper(): row["id"] for row in self.devices.values()}
        self._by_firmware = {(row["product"], row["version"]): key for key, row in self.firmwares.items()}
        self._children: dict[str, dict[tuple[str, str], None]] = {}
        for kind, rows in (("tcdirectory", self.directories), ("", self.profile_directories), ("", self.profiles),
                           ("tc", self.devices)):  # fmt: skip
            for key, row in rows.items():
                self._children.setdefault(row["parentID"], {})[kind or row["type"], key] = None
        self._receivers: dict[str, dict[str, None]] = {}
        for receiver, ids in self.assignments.items():
            for one in ids:
                self._receivers.setdefault(one, {})[receiver] = None

    def dump(self) -> dict[str, Any]:
        """Give a copy of the whole state as plain JSON; sessions and faults are not kept."""
        return {
            "server_uuid": self.server_uuid,
            "last_id": self._last_id,
            "revision": self._revision,
            **{name: [dict(row) for row in getattr(self, name).values()] for name in _PLAIN},
            "templates": [{**row, "values": [dict(one) for one in row["values"]]} for row in self.templates.values()],
            "history": [dict(row) for row in self.history],
            "devices": [copied(row) for row in self.devices.values()],
            "assignments": {key: list(ids) for key, ids in self.assignments.items()},
            "life": self.life.dump(),
            "seeded": dict(self.seeded),
        }

    # what the world asks

    def tick(self, now: float) -> None:
        """Let time pass: commands that were accepted are carried out."""
        self.life.tick(now)

    def inject(self, fault: str, args: Mapping[str, Any]) -> None:
        """Inject a fault (faults.KNOWN), ``none`` ends all; or do what a person does in the console (see console)."""
        if act(self, fault, args):
            self.hooks.journal("console", write=True, action=fault, args=dict(args))
        else:
            self.faults.inject(fault, args)
        self.changed()

    def register(self, unit_mac: str, info: Mapping[str, Any]) -> str:
        """Let a thin client register; see Life.register."""
        return self.life.register(unit_mac, info)

    def set_online(self, unit_mac: str, online: bool) -> bool:
        """Let a device answer, or not; see Life.set_online."""
        return self.life.set_online(unit_mac, online)

    # ids, time

    def new_id(self, wanted: str = "") -> str:
        """Give the next id of the one sequence, or the wanted one: the sequence goes on behind it."""
        self._last_id = max(self._last_id, int(wanted)) if wanted else self._last_id + 1
        return wanted or str(self._last_id)

    def new_execution(self) -> str:
        """Give an opaque execution id as commands show it."""
        self._executions += 1
        return f"ID-simulated-ums-{int(self.hooks.now() * 1000)}-{self._executions}-0"

    def revise(self) -> int:
        """Count a change of what a device would get; compared with what it got last."""
        self._revision += 1
        self.generation += 1
        return self._revision

    def changed(self) -> None:
        """Something changed, and no request did it."""
        self.generation += 1
        self.hooks.changed()

    # devices

    def add_device(self, mac: str, **fields: Any) -> Row:
        """Make a device record whose unit ID is its MAC [documented for records made by IMI and for IGEL OS]."""
        mac = mac.upper()
        row: Row = {"id": "", "unitID": mac, "mac": mac, "name": "", "parentID": ROOT, "firmwareID": "", "lastIP": "",
                    "bin": False, "online": False, "details": {}, "rev": 0, "got": 0, **fields}  # fmt: skip
        if row["unitID"].upper() in self._by_unit:
            raise ImiError("ITG-0A008")
        row.update(id=self.new_id(row["id"]), rev=self.revise())
        self.devices[row["id"]] = row
        self._by_unit[row["unitID"].upper()] = row["id"]
        self._children.setdefault(row["parentID"], {})["tc", row["id"]] = None
        return row

    def find_unit(self, unit_id: str) -> Row | None:
        """Give the device with that unit ID in any case of letters, or None."""
        return self.devices.get(self._by_unit.get(unit_id.upper(), ""))

    def remove_device(self, row: Row) -> None:
        """Delete a record and its assignments; never into the recycle bin [documented]."""
        self._cut("tc", row)
        del self.devices[row["id"]]
        del self._by_unit[row["unitID"].upper()]

    # trees

    def table(self, kind: str) -> dict[str, Row]:
        """Give all rows among which those of a kind are; empty for an unknown kind."""
        if kind in ("tc", "tcdirectory"):
            return self.devices if kind == "tc" else self.directories
        if kind in ROOTS:
            return self.profile_directories if kind.endswith("directory") else self.profiles
        return {}

    def find(self, kind: str, one: str) -> Row | None:
        """Give the object of a kind and id, or None."""
        row = self.table(kind).get(one)
        return row if row is not None and row.get("type", kind) == kind else None

    def of_kind(self, kind: str) -> list[Row]:
        """Give all objects of a kind."""
        return [row for row in self.table(kind).values() if row.get("type", kind) == kind]

    def add_directory(self, name: str, parent: str, kind: str = "tcdirectory", one: str = "") -> Row:
        """Make a directory; names need not be unique [not documented, so not enforced]."""
        row: Row = {"id": self.new_id(one), "name": name, "parentID": parent, "bin": False}
        if kind != "tcdirectory":
            row["type"] = kind
        self.table(kind)[row["id"]] = row
        self._children.setdefault(parent, {})[kind, row["id"]] = None
        return row

    def add_profile(self, kind: str, name: str, parent: str = "", one: str = "", **fields: Any) -> Row:
        """Make a profile or priority profile, as a person does; IMI cannot."""
        row: Row = {"id": self.new_id(one), "type": kind, "name": name, "parentID": parent or ROOTS[kind],
                    "firmwareID": next(iter(self.firmwares), ""), "bin": False, **fields}  # fmt: skip
        self.profiles[row["id"]] = row
        self._children.setdefault(row["parentID"], {})[kind, row["id"]] = None
        return row

    def move(self, kind: str, row: Row, parent: str) -> None:
        """Put an object into another directory."""
        if row["parentID"] != parent:
            self._children[row["parentID"]].pop((kind, row["id"]), None)
            self._children.setdefault(parent, {})[kind, row["id"]] = None
            row.update(parentID=parent, rev=self.revise())

    def remove(self, kind: str, row: Row) -> None:
        """Delete a directory or profile with its assignments."""
        self._cut(kind, row)
        for receiver in list(self._receivers.get(row["id"], ())):
            self.unassign(row["id"], *receiver.split(":", 1))
        del self.table(kind)[row["id"]]

    def _cut(self, kind: str, row: Row) -> None:
        self.generation += 1
        self._children.get(row["parentID"], {}).pop((kind, row["id"]), None)
        key = f"{kind}:{row['id']}"
        for one in self.assignments.pop(key, ()):
            self._receivers[one].pop(key, None)

    def ancestors(self, parent: str, kind: str = "tcdirectory") -> list[str]:
        """Give directory ids from parent upwards, nearest first, without the root."""
        rows, found = self.table(kind), dict[str, None]()
        while parent in rows and parent not in found:
            found[parent] = None
            parent = rows[parent]["parentID"]
        return list(found)

    def path(self, parent: str, kind: str = "tcdirectory") -> str:
        """Give the names from the top, ``A/B``; empty for the root."""
        return "/".join(self.table(kind)[one]["name"] for one in reversed(self.ancestors(parent, kind)))

    def members(self, directory: str) -> Iterator[tuple[str, str]]:
        """Give (type, id) of the direct children, directories first."""
        children = self._children.get(directory, {})
        yield from (child for child in children if child[0].endswith("directory"))
        yield from (child for child in children if not child[0].endswith("directory"))

    def firmware_id(self, product: str, version: str, one: str = "") -> str:
        """Give the id of a firmware; the UMS lists each one it has met [documented]."""
        found = self._by_firmware.get((product, version))
        if found is not None:
            return found
        new = self._by_firmware[product, version] = self.new_id(one)
        self.firmwares[new] = {"id": new, "product": product, "version": version}
        return new

    # assignments

    def direct(self, kind: str, receiver: str) -> list[str]:
        """Give the profile ids assigned to exactly this receiver; kind is ``tc`` or ``tcdirectory``."""
        return self.assignments.get(f"{kind}:{receiver}", [])

    def assign(self, profile: str, kind: str, receiver: str) -> None:
        """Assign; one that is there stays where it is [assumed]."""
        key = f"{kind}:{receiver}"
        ids = self.assignments.setdefault(key, [])
        if profile not in ids:
            ids.append(profile)
            self._receivers.setdefault(profile, {})[key] = None
            self.table(kind)[receiver]["rev"] = self.revise()

    def unassign(self, profile: str, kind: str, receiver: str) -> None:
        """Take an assignment away; one that is not there is an invalid assignment [assumed]."""
        key, ids = f"{kind}:{receiver}", self.direct(kind, receiver)
        if profile not in ids:
            raise ImiError("ITG-0A021")
        ids.remove(profile)
        self._receivers[profile].pop(key, None)
        if not ids:
            del self.assignments[key]
        self.table(kind)[receiver]["rev"] = self.revise()

    def receivers(self, profile: str, kind: str) -> list[tuple[str, int]]:
        """Give (receiver id, position) of the direct receivers of a profile."""
        start = f"{kind}:"
        return [
            (key.removeprefix(start), self.assignments[key].index(profile))
            for key in self._receivers.get(profile, ())
            if key.startswith(start)
        ]

    def delivered(self, row: Row) -> None:
        """The device has what is assigned to it."""
        row["got"] = self._revision

    def summary(self) -> dict[str, Any]:
        """Give the truth for tests, see truth.summary."""
        return summary(self)
