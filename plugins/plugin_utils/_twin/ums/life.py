# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The devices themselves, as far as a UMS notices: power, contact, and commands that take their time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .stamps import registration_date, wire_minute

if TYPE_CHECKING:
    from .store import Row, UmsStore

_SECONDS = {"react_seconds": 0.0, "boot_seconds": 0.0, "return_seconds": 60.0}


class Life:
    """What becomes of devices over time.

    A unit is a device that has had contact, whether or not the UMS has a record of it: ``reachable`` (the network
    lets it), ``down`` (switched off), ``info`` (what it told when it registered). It is online if it is reachable and
    not down. A unit that was reset, or deleted while it answered, points at this UMS no longer and is forgotten.

    Args:
        store: the UMS.
        state: what ``dump`` gave, or empty.
    """

    def __init__(self, store: UmsStore, state: Mapping[str, Any]) -> None:
        self._store = store
        self.units: dict[str, dict[str, Any]] = {key: dict(unit) for key, unit in state.get("units", {}).items()}
        self._events: list[tuple[float, int, str, str]] = [tuple(event) for event in state.get("events", ())]
        heapq.heapify(self._events)
        self._count = max((event[1] for event in self._events), default=0)
        self._happen: dict[str, Callable[[str], None]] = {
            "down": self._down, "up": self._up, "deliver": self._deliver, "vanish": self._vanish,
            "return": self._return,
        }  # fmt: skip

    def dump(self) -> dict[str, Any]:
        """Give a copy of the state as plain JSON."""
        return {
            "units": {key: dict(unit) for key, unit in self.units.items()},
            "events": [list(event) for event in self._events],
        }

    def _seconds(self, name: str) -> float:
        return float(self._store.config.get(name, _SECONDS[name]))

    def _after(self, seconds: float, what: str, unit_id: str) -> None:
        self._count += 1
        heapq.heappush(self._events, (self._store.hooks.now() + seconds, self._count, what, unit_id))

    def tick(self, now: float) -> None:
        """Let happen what is due."""
        while self._events and self._events[0][0] <= now:
            _at, _count, what, unit_id = heapq.heappop(self._events)
            self._happen[what](unit_id)
            self._store.changed()

    def met(self, row: Row, *, down: bool) -> None:
        """Note a device that has had contact and would answer now unless it is switched off."""
        self.units[row["unitID"]] = {"reachable": True, "down": down, "info": self._info(row)}

    # what is asked of a device

    def command(self, row: Row, command: str) -> None:
        """Carry out a command that was accepted: the device reacts, and is back when it has booted."""
        unit_id = row["unitID"]
        self._known(row)
        react, boot = self._seconds("react_seconds"), self._seconds("boot_seconds")
        if command == "wakeup":
            self._wake(row, boot)
        elif command == "settings2tc":
            self._after(react, "deliver", unit_id)
        else:
            self._after(react, "down", unit_id)
            if command == "reboot":
                self._after(react + boot, "up", unit_id)
            elif command == "tcreset2facdefs":
                self._after(react + boot, "vanish", unit_id)
        self.tick(self._store.hooks.now())

    def _wake(self, row: Row, boot: float) -> None:
        if self.units.get(row["unitID"], {}).get("down"):
            self._after(boot, "up", row["unitID"])
        wake = getattr(self._store.hooks, "wake", None)
        if wake is not None:
            wake(row["mac"])

    def _known(self, row: Row) -> None:
        """A device that is online is a unit, however it came to be."""
        if row["online"]:
            self.units.setdefault(row["unitID"], {"down": False, "info": self._info(row)})["reachable"] = True

    def _info(self, row: Row) -> dict[str, Any]:
        firmware = self._store.firmwares.get(row["firmwareID"], {})
        told = {"address": row["lastIP"], "mac": row["mac"]}
        return {**told, "firmware": {key: firmware[key] for key in ("product", "version")}} if firmware else told

    # what happens

    def _down(self, unit_id: str) -> None:
        if unit_id in self.units:
            self.units[unit_id]["down"] = True
        self._show(unit_id)

    def _up(self, unit_id: str) -> None:
        unit = self.units.get(unit_id)
        if unit is not None:
            unit["down"] = False
            self._contact(unit_id, unit)

    def _deliver(self, unit_id: str) -> None:
        row = self._store.find_unit(unit_id)
        if row is not None and row["online"]:
            self._store.delivered(row)

    def _vanish(self, unit_id: str) -> None:
        """A device that was reset is gone from the UMS and does not come back by itself [assumed]."""
        row = self._store.find_unit(unit_id)
        self.units.pop(unit_id, None)
        if row is not None:
            self._store.remove_device(row)

    def _return(self, unit_id: str) -> None:
        unit = self.units.get(unit_id)
        if unit is not None and not unit["down"]:
            self._contact(unit_id, unit)

    def _contact(self, unit_id: str, unit: dict[str, Any]) -> None:
        """A device that boots, or is let through again, talks to its UMS."""
        if not unit.get("reachable"):
            return
        row = self._store.find_unit(unit_id)
        if row is None:
            self.register(unit_id, unit["info"])
            return
        now = self._store.hooks.now()
        row["details"].update(lastBoottime=wire_minute(now), lastContact=wire_minute(now))
        row["online"] = True
        self._store.delivered(row)  # it fetches its settings when it boots [documented]

    def _show(self, unit_id: str) -> None:
        row, unit = self._store.find_unit(unit_id), self.units.get(unit_id, {})
        if row is not None:
            row["online"] = bool(unit.get("reachable")) and not unit.get("down", False)

    # what the world tells

    def removed(self, row: Row, *, told: bool) -> None:
        """A record was deleted; a device that was not told still points here and comes back [documented]."""
        unit_id = row["unitID"]
        if told:
            self.units.pop(unit_id, None)
            return
        self._known(row)
        unit = self.units.get(unit_id)
        if unit is not None and unit.get("reachable") and not unit["down"]:
            self._after(self._seconds("return_seconds"), "return", unit_id)

    def set_online(self, unit_mac: str, online: bool) -> bool:
        """Tell whether the network lets the device answer now; False if the UMS does not know it."""
        unit_id = unit_mac.upper()
        row = self._store.find_unit(unit_id)
        unit = self.units.get(unit_id)
        if unit is None and row is not None:
            unit = self.units[unit_id] = {"down": False, "info": self._info(row)}
        if unit is None:
            return False
        unit["reachable"] = online
        if row is None:
            if online and not unit["down"]:
                self._after(0.0, "return", unit_id)
            return False
        before = row["online"]
        self._show(unit_id)
        if row["online"] != before:
            self._store.changed()
        return True

    def register(self, unit_mac: str, info: Mapping[str, Any]) -> str:
        """Registration of a thin client: a pre-registered record keeps name, directory and assignments.

        Args:
            unit_mac: 12 hex digits, or another unit ID.
            info: ``address``, ``name``, ``mac`` (if it is not the unit ID), ``serial``, ``product_id``, ``firmware``
                {product, version}; all optional.

        Returns:
            The device's id; empty if it is unknown and automatic registration is off.
        """
        store, unit_id, now = self._store, unit_mac.upper(), self._store.hooks.now()
        row = store.find_unit(unit_id)
        created = row is None
        if row is None:
            if not store.config.get("automatic_registration", True):
                return ""
            mac = str(info.get("mac") or unit_id).upper()
            row = store.add_device(mac, unitID=unit_id, name=f"ITC{mac}")  # as the manual's examples are named
        firmware = info.get("firmware")
        if firmware:
            row["firmwareID"] = store.firmware_id(firmware["product"], firmware["version"])
        elif not row["firmwareID"]:
            row["firmwareID"] = next(iter(store.firmwares), "")
        details = row["details"]
        details.setdefault("registrationDate", registration_date(now))
        told = {"networkName": info.get("name"), "serialNumber": info.get("serial"),
                "productId": info.get("product_id"), "osType": (firmware or {}).get("product")}  # fmt: skip
        details.update({key: str(value) for key, value in told.items() if value})
        details.update(lastBoottime=wire_minute(now), lastContact=wire_minute(now), isThinClientRegistered="true")
        row.update(lastIP=str(info.get("address") or row["lastIP"]), online=True)
        # The device fetches its settings while it registers, so nothing is pending afterwards [assumed].
        store.delivered(row)
        self.units[unit_id] = {"reachable": True, "down": False, "info": dict(info)}
        store.changed()
        store.hooks.journal("registered", write=True, unit_id=unit_id, id=row["id"], created=created)
        return str(row["id"])
