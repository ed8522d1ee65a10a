# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the parts of a PC ask about it: clock, space, WMI, protection. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from ..hooks import PcHooks
    from .boot import Boot
    from .catalogue import Catalogue


class Views:
    """The read side of a Machine."""

    config: dict[str, Any]
    hooks: PcHooks
    catalogue: Catalogue
    boot: Boot
    zone: ZoneInfo
    faults: dict[str, Any]
    extras: dict[str, Any]

    @property
    def overrides(self) -> dict[str, Any]:
        """What the inventory says otherwise about this PC."""
        return self.config.get("overrides") or {}

    @property
    def unit_mac(self) -> str:
        """MAC the thin client will register under: 12 hex digits, upper case."""
        wanted = self.config.get("unit_mac") or self.config.get("mac", "")
        return "".join(char for char in str(wanted) if char.isalnum()).upper()

    @property
    def console_user(self) -> str:
        """Who sits at it; empty when nobody is logged on."""
        return str(self.overrides.get("console_user", "operator"))

    def denied(self, path: str) -> bool:
        """Whether the account may not read a registry key."""
        wanted = [*(self.overrides.get("denied_keys") or []), *self.faults.get("deny_key", [])]
        lowered = f"{path}\\".lower()
        return any(lowered.startswith(f"{str(one)}\\".lower()) for one in wanted)

    def environment(self) -> dict[str, str]:
        """Variables of a new shell, names in lower case."""
        return self.catalogue.environment()

    def local_time(self, when: float | None = None) -> datetime:
        """Give a moment, now by default, as the clock on the wall of the PC."""
        return datetime.fromtimestamp(self.clock() if when is None else when + self.skew, UTC).astimezone(self.zone)

    def boot_local(self) -> datetime:
        """Local time of the last start of Windows."""
        return self.local_time(self.boot.boot_time)

    def utc_time(self) -> datetime:
        """Give the moment, in UTC, as the PC's clock has it."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def clock(self) -> float:
        """Give the PC's own clock: seconds since the epoch; it may be wrong (`clock_skew`)."""
        return self.hooks.now() + self.skew

    @property
    def skew(self) -> float:
        """Seconds the PC's clock is ahead."""
        return float(self.faults.get("clock_skew", self.overrides.get("clock_skew", 0.0)))

    @property
    def bitlocker_active(self) -> bool:
        """Whether BitLocker protects C: now."""
        on = bool(self.overrides.get("bitlocker"))
        return on and "bitlocker_suspended" not in self.extras

    def volume_free(self, drive: str) -> int:
        """Free bytes on a drive."""
        if drive.upper() == "C:":
            return self.free_bytes()
        volumes = self.overrides.get("volumes") or {}
        return int(float((volumes.get(drive[0].upper()) or {}).get("free_gb", 0)) * 1024**3)

    def free_bytes(self) -> int:
        """Free bytes on C:."""
        return self.catalogue.free_bytes()

    def has_hotfix(self, name: str) -> bool:
        """Whether an update is installed."""
        return name in self.catalogue.hotfixes

    def has_namespace(self, namespace: str) -> bool:
        """Whether WMI has this namespace here."""
        return namespace in self.catalogue.namespaces

    def properties(self, namespace: str, name: str) -> tuple[str, ...]:
        """Property names of a class; empty when WMI has no such class here."""
        return self.catalogue.classes.get((namespace, name.lower()), ())

    def instances(self, namespace: str, name: str) -> Iterable[dict[str, Any]]:
        """All instances of a class as they are now, every property present; a very large class one at a time."""
        return self.catalogue.instances(namespace, name)

    def connections(self) -> list[dict[str, Any]]:
        """Listening and established TCP connections."""
        return self.catalogue.connections()


def zone_of(name: str) -> ZoneInfo:
    """Give a time zone by its name, UTC for one that is not known."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
