# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulated world offers its peers, and what it asks of them.

One lock for the whole world: ``hooks.lock`` (an RLock). A server takes it around the part of a request that touches
its peer (never while it waits for the network); the world takes it around ``tick``, ``dump``, ``evaluate`` and
``inject``. Peers own no lock of their own, so no order of locks can be wrong, and every hook may be called inside it.

State: ``journal(write=True)`` and ``changed()`` mark the peer; the world writes its ``dump()`` within one tick
(0.1 s) to DIR/state and hands it to the constructor as ``state`` when it is started again.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Protocol, TypedDict


class Packet(TypedDict, total=False):
    """One packet as a switch port sees it.

    protocol: ``tcp``, ``udp``, ``icmp``, or an IP protocol number; src, dst: dotted quads; src_port, dst_port: 1-65535
    or missing; established: True for a TCP segment with ACK or RST (an answer), default False.
    """

    protocol: str | int
    src: str
    dst: str
    src_port: int | None
    dst_port: int | None
    established: bool


class Verdict(TypedDict):
    """What a list says: ``rule`` is the text of the deciding line, ``implicit deny``, or ``no list``."""

    permit: bool
    rule: str


class Hooks(Protocol):
    """What every peer may ask of the world; made for one peer, so the peer's name is known."""

    lock: threading.RLock

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        """Write one journal line: ``write`` is True if, and only if, the peer's state was changed by it."""

    def now(self) -> float:
        """Give the twin's time: seconds since the epoch, UTC; it can be stepped."""

    def changed(self, name: str = "") -> None:
        """Tell that the peer's state must be saved, where no journal line with write=True says so.

        The name of the peer may be given; it is known anyway.
        """


class PcHooks(Hooks, Protocol):
    """What a PC may ask. ``station`` is the PC's inventory name, ``config["name"]``."""

    def fetch(self, station: str, url: str) -> dict[str, Any] | None:
        """Download: {"sha256": hex, "size": bytes}, or None if rules block it or nothing is there."""

    def reply_permitted(self, station: str, src_port: int) -> bool:
        """Do answers of this PC from tcp ``src_port`` pass its switch port towards the controller?"""

    def thin_client_boots(self, station: str, unit_mac: str) -> None:
        """The PC is IGEL OS now and has booted under this MAC; the world lets it look for the UMS."""


class SwitchHooks(Hooks, Protocol):
    """What a switch may ask.

    ``changed()`` is called after every change of the running configuration that may alter what passes, revert
    included: the world re-evaluates the flows of its stations and saves the switch.
    """


class UmsHooks(Hooks, Protocol):
    """What the UMS may ask; also ``wake(mac)``, where there are machines: a magic packet for this MAC was sent."""


class Peer(Protocol):
    """What the world asks of Machine, Switch and UmsStore alike."""

    def tick(self, now: float) -> None:
        """Let time pass; called about ten times a second."""

    def dump(self) -> dict[str, Any]:
        """Give the whole state as plain JSON, as the constructor takes it back."""

    def inject(self, fault: str, args: Mapping[str, Any]) -> None:
        """Inject a fault; ``none`` ends all. ValueError for an unknown one."""
