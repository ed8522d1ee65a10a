# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices: from what the server holds and what is wanted to the writes between them. Pure.

Source: UMS IMI v3 contract, sections 5.1 and 7. A device is its unit id; a MAC decides only where no unit id does.
A PC with several network cards may come back from its conversion under another MAC than it was pre-registered with:
then the record that has connected is kept and the one that never has is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import (
    Create,
    Current,
    Delete,
    DevicePlan,
    Draft,
    Update,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import FIELDS, Device, Firmware
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import Wanted

_OPTION = {wire: key for key, wire in FIELDS.items()}


class _Lookup:
    """The current state, indexed once."""

    def __init__(self, current: Current) -> None:
        self.tree = current.tree
        self.firmwares = {item.id: item for item in current.firmwares}
        self._by_version = {(item.product, item.version): item for item in current.firmwares}
        self._unit: dict[bool, dict[str, list[Device]]] = {False: {}, True: {}}
        self._mac: dict[bool, dict[str, list[Device]]] = {False: {}, True: {}}
        for device in current.devices:
            self._unit[device.in_bin].setdefault(device.unit_id, []).append(device)
            self._mac[device.in_bin].setdefault(device.mac, []).append(device)

    def records(self, macs: Iterable[str], in_bin: bool = False) -> tuple[list[Device], bool]:
        """Give the records of a device and whether the unit id decided; MACs only where no unit id matches."""
        macs = list(macs)
        hits = [device for mac in macs for device in self._unit[in_bin].get(mac, [])]
        if hits:
            return hits, True
        return [device for mac in macs for device in self._mac[in_bin].get(mac, [])], False

    def same_mac(self, macs: Iterable[str], known: Sequence[Device]) -> list[Device]:
        """Give connected records that share a MAC but have another unit id."""
        ids = {device.id for device in known}
        near = [device for mac in macs for device in self._mac[False].get(mac, [])]
        return [device for device in near if device.id not in ids and device.connected]

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

    def view(self, device: Device, keys: Iterable[str] = ("name",)) -> dict[str, Any]:
        """Give a record as people see it in the diff."""
        shown = {_OPTION[key]: device.fields.get(key, "") for key in keys}
        return {"unit_id": device.unit_id, "mac": device.mac, "directory": self.tree.path(device.parent_id), **shown}

    def row(self, device: Device, action: str) -> dict[str, Any]:
        """Give a record as the module returns it."""
        firmware = self.firmwares.get(device.firmware_id)
        return {
            "name": device.name,
            "id": device.id,
            "unit_id": device.unit_id,
            "mac": device.mac,
            "directory": self.tree.path(device.parent_id),
            "firmware": {"product": firmware.product, "version": firmware.version} if firmware else None,
            "action": action,
        }


def plan_present(current: Current, wanted: Sequence[Wanted], *, assume_missing: bool = False) -> DevicePlan:
    """Plan that every wanted device has one record, as wanted; other records are left alone.

    Args:
        current: what the server holds.
        wanted: what is to be.
        assume_missing: take directories that do not exist as about to be made (check mode of a whole play).

    Raises:
        InputError: unknown or ambiguous directory, firmware or device; every problem in one message.
        RefusedError: as InputError, where a record lies in the bin or two records of one device have connected.
    """
    look, draft = _Lookup(current), Draft()
    claimed: dict[str, str] = {}
    for item in wanted:
        try:
            _require_directory(look.tree, item, draft, assume_missing)
            records, by_unit = look.records(item.macs)
            kept, spare = _choose(item, records, by_unit, draft)
            if kept is None:
                _refuse_bin(look, item)
                _create(look, item, draft)
                continue
            if claimed.setdefault(kept.id, item.label) != item.label:
                raise InputError(f"{item.label} and {claimed[kept.id]} both match the record with id {kept.id}.")
            _warn_same_mac(look, item, records, draft)
            _adapt(look, item, kept, spare, draft)
        except OtedgeError as exc:
            draft.problems.append(exc)
    return draft.finish()


def plan_absent(current: Current, wanted: Sequence[Wanted], *, never_connected: bool = False) -> DevicePlan:
    """Plan that no wanted device has a record outside the recycle bin; see plan_present for errors.

    Args:
        current: what the server holds.
        wanted: whose records are to go.
        never_connected: remove only pre-registrations: records under a wanted unit id, none of which has connected.
    """
    look, draft = _Lookup(current), Draft()
    for item in wanted:
        records, by_unit = look.records(item.macs)
        if never_connected:
            records = _pre_registered(look, item, draft)
        elif len(records) > 1 and not by_unit:
            draft.problems.append(_ambiguous(item, records))
            continue
        if look.records(item.macs, in_bin=True)[0]:
            draft.warnings.append(f"{item.label} lies in the recycle bin; this API cannot empty it.")
        for device in records:
            draft.before[f"{item.label} ({device.unit_id})"] = look.view(device)
            draft.deletes.append(Delete(item.label, device.id, never_connected))
        draft.rows += [look.row(device, "deleted") for device in records]
    return draft.finish()


def _pre_registered(look: _Lookup, item: Wanted, draft: Draft) -> list[Device]:
    """Give the records made for a device that has not come yet; none, and a warning, where it has."""
    records, by_unit = look.records(item.macs)
    came = [device for device in records if device.connected]
    if came:
        draft.warnings.append(f"{item.label} has connected (unit id {came[0].unit_id}); its records are left alone.")
        draft.rows += [look.row(device, "unchanged") for device in came]
    return [] if came or not by_unit else records


def _require_directory(tree: Tree, item: Wanted, draft: Draft, assume_missing: bool) -> None:
    if item.directory is None or tree.find(item.directory) is not None:
        return
    if not assume_missing:
        raise InputError(
            f"{item.label}: the directory {item.directory} does not exist.",
            fix="Create it first with otedge.endpoint.ums_directories.",
        )
    warning = f"The directory {item.directory} does not exist yet; this check run takes it as created."
    if warning not in draft.warnings:
        draft.warnings.append(warning)


def _choose(item: Wanted, records: list[Device], by_unit: bool, draft: Draft) -> tuple[Device | None, list[Device]]:
    """Decide which record stays and which are spare ones that never connected."""
    if len(records) <= 1:
        return (records[0] if records else None), []
    if not by_unit:
        raise _ambiguous(item, records)
    connected = [device for device in records if device.connected]
    if len(connected) > 1:
        shown = ", ".join(f"{device.unit_id} (id {device.id}, {device.last_ip or 'no IP'})" for device in connected)
        raise RefusedError(
            f"{item.label} has {len(connected)} records that have connected: {shown}."
            " They may be two devices, so none is removed.",
            fix="Check which one is the station, and correct candidate_macs or remove the other in the UMS console.",
        )
    if not connected:
        draft.warnings.append(
            f"{item.label} is pre-registered {len(records)} times and none has connected;"
            f" {records[0].unit_id} is managed, the others stay until one connects."
        )
        return records[0], []
    return connected[0], [device for device in records if device is not connected[0]]


def _ambiguous(item: Wanted, records: Sequence[Device]) -> InputError:
    shown = ", ".join(f"{device.unit_id} (id {device.id}, MAC {device.mac})" for device in records)
    return InputError(
        f"{item.label}: {len(records)} records share its MAC and no unit id decides: {shown}.",
        fix="Remove the wrong one in the UMS console, or narrow candidate_macs.",
    )


def _refuse_bin(look: _Lookup, item: Wanted) -> None:
    binned, _by_unit = look.records(item.macs, in_bin=True)
    if binned:
        raise RefusedError(
            f"{item.label} lies in the recycle bin of the server (unit id {binned[0].unit_id}, id {binned[0].id}).",
            fix="Restore it, or empty the bin, in the UMS console: this API can do neither.",
        )


def _warn_same_mac(look: _Lookup, item: Wanted, records: Sequence[Device], draft: Draft) -> None:
    for other in look.same_mac(item.macs, records):
        draft.warnings.append(
            f"{item.label} shares MAC {other.mac} with the device of unit id {other.unit_id} (id {other.id}), which has"
            " connected. It may be a boot stick in the same PC; it is left alone."
        )


def _create(look: _Lookup, item: Wanted, draft: Draft) -> None:
    firmware = look.firmware(item)
    path = item.directory or ""
    parent = look.tree.find(path) or ""
    body = {"mac": item.mac, "firmwareID": firmware.id, "name": "", "parentID": parent, **item.fields}
    shown = {_OPTION[key]: value for key, value in item.fields.items()}
    product = {"product": firmware.product, "version": firmware.version}
    draft.after[item.label] = {"unit_id": item.mac, "mac": item.mac, "directory": path, "firmware": product, **shown}
    draft.creates.append(Create(item.label, body, path))
    draft.rows.append(
        {
            "name": body["name"],
            "id": None,
            "unit_id": item.mac,
            "mac": item.mac,
            "directory": path,
            "firmware": product,
            "action": "created",
        }
    )


def _adapt(look: _Lookup, item: Wanted, kept: Device, spare: Sequence[Device], draft: Draft) -> None:
    """Plan the way from a found record to the wanted one, and the removal of its spare records."""
    directory = None if item.directory is None else (look.tree.find(item.directory) or "", item.directory)
    fields = {key: value for key, value in item.fields.items() if kept.fields.get(key, "") != value}
    moves = directory is not None and directory[0] != kept.parent_id
    row = look.row(kept, "merged" if spare else "moved" if moves else "updated" if fields else "unchanged")
    if fields:
        draft.updates.append(Update(item.label, kept.id, fields))
        row["name"] = fields.get("name", row["name"])
    if moves and directory is not None:
        draft.moves.setdefault(directory, []).append(kept.id)
        row["directory"] = directory[1]
    for device in spare:
        draft.before[f"{item.label} ({device.unit_id})"] = look.view(device)
        draft.deletes.append(Delete(item.label, device.id, never_connected=True))
    if row["action"] != "unchanged":
        keys = list(dict.fromkeys(["name", *fields]))
        before = look.view(kept, keys)
        shown = {_OPTION[key]: value for key, value in fields.items()}
        draft.before[item.label] = before
        draft.after[item.label] = {**before, **shown, "directory": row["directory"]}
    draft.rows.append(row)
