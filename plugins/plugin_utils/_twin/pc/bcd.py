# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""Boot configuration of one PC: what bcdedit shows and sets, and what the firmware does with a one-time entry.

[documented] identifiers, elements, `bootsequence` of {fwbootmgr} is used once by the firmware and gone then; {bootmgr}
of a BIOS PC starts a boot sector application once by its own `bootsequence`. [assumed] a network entry with nobody to
answer gives up after some seconds and Windows starts; an unsigned loader under Secure Boot is passed over.
"""

from __future__ import annotations

import copy
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .machine import Machine

BOOTMGR = "{9dea862c-5cdd-4e70-acc1-f32b344d4795}"
FWBOOTMGR = "{a5a30fa2-3d06-4e9f-b5f4-a01df9d1fcba}"
LOADER = "{40d9b7a2-2f1c-11e3-8c5f-d0bf9c1f6a34}"
NIC4 = "{7b1f5ee2-6d6a-11e9-a2c4-806e6f6e6963}"
NIC6 = "{7b1f5ee3-6d6a-11e9-a2c4-806e6f6e6963}"
ALIASES = {"{bootmgr}": BOOTMGR, "{fwbootmgr}": FWBOOTMGR, "{current}": LOADER, "{default}": LOADER}
Object = dict[str, Any]


class Bcd:
    """The store: {identifier: {"kind", "description", "device", "path", ...lists}}.

    Args:
        machine: the PC.
        state: what `dump` gave.
    """

    def __init__(self, machine: Machine, state: dict[str, Any] | None) -> None:
        self._machine = machine
        overrides = machine.overrides
        self.uefi = bool(overrides.get("uefi", machine.profile.uefi))
        self.objects: dict[str, Object] = copy.deepcopy(state["objects"]) if state else self._fresh(overrides)
        self.mounted: str = state.get("mounted", "") if state else ""

    def dump(self) -> dict[str, Any]:
        """Give the state as plain JSON."""
        return {"objects": self.objects, "mounted": self.mounted}

    def _fresh(self, overrides: dict[str, Any]) -> dict[str, Object]:
        kind = "efi" if self.uefi else "exe"
        boot = "partition=\\Device\\HarddiskVolume1"
        found: dict[str, Object] = {
            BOOTMGR: {
                "kind": "bootmgr",
                "description": "Windows Boot Manager",
                "device": boot,
                "path": "\\EFI\\Microsoft\\Boot\\bootmgfw.efi" if self.uefi else "",
                "default": LOADER,
                "displayorder": [LOADER],
                "timeout": "30",
            },
            LOADER: {
                "kind": "osloader",
                "description": "Windows 7" if self._machine.profile.family == "7" else "Windows 10",
                "device": "partition=C:",
                "path": f"\\Windows\\system32\\winload.{kind}",
            },
        }
        if self.uefi:
            order = [BOOTMGR]
            if overrides.get("pxe_entry", True):
                found[NIC4] = {"kind": "firmware", "description": "Onboard NIC (IPV4)"}
                found[NIC6] = {"kind": "firmware", "description": "Onboard NIC (IPV6)"}
                order += [NIC4, NIC6]
            found[FWBOOTMGR] = {"kind": "fwbootmgr", "displayorder": order, "timeout": "1"}
        return found

    def find(self, name: str) -> str | None:
        """Give the identifier an alias or identifier names; None where there is none."""
        wanted = ALIASES.get(name.lower(), name.lower())
        return wanted if wanted in self.objects else None

    def copy(self, identifier: str, description: str) -> str:
        """Copy an entry; [documented] a copy of the boot manager joins the firmware's display order."""
        new = "{" + str(uuid.uuid4()) + "}"
        old = self.objects[identifier]
        # [documented] what is in the firmware's own list is a firmware application, whatever it was copied from
        kind = "firmware" if old["kind"] == "bootmgr" else old["kind"]
        kept = {key: one for key, one in old.items() if key in ("device", "path")}
        self.objects[new] = {**kept, "kind": kind, "description": description}
        if kind == "firmware" and FWBOOTMGR in self.objects:
            self.objects[FWBOOTMGR]["displayorder"].append(new)
        self.changed(new)
        return new

    def create(self, description: str) -> str:
        """Make a boot sector entry."""
        new = "{" + str(uuid.uuid4()) + "}"
        self.objects[new] = {"kind": "bootsector", "description": description}
        self.changed(new)
        return new

    def delete(self, identifier: str) -> None:
        """Delete an entry, and its name from all lists."""
        del self.objects[identifier]
        for one in self.objects.values():
            for key in ("displayorder", "bootsequence"):
                if identifier in one.get(key, []):
                    one[key].remove(identifier)
        self.changed(identifier)

    def changed(self, identifier: str) -> None:
        """Note a change."""
        self._machine.changed("boot_configuration", entry=identifier)

    def take_once(self) -> Object | None:
        """Give the entry that is to be booted once, and forget it: the firmware has used it."""
        for manager in (FWBOOTMGR, BOOTMGR):
            sequence = self.objects.get(manager, {}).pop("bootsequence", None)
            if sequence:
                self._machine.hooks.journal("boot_once", write=False, entry=sequence[0])
                self._machine.hooks.changed(self._machine.name)
                return self.objects.get(sequence[0])
        return None

    def leads_away(self, entry: Object) -> bool:
        """Whether an entry starts something other than Windows."""
        if entry["kind"] in ("osloader", "bootmgr"):
            return False
        if entry["kind"] == "bootsector":
            return self._machine.files.file(f"C:{entry.get('path', '')}") is not None
        if "path" not in entry:
            return True  # the network
        if entry["path"].lower().startswith("\\efi\\microsoft"):
            return False
        secure = self._machine.overrides.get("secure_boot", self._machine.profile.secure_boot)
        signed = "shim" in entry["path"].lower()
        there = self._machine.files.file(f"ESP:{entry['path']}") is not None
        return there and (signed or not secure)
