# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices that are to have no record: which records go, and where that is not clear. Pure.

Source: UMS IMI v3 contract, sections 5.1 and 7.
"""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import (
    Current,
    Delete,
    DevicePlan,
    Draft,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices import ambiguous
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.lookup import Lookup
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import Wanted


def plan_absent(
    current: Current, wanted: Sequence[Wanted], *, never_connected: bool = False, bad: OtedgeError | None = None
) -> DevicePlan:
    """Plan that no wanted device has a record outside the recycle bin; see devices.plan_present for errors.

    Args:
        current: what the server holds.
        wanted: whose records are to go.
        never_connected: remove only pre-registrations: records under a wanted unit id, none of which has connected.
        bad: what was wrong with the list itself, to be told with all else.
    """
    look, draft = Lookup(current), Draft()
    if bad is not None:
        draft.problems.append(bad)
    for item in wanted:
        records, by_unit = look.records(item)
        if never_connected:
            records = _pre_registered(look, item, draft)
        else:
            problem = _unclear(look, item, records, by_unit)
            if problem is not None:
                draft.problems.append(problem)
                continue
        if look.records(item, in_bin=True)[0]:
            draft.warnings.append(f"{item.label} lies in the recycle bin; this API cannot empty it.")
        for device in records:
            if draft.claimed.setdefault(device.id, item.label) == item.label:
                draft.before[f"{item.label} ({device.unit_id})"] = look.view(device)
                draft.deletes.append(Delete(item.label, device.id, never_connected))
                draft.rows.append(look.row(device, "deleted"))
    return draft.finish()


def _unclear(look: Lookup, item: Wanted, records: list[Device], by_unit: bool) -> InputError | None:
    """Refuse to remove where a MAC stands for several devices.

    If only the record found by unit id went, the next run would find the other one by its MAC and remove it too.
    """
    if not by_unit:
        return ambiguous(item, records) if len(records) > 1 else None
    if item.unit_id is not None:
        return None
    others = look.sharing(item.macs, records)
    if not others:
        return None
    shown = ", ".join(f"{device.unit_id} (id {device.id}, MAC {device.mac})" for device in others)
    return InputError(
        f"{item.label}: other records share its MAC: {shown}. Which of them is to go is not clear.",
        fix="Give the unit_id of the one that is meant.",
    )


def _pre_registered(look: Lookup, item: Wanted, draft: Draft) -> list[Device]:
    """Give the records made for a device that has not come yet; none, and a warning, where it has."""
    records, by_unit = look.records(item)
    came = [device for device in records if device.connected]
    if came:
        draft.warnings.append(f"{item.label} has connected (unit id {came[0].unit_id}); its records are left alone.")
        draft.rows += [look.row(device, "unchanged") for device in came]
    return [] if came or not by_unit else records
