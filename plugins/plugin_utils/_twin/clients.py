# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stations that were converted: thin clients that look for their UMS through the rules on their port."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from . import flows
from .config import Site, Station
from .hooks import Packet, Verdict

_UMS_PORT = 8443  # IGEL OS 12: one protocol, TLS to 8443 [documented: reference igel-conversion, section 10]
_RETRY_S = 1.0  # how often a thin client looks for its UMS [assumed]


class Ums(Protocol):
    """What the management server does with a device that connects."""

    def register(self, unit_mac: str, info: dict[str, Any]) -> str:
        """Registration: make or update the record of this unit; it is online. Empty if the UMS does not let it in."""

    def set_online(self, unit_mac: str, online: bool) -> bool:
        """The device's connection came or went."""


class Clients:
    """The converted stations.

    Args:
        site: the site.
        evaluate: judges a packet at a station's port.
        note: journals; (kind, write, **data).
        serial: gives the serial number of a machine's board.
        saved: what ``dump`` gave, or None.
    """

    def __init__(
        self,
        site: Site,
        evaluate: Callable[[str, Packet], Verdict],
        note: Callable[..., None],
        serial: Callable[[Any], str],
        saved: dict[str, dict[str, Any]] | None,
    ) -> None:
        self._site, self._evaluate, self._note, self._serial = site, evaluate, note, serial
        self._clients: dict[str, dict[str, Any]] = dict(saved or {})

    def dump(self) -> dict[str, dict[str, Any]]:
        """Give what to keep."""
        return self._clients

    def get(self, station: str) -> dict[str, Any]:
        """Give unit_mac, registered, online and blocked of a station; empty while it is not converted."""
        return self._clients.get(station, {})

    def boots(self, station: str, unit_mac: str, now: float) -> None:
        """Note that a station runs IGEL OS now; from here on it looks for its UMS."""
        known = self._clients.get(station) or {"registered": False, "online": False, "blocked": False}
        if known.get("unit_mac") != unit_mac:
            known = {**known, "registered": False, "online": False}
        self._clients[station] = {**known, "unit_mac": unit_mac, "next_try": now}
        self._note("boot", True, station=station, os="thin_client", unit_mac=unit_mac)

    def _reach_ums(self, station: Station) -> Verdict:
        host = str(self._site.ums.get("ums_host") or self._site.ums.get("ansible_host") or "")
        dst = flows.address_of(host, self._site.names)
        if dst is None:
            return Verdict(permit=False, rule=f"the name {host!r} is not known; list it in twin_names")
        return self._evaluate(station.name, flows.tcp(station.address, dst, _UMS_PORT))

    def tick(self, now: float, machines: dict[str, Any], ums: Ums) -> bool:
        """Let every client that is due try its UMS; tell whether anything changed."""
        due = [name for name, client in self._clients.items() if now >= client["next_try"]]
        served = [self._serve(name, now, machines[name], ums) for name in due if name in machines]
        return any(served)

    def _serve(self, name: str, now: float, machine: Any, ums: Ums) -> bool:
        """Let one thin client register, stay online, or lose its UMS."""
        client, station = self._clients[name], self._site.stations[name]
        client["next_try"] = now + _RETRY_S
        running = machine.os_phase == "thin_client"
        verdict = self._reach_ums(station) if running else Verdict(permit=False, rule="not running")
        online = running and verdict["permit"]
        blocked = running and not online
        if blocked and not client["blocked"]:
            self._note("blocked", False, station=name, rule=verdict["rule"])
        if online and not client["registered"]:
            online = ums.register(client["unit_mac"], self._introduction(station, client["unit_mac"], machine)) != ""
            if online:
                self._note("register", True, station=name, unit_mac=client["unit_mac"])
        elif online != client["online"] and client["registered"]:
            ums.set_online(client["unit_mac"], online)
        after = {"online": online, "blocked": blocked, "registered": client["registered"] or online}
        changed = any(client[key] != value for key, value in after.items())
        client.update(after)
        return changed

    def _introduction(self, station: Station, unit_mac: str, machine: Any) -> dict[str, Any]:
        """Give what IGEL OS tells at registration; its name is ITC and the MAC until the UMS gives it another."""
        return {
            "name": f"ITC{unit_mac}",
            "address": station.address,
            "firmware": self._site.firmware,
            "serial": self._serial(machine),
        }
