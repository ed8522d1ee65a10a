# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Profile assignments: direct ones only, told apart from those a directory passes down. Pure.

Source: UMS IMI v3 contract, sections 5.3 and 7.7: what a device lists mixes direct and inherited assignments; what
a profile lists (P5, P8) is direct only, so that side is read and written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, Profile, normal_mac
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree, normal_path

DEVICE, DIRECTORY = "tc", "tcdirectory"
Direct = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True)
class Resolved:
    """One wanted assignment with its objects; None where a profile or receiver is not there.

    ``receiver``: ``tc`` or ``tcdirectory``; ``reference``: what the user wrote.
    """

    profile_name: str
    profile: Profile | None
    receiver: str
    reference: str
    receiver_id: str | None


@dataclass(frozen=True)
class Assign:
    """Assign a profile to several receivers of one type in one request (P6, P9)."""

    profile: Profile
    receiver: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Unassign:
    """Take a profile away from one receiver (P7, P10)."""

    profile: Profile
    receiver: str
    id: str


@dataclass(frozen=True)
class AssignmentPlan:
    """The decision: the change, one row a wanted assignment (the module's ``assignments``), and warnings."""

    change: Change[Assign | Unassign]
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...] = ()


def resolve(
    items: Sequence[Mapping[str, Any]],
    profiles: Iterable[Profile],
    devices: Iterable[Device],
    tree: Tree,
    *,
    allow_missing: frozenset[str] = frozenset(),
) -> list[Resolved]:
    """Find the objects behind the names.

    Args:
        items: ``{profile, device}`` or ``{profile, directory}``; device is a name, a unit id or a MAC.
        profiles: what the server has; priority profiles may be among them.
        devices: what the server has, in any facet.
        tree: its directories.
        allow_missing: kinds that need not exist, as about to be made or as gone: ``receiver``, ``profile``.

    Raises:
        InputError: every unknown or ambiguous name in one message.
    """
    by_name: dict[str, list[Profile]] = {}
    for profile in profiles:
        if not profile.in_bin:
            by_name.setdefault(profile.name, []).append(profile)
    find_device = _device_finder(devices)
    problems: list[str] = []
    resolved: list[Resolved] = []
    for item in items:
        hits = by_name.get(item["profile"], [])
        if len(hits) > 1 or (not hits and "profile" not in allow_missing):
            known = f"{len(hits)} profiles have this name" if hits else "it does not exist on the server"
            problems.append(f"profile {item['profile']}: {known}")
        receiver = DIRECTORY if item.get("device") is None else DEVICE
        reference = str(item["directory"] if receiver == DIRECTORY else item["device"])
        try:
            if not reference.strip("/ "):
                raise InputError(f"profile {item['profile']}: its device or directory is empty")
            found = find_device(reference) if receiver == DEVICE else tree.find(normal_path(reference))
        except OtedgeError as exc:
            problems.append(exc.message)
            continue
        if found is None and "receiver" not in allow_missing:
            kind = "device" if receiver == DEVICE else "directory"
            problems.append(f"{kind} {reference}: it does not exist on the server")
        resolved.append(Resolved(item["profile"], hits[0] if hits else None, receiver, reference, found))
    if problems:
        problems = list(dict.fromkeys(problems))
        raise InputError(
            f"Nothing was changed: {'; '.join(problems)}.",
            fix="Profiles are made in the UMS console; devices and directories by ums_devices and ums_directories.",
            problems=problems,
        )
    return resolved


def _device_finder(devices: Iterable[Device]) -> Any:
    tables: tuple[dict[str, list[str]], ...] = ({}, {}, {})
    for device in devices:
        if not device.in_bin:
            for table, key in zip(tables, (device.unit_id, device.mac, device.name), strict=True):
                table.setdefault(key, []).append(device.id)
    by_unit, by_mac, by_name = tables

    def find(reference: str) -> str | None:
        mac = normal_mac(reference)
        hits = (mac and (by_unit.get(mac) or by_mac.get(mac))) or by_unit.get(reference.upper())
        hits = hits or by_name.get(reference) or []
        if len(hits) > 1:
            raise InputError(f"device {reference}: {len(hits)} devices match (ids {', '.join(sorted(hits))})")
        return hits[0] if hits else None

    return find


def used(resolved: Iterable[Resolved]) -> list[tuple[Profile, str]]:
    """Give the (profile, receiver type) pairs whose direct receivers have to be read, in order, once each."""
    pairs = {(item.profile.id, item.receiver): (item.profile, item.receiver) for item in resolved if item.profile}
    return list(pairs.values())


def plan_present(resolved: Sequence[Resolved], direct: Direct) -> AssignmentPlan:
    """Plan that every assignment exists directly; others are left alone.

    Args:
        resolved: what is wanted.
        direct: (profile id, receiver type) to the ids that have it directly.
    """
    todo: dict[tuple[str, str], tuple[Profile, str, list[str]]] = {}
    added: list[str] = []
    rows, warnings = [], []
    for item in resolved:
        profile = item.profile
        has = profile is not None and item.receiver_id in direct.get((profile.id, item.receiver), frozenset())
        rows.append(_row(item, "unchanged" if has else "assigned"))
        if has or profile is None:
            continue
        if item.receiver_id is None:
            warnings.append(f"{item.reference} does not exist yet; this check run takes it as created.")
        _profile, _receiver, ids = todo.setdefault((profile.id, item.receiver), (profile, item.receiver, []))
        if (item.receiver_id or "") not in ids or item.receiver_id is None:
            ids.append(item.receiver_id or "")
            added.append(_shown(item))
    steps = tuple(Assign(profile, receiver, tuple(ids)) for profile, receiver, ids in todo.values())
    return AssignmentPlan(Change([], sorted(added), steps), tuple(rows), tuple(dict.fromkeys(warnings)))


def plan_absent(resolved: Sequence[Resolved], direct: Direct) -> AssignmentPlan:
    """Plan that no assignment exists directly; what a directory passes down stays. See plan_present."""
    steps: dict[tuple[str, str, str], Unassign] = {}
    removed: list[str] = []
    rows = []
    for item in resolved:
        profile, found = item.profile, item.receiver_id
        has = profile is not None and found in direct.get((profile.id, item.receiver), frozenset())
        rows.append(_row(item, "removed" if has else "unchanged"))
        if not has or profile is None or found is None or (profile.id, item.receiver, found) in steps:
            continue
        steps[profile.id, item.receiver, found] = Unassign(profile, item.receiver, found)
        removed.append(_shown(item))
    return AssignmentPlan(Change(sorted(removed), [], tuple(steps.values())), tuple(rows))


def _shown(item: Resolved) -> str:
    return f"{item.profile_name} -> {'device' if item.receiver == DEVICE else 'directory'} {item.reference}"


def _row(item: Resolved, action: str) -> dict[str, Any]:
    return {
        "profile": item.profile_name,
        "profile_id": item.profile.id if item.profile else None,
        "device": item.reference if item.receiver == DEVICE else None,
        "directory": item.reference if item.receiver == DIRECTORY else None,
        "receiver_id": item.receiver_id,
        "action": action,
    }
