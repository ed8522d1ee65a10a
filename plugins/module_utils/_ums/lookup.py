# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The current state, indexed once: which records stand for a device, and how people see them. Pure.

Source: UMS IMI v3 contract, sections 3 and 7.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.attributes import Attribute, known_attributes
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import Current
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import FIELDS, Device, Firmware
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import Wanted

OPTION = {wire: key for key, wire in FIELDS.items()}


class Lookup:
    """The records outside and inside the recycle bin by unit id, MAC and name; firmwares; attributes."""

    def __init__(self, current: Current) -> None:
        self.tree = current.tree
        self.devices = current.devices
        self.firmwares = {item.id: item for item in current.firmwares}
        self._by_version = {(item.product, item.version): item for item in current.firmwares}
        self._unit: dict[bool, dict[str, list[Device]]] = {False: {}, True: {}}
        self._mac: dict[bool, dict[str, list[Device]]] = {False: {}, True: {}}
        self._name: dict[str, list[Device]] = {}
        self._values = {
            device_id: {str(item["identifier"]): str(item["value"]) for item in attributes}
            for device_id, attributes in current.attributes.items()
        }
        self.known_attributes: Mapping[str, Attribute] = known_attributes(current.attributes.values())
        for device in current.devices:
            self._unit[device.in_bin].setdefault(device.unit_id, []).append(device)
            self._mac[device.in_bin].setdefault(device.mac, []).append(device)
            if not device.in_bin:
                self._name.setdefault(device.name, []).append(device)

    def records(self, wanted: Wanted, in_bin: bool = False) -> tuple[list[Device], bool]:
        """Give the records of a device and whether the unit id decided; MACs only where no unit id matches."""
        if wanted.unit_id is not None:
            return list(self._unit[in_bin].get(wanted.unit_id, [])), True
        hits = [device for mac in wanted.macs for device in self._unit[in_bin].get(mac, [])]
        if hits:
            return hits, True
        return [device for mac in wanted.macs for device in self._mac[in_bin].get(mac, [])], False

    def sharing(self, macs: Iterable[str], known: Sequence[Device]) -> list[Device]:
        """Give the records that share a MAC but are not among the known ones."""
        ids = {device.id for device in known}
        near = [device for mac in macs for device in self._mac[False].get(mac, [])]
        return [device for device in near if device.id not in ids]

    def named(self, name: str) -> list[Device]:
        """Give the records outside the bin of that name."""
        return self._name.get(name, [])

    def firmware(self, wanted: Wanted) -> Firmware:
        """Find the firmware a record is created with."""
        if wanted.firmware is None:
            raise InputError(
                f"{wanted.label} is not known and has no firmware.",
                fix="Give firmware with product and version: a new record needs one.",
            )
        if wanted.firmware in self._by_version:
            return self._by_version[wanted.firmware]
        known = ", ".join(sorted(f"{product} {version}" for product, version in self._by_version)) or "none"
        raise InputError(
            f"{wanted.label}: the server has no firmware {' '.join(wanted.firmware)}; it has: {known}.",
            fix="Use one of these, or import the firmware in the UMS console.",
        )

    def values(self, device: Device) -> Mapping[str, str]:
        """Give the custom attributes of a device, as far as they were read."""
        return self._values.get(device.id, {})

    def view(self, device: Device, keys: Iterable[str] = ("name",)) -> dict[str, Any]:
        """Give a record as people see it in the diff; ``keys`` are names on the wire."""
        shown = {OPTION[key]: device.fields.get(key, "") for key in keys}
        return {"unit_id": device.unit_id, "mac": device.mac, "directory": self.tree.path(device.parent_id), **shown}

    def product(self, device: Device) -> dict[str, str] | None:
        """Give product and version of a record's firmware."""
        firmware = self.firmwares.get(device.firmware_id)
        return {"product": firmware.product, "version": firmware.version} if firmware else None

    def row(self, device: Device, action: str) -> dict[str, Any]:
        """Give a record as the module returns it."""
        return {
            "name": device.name,
            "id": device.id,
            "unit_id": device.unit_id,
            "mac": device.mac,
            "directory": self.tree.path(device.parent_id),
            "firmware": self.product(device),
            "action": action,
        }
