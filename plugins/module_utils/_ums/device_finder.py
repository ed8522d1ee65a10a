# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find a device by what people call it: unit id, MAC address or name. Pure.

Source: UMS IMI v3 contract, section 7.1: the unit id decides, then the MAC; names and MACs need not be unique.
"""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, normal_mac
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import near_names


class DeviceFinder:
    """The devices, indexed once; those in the recycle bin are known but not found."""

    def __init__(self, devices: Iterable[Device]) -> None:
        self._live: tuple[dict[str, list[Device]], ...] = ({}, {}, {})
        self._binned: set[str] = set()
        for device in devices:
            keys = (device.unit_id, device.mac, device.name)
            if device.in_bin:
                self._binned.update(keys)
                continue
            for table, key in zip(self._live, keys, strict=True):
                table.setdefault(key, []).append(device)

    def find(self, reference: str) -> Device | None:
        """Give the device, None if there is none; raise InputError if several match."""
        by_unit, by_mac, by_name = self._live
        mac = normal_mac(reference)
        hits = (mac and (by_unit.get(mac) or by_mac.get(mac))) or by_unit.get(reference.upper())
        hits = hits or (by_name.get(reference) if reference else None) or []
        if len(hits) > 1:
            shown = ", ".join(f"unit id {device.unit_id}, id {device.id}" for device in hits[:5])
            raise InputError(
                f"device {reference}: {len(hits)} devices match ({shown})",
                fix="Name devices that share a name or a MAC address by their unit id.",
            )
        return hits[0] if hits else None

    def absence(self, reference: str) -> str:
        """Say why find gave None: the recycle bin, or unknown with the names that are like it."""
        if {reference, reference.upper(), normal_mac(reference) or reference} & self._binned:
            return "it lies in the recycle bin; restore it in the UMS console"
        known = [key for table in (self._live[2], self._live[0]) for key in table]
        return f"it does not exist on the server{near_names(reference, known)}"
