# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Power and boot: off, booting, windows, installing, thin client, elsewhere; broken when a person must come.

[assumed] seconds of every step come from the configuration; the mains comes back `power_back_seconds` after a cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .converter import LOADER, boots

if TYPE_CHECKING:
    from .machine import Machine

OFF, BOOTING, WINDOWS, INSTALLING, THIN_CLIENT = "off", "booting", "windows", "installing", "thin_client"
ELSEWHERE = "elsewhere"  # a loader that is not Windows, from the network or a file, was started once
UP_BEFORE = 9 * 86400.0 + 4321.5  # seconds Windows had been up when the world began


class Boot:
    """The boot state of one PC; `state` is what `dump` gave."""

    def __init__(self, machine: Machine, state: dict[str, Any]) -> None:
        self._machine = machine
        self.phase: str = state.get("phase", WINDOWS)
        self.until: float | None = state.get("until")
        self.broken: str = state.get("broken", "")
        self.pending: dict[str, Any] | None = state.get("pending")
        self.installed: bool = state.get("installed", False)
        self.boot_time: float = state.get("boot_time", machine.hooks.now() - UP_BEFORE)

    def dump(self) -> dict[str, Any]:
        """Give the state as plain JSON."""
        names = ("phase", "until", "broken", "pending", "installed", "boot_time")
        return {name: getattr(self, name) for name in names}

    def tick(self, now: float) -> None:
        """Let time pass."""
        if self.pending is not None and self.phase == WINDOWS and now >= self.pending["at"]:
            restart = self.pending["restart"]
            self._down("shutdown")
            if restart:
                self._enter(BOOTING, self._seconds("boot_seconds", 2.0))
        if self.until is None or now < self.until:
            return
        if self.phase == OFF:
            self.power_on()
        elif self.phase == BOOTING:
            self._booted(now)
        elif self.phase == ELSEWHERE:
            self._enter(BOOTING, self._seconds("boot_seconds", 2.0))  # nobody answered: the next entry is Windows
        elif self.phase == INSTALLING:
            self._install_ends()

    def schedule(self, *, restart: bool, delay: float) -> bool:
        """Take an order to shut down; False when one is waiting already."""
        if self.pending is not None:
            return False
        self.pending = {"at": self._machine.hooks.now() + delay, "restart": restart}
        self._machine.changed("shutdown", restart=restart, delay=delay)
        return True

    def abort(self) -> bool:
        """Take a waiting order back; False when there is none."""
        if self.pending is None:
            return False
        self.pending = None
        self._machine.changed("shutdown", aborted=True)
        return True

    def restart_now(self) -> None:
        """Restart without any order, as after a crash."""
        self._down("crash")
        self._enter(BOOTING, self._seconds("boot_seconds", 2.0))

    def power_cut(self) -> None:
        """Cut the mains; it comes back after a while. What had not been run yet is lost; files written stay."""
        if self.phase == INSTALLING:
            self._break("power was cut while the disk was being written")
            return
        self._down("power_cut")
        if not self.broken:
            self.until = self._machine.hooks.now() + self._seconds("power_back_seconds", 1.0)

    def power_on(self) -> None:
        """Switch the PC on; a broken one stays as it is."""
        if self.phase == OFF and not self.broken:
            self._enter(BOOTING, self._seconds("boot_seconds", 2.0))

    def _booted(self, now: float) -> None:
        if self.installed:
            self._enter(THIN_CLIENT, None)
            self._machine.hooks.thin_client_boots(self._machine.name, self._machine.unit_mac)
            return
        once = self._machine.bcd.take_once()
        if once is not None and self._machine.bcd.leads_away(once):
            stays = bool(self._machine.overrides.get("netboot_answers"))
            self._enter(ELSEWHERE, None if stays else self._seconds("netboot_seconds", 3.0), entry=once["description"])
            return
        target = boots(self._machine)
        if self._machine.bitlocker_active and self._machine.files.file(LOADER) is not None:
            # [documented] a changed boot chain asks for the recovery key; [assumed] the converter's hook is one
            self._break("BitLocker asks for the recovery key: the boot chain has changed")
        elif target == "installer":
            self._machine.wiped()
            self._enter(INSTALLING, self._seconds("install_seconds", 6.0))
        elif target == "windows":
            self.boot_time = now
            self._enter(WINDOWS, None)
            self._machine.windows_starts()
        else:
            self._break("the boot loader finds no configuration")

    def _install_ends(self) -> None:
        if self._machine.faults.get("install_fails"):
            self._break("the installation failed")
            return
        self.installed = True
        if self._machine.config.get("after_install", "reboot") == "shutdown":
            self._enter(OFF, None)
        else:
            self._enter(BOOTING, self._seconds("boot_seconds", 2.0))

    def _break(self, why: str) -> None:
        self.broken = why
        self._enter(OFF, None, broken=why)

    def _down(self, why: str) -> None:
        self._machine.windows_ends()
        self.pending = None
        self._enter(OFF, None, why=why)

    def _enter(self, phase: str, seconds: float | None, **data: Any) -> None:
        self.phase = phase
        self.until = None if seconds is None else self._machine.hooks.now() + seconds
        self._machine.phase_changed(phase, **data)

    def _seconds(self, name: str, default: float) -> float:
        return float(self._machine.config.get(name, default))
