# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices: from what the server holds and what is wanted to the writes between them. Pure.

Source: UMS IMI v3 contract, sections 5.1 and 7. A device is its unit id; a MAC decides only where no unit id does.
A PC with several network cards may come back from its conversion under another MAC than it was pre-registered with:
then the record that has connected is kept and the one that never has is removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.attributes import attributes_body, check_attributes
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import (
    Create,
    Current,
    Delete,
    DevicePlan,
    Draft,
    Update,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.drift import Difference
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.exclusive import Terms, plan_strangers
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.lookup import OPTION, Lookup
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import Wanted

_SHOWN = 10


def plan_present(
    current: Current,
    wanted: Sequence[Wanted],
    *,
    assume_missing: bool = False,
    terms: Terms | None = None,
) -> DevicePlan:
    """Plan that every wanted device has one record, as wanted; other records are left alone, but see ``terms``.

    Args:
        current: what the server holds.
        wanted: what is to be.
        assume_missing: take directories that do not exist as about to be made (check mode of a whole play).
        terms: whether other records go, and whether this is a comparison only.

    Raises:
        InputError: unknown or ambiguous directory, firmware, attribute or device; every problem in one message.
        RefusedError: as InputError, where a record lies in the bin, two records of one device have connected, or a
            record may not be removed.
    """
    terms = terms or Terms()
    look, draft = Lookup(current), Draft(assume_missing=assume_missing, compare=terms.compare)
    if terms.bad is not None:
        draft.problems.append(terms.bad)
    for item in wanted:
        try:
            _plan_one(look, item, draft)
        except OtedgeError as exc:
            draft.problems.append(exc)
    for item in wanted:
        _warn_same_mac(look, item, draft)
    _warn_names(look, wanted, draft)
    if terms.bad is None:  # whose records are strangers is not known while an item cannot be read
        plan_strangers(look, wanted, terms, draft)
    return draft.finish()


def _plan_one(look: Lookup, item: Wanted, draft: Draft) -> None:
    if item.directory is not None and look.tree.find(item.directory) is None:
        draft.no_directory(item.directory, item.label, look.tree)
    records, by_unit = look.records(item)
    for device in records:
        draft.claim(device, item.label)
    _check_attributes(look, item, draft)
    kept, spare = _choose(item, records, by_unit, draft)
    if kept is None:
        _create(look, item, draft)
        return
    _adapt(look, item, kept, spare, draft)


def _check_attributes(look: Lookup, item: Wanted, draft: Draft) -> None:
    if not item.attributes:
        return
    if look.devices or look.known_attributes:
        check_attributes(item.attributes, look.known_attributes, item.label)
        return
    warning = "The server has no device yet, so it shows no attributes: those of the list could not be checked."
    if warning not in draft.warnings:
        draft.warnings.append(warning)


def _warn_names(look: Lookup, wanted: Sequence[Wanted], draft: Draft) -> None:
    """Warn of names that several devices have: UMS allows it, but no person can tell them apart."""
    names = Counter(item.fields["name"] for item in wanted if item.fields.get("name"))
    shared = []
    for name, times in names.items():
        others = [device.unit_id for device in look.named(name) if device.id not in draft.claimed]
        if others:
            shared.append(f"{name} (also unit id {', '.join(others[:_SHOWN])})")
        elif times > 1:
            shared.append(f"{name} ({times} times in the list)")
    if shared:
        more = f" and {len(shared) - _SHOWN} more" if len(shared) > _SHOWN else ""
        draft.warnings.append(f"Names that are not unique: {', '.join(shared[:_SHOWN])}{more}.")


def _choose(item: Wanted, records: list[Device], by_unit: bool, draft: Draft) -> tuple[Device | None, list[Device]]:
    """Decide which record stays and which are spare ones that never connected."""
    if len(records) <= 1:
        return (records[0] if records else None), []
    if not by_unit:
        raise ambiguous(item, records)
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


def ambiguous(item: Wanted, records: Sequence[Device]) -> InputError:
    """Give the error for a device whose MAC several records share."""
    shown = ", ".join(f"{device.unit_id} (id {device.id}, MAC {device.mac})" for device in records)
    return InputError(
        f"{item.label}: {len(records)} records share its MAC and no unit id decides: {shown}.",
        fix="Give the unit_id of the right one, narrow candidate_macs, or remove the wrong one in the UMS console.",
    )


def _refuse_bin(look: Lookup, item: Wanted) -> None:
    binned, _by_unit = look.records(item, in_bin=True)
    if binned:
        raise RefusedError(
            f"{item.label} lies in the recycle bin of the server (unit id {binned[0].unit_id}, id {binned[0].id}).",
            fix="Restore it, or empty the bin, in the UMS console: this API can do neither.",
        )


def _warn_same_mac(look: Lookup, item: Wanted, draft: Draft) -> None:
    records, by_unit = look.records(item)
    if item.unit_id is not None or not (records and by_unit):
        return
    for other in look.sharing(item.macs, records):
        if other.connected and other.id not in draft.claimed:
            draft.warnings.append(
                f"{item.label} shares MAC {other.mac} with the device of unit id {other.unit_id} (id {other.id}), which"
                " has connected. It may be a boot stick in the same PC; it is left alone."
            )


def _create(look: Lookup, item: Wanted, draft: Draft) -> None:
    path = item.directory or ""
    draft.drift.missing.append({"name": item.fields.get("name", ""), "mac": item.mac, "directory": path})
    _refuse_bin(look, item)
    if item.unit_id not in (None, item.mac):
        raise InputError(
            f"{item.label}: no record has the unit id {item.unit_id}, and it cannot be created.",
            fix="The API takes a MAC only: register the device first, or leave unit_id out to pre-register its mac.",
        )
    firmware = look.firmware(item)
    parent = look.tree.find(path) or ""
    body: dict[str, Any] = {"mac": item.mac, "firmwareID": firmware.id, "name": "", "parentID": parent, **item.fields}
    shown: dict[str, Any] = {OPTION[key]: value for key, value in item.fields.items()}
    given = {key: value for key, value in item.attributes.items() if value}
    if given:
        body["deviceAttributes"] = attributes_body(given)
        shown["attributes"] = given
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


def _adapt(look: Lookup, item: Wanted, kept: Device, spare: Sequence[Device], draft: Draft) -> None:
    """Plan the way from a found record to the wanted one, and the removal of its spare records."""
    directory = None if item.directory is None else (look.tree.find(item.directory) or "", item.directory)
    fields = {key: value for key, value in item.fields.items() if kept.fields.get(key, "") != value}
    values = look.values(kept)
    attributes = {key: value for key, value in item.attributes.items() if values.get(key, "") != value}
    moves = directory is not None and directory[0] != kept.parent_id
    changed = "moved" if moves else "updated" if fields or attributes else "unchanged"
    row = look.row(kept, "merged" if spare else changed)
    _compare(look, item, kept, spare, draft)
    if fields or attributes:
        body: dict[str, Any] = {**fields}
        if attributes:
            body["deviceAttributes"] = attributes_body(attributes)
        draft.updates.append(Update(item.label, kept.id, body))
        row["name"] = fields.get("name", row["name"])
    if moves and directory is not None:
        draft.moves.setdefault(directory, []).append((kept.id, item.label))
        row["directory"] = directory[1]
    for device in spare:
        draft.before[f"{item.label} ({device.unit_id})"] = look.view(device)
        draft.deletes.append(Delete(item.label, device.id, never_connected=True))
    if row["action"] != "unchanged":
        before = look.view(kept, list(dict.fromkeys(["name", *fields])))
        after = {**before, **{OPTION[key]: value for key, value in fields.items()}, "directory": row["directory"]}
        if attributes:
            before["attributes"] = {key: values.get(key, "") for key in attributes}
            after["attributes"] = attributes
        draft.before[item.label], draft.after[item.label] = before, after
    draft.rows.append(row)


def _compare(look: Lookup, item: Wanted, kept: Device, spare: Sequence[Device], draft: Draft) -> None:
    """Note every difference between a device and the record that is kept for it."""
    found = [Difference(OPTION[key], value, kept.fields.get(key, "")) for key, value in item.fields.items()]
    values = look.values(kept)
    found += [Difference(f"attributes.{key}", text, values.get(key, "")) for key, text in item.attributes.items()]
    if item.directory is not None:
        found.append(Difference("directory", item.directory, look.tree.path(kept.parent_id)))
    product = look.product(kept)
    if item.firmware is not None and product is not None:
        actual = f"{product['product']} {product['version']}"
        found.append(Difference("firmware", " ".join(item.firmware), actual, corrected=False))
    found.append(Difference("mac", item.mac, kept.mac, corrected=False))
    found += [Difference("spare_record", None, device.unit_id) for device in spare]
    for one in found:
        if one.declared != one.actual:
            draft.drift.differs(item.label, kept, one)
