# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""Write filters of embedded Windows: UWF, EWF and FBWF keep what is written in an overlay and drop it at the restart.

[documented] a change of the filter itself waits for the next session, survives the restart, and commits write through;
[documented] the one-time boot entry of the firmware survives too. [assumed] EWF and FBWF protect C: alone, tasks and
the boot configuration live on C:.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from .files import Files
from .registry import Registry

if TYPE_CHECKING:
    from .machine import Machine

KINDS = ("uwf", "ewf", "fbwf")


class WriteFilter:
    """The write filter of one PC; `kind` is empty where none is installed.

    Args:
        machine: the PC.
        state: what `dump` gave.
    """

    def __init__(self, machine: Machine, state: dict[str, Any] | None) -> None:
        self._machine = machine
        overrides = machine.overrides
        self.kind = next((kind for kind in KINDS if overrides.get(kind) and _fits(kind, machine)), "")
        enabled = bool(self.kind) and overrides.get(self.kind) not in ("off", "disabled")
        state = state or {"current": enabled, "next": enabled, "volume": enabled, "volume_next": enabled}
        self.current: bool = state["current"]
        self.next: bool = state["next"]
        self.volume: bool = state["volume"]
        self.volume_next: bool = state["volume_next"]
        self.exclusions: list[str] = list(state.get("exclusions", []))
        self._kept: dict[str, Any] | None = state.get("kept")
        if self.protects and self._kept is None:
            self._kept = self._snapshot()

    @property
    def protects(self) -> bool:
        """Whether writes to C: are dropped at the next restart."""
        return self.current and self.volume

    def dump(self) -> dict[str, Any]:
        """Give the state as plain JSON."""
        names = ("current", "next", "volume", "volume_next", "exclusions")
        return {**{name: getattr(self, name) for name in names}, "kept": self._kept}

    def windows_ends(self) -> None:
        """Windows goes down: the overlay is dropped and the settings for the next session take effect."""
        if self.protects and self._kept is not None:
            self._restore(self._kept)
        self.current, self.volume = self.next, self.volume_next
        self._kept = self._snapshot() if self.protects else None

    def set_enabled(self, enabled: bool) -> None:
        """Enable or disable the filter from the next session on."""
        self.next = enabled
        if self.kind != "uwf":
            self.volume_next = enabled
        self._machine.changed("write_filter", next=enabled)

    def protect(self, enabled: bool) -> None:
        """Protect C: or not from the next session on."""
        self.volume_next = enabled
        self._machine.changed("write_filter", volume_next=enabled)

    def commit(self, path: str = "") -> bool:
        """Write a file through to the disk, all of C: without a path; False when the file is missing."""
        if self._kept is None:
            return True
        if not path:
            self._kept = self._snapshot()
        else:
            entry = self._machine.files.entry(path)
            if entry is None:
                return False
            rest = [one for one in self._kept["files"] if one["path"].lower() != path.lower()]
            self._kept["files"] = [*rest, dict(entry)]
        self._machine.changed("write_filter", committed=path or "C:")
        return True

    def commit_registry(self, path: str, name: str) -> bool:
        """Write a value through to the disk; False when it is missing."""
        value = self._machine.registry.value(path, name)
        if value is None:
            return False
        if self._kept is not None:
            self._kept["registry"].append(["set_value", path, *value])
        self._machine.changed("write_filter", committed=f"{path}\\{name}")
        return True

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Instances of a UWF class, given in lower case."""
        if self.kind != "uwf":
            return []
        volume = {"DriveLetter": "C:", "BindByDriveLetter": True, "CommitPending": False, "VolumeName": "Volume{c}"}
        found: dict[str, list[dict[str, Any]]] = {
            "uwf_filter": [
                {
                    "Id": "UWF_Filter",
                    "CurrentEnabled": self.current,
                    "NextEnabled": self.next,
                    "HORMEnabled": False,
                    "ShutdownPending": False,
                }
            ],
            "uwf_volume": [
                {**volume, "CurrentSession": True, "Protected": self.volume},
                {**volume, "CurrentSession": False, "Protected": self.volume_next},
            ],
            "uwf_registryfilter": [{"Id": "UWF_RegistryFilter", "CurrentSession": True}],
            "uwf_overlay": [
                {
                    "Id": "UWF_Overlay",
                    "OverlayConsumption": 78 if self.protects else 0,
                    "AvailableSpace": 946 if self.protects else 0,
                    "WarningOverlayThreshold": 512,
                    "CriticalOverlayThreshold": 1024,
                }
            ],
        }
        return found.get(name, [])

    def _snapshot(self) -> dict[str, Any]:
        machine = self._machine
        return {
            "files": machine.files.dump(),
            "registry": copy.deepcopy(machine.registry.changes),
            "tasks": copy.deepcopy(machine.tasks),
        }

    def _restore(self, kept: dict[str, Any]) -> None:
        machine = self._machine
        machine.files = Files(kept["files"])
        machine.registry = Registry(machine.catalogue.registry(), kept["registry"])
        machine.tasks = {key: dict(one) for key, one in kept["tasks"].items()}
        machine.changed("write_filter", dropped=True)


def _fits(kind: str, machine: Machine) -> bool:
    return machine.profile.seven if kind in ("ewf", "fbwf") else not machine.profile.seven
