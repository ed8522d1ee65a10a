# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the names in a wanted assignment to the profile and the device or directory behind them. Pure.

Source: UMS IMI v3 contract, sections 5.3 and 5.4: profiles and priority profiles are two lists, and no name is unique.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.assignments import DEVICE, DIRECTORY, Resolved
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_finder import DeviceFinder
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, Profile
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree, near_names, normal_path

_KINDS = {"profile": ("profile",), "priority": ("masterprofile",), None: ("profile", "masterprofile")}


class ProfileFinder:
    """Profiles and priority profiles by name; ``no_priority`` says why the server has no priority profiles."""

    def __init__(self, profiles: Iterable[Profile], no_priority: str = "") -> None:
        self._live: dict[tuple[str, str], list[Profile]] = {}
        self._binned: set[tuple[str, str]] = set()
        self._no_priority = no_priority
        for profile in profiles:
            if profile.in_bin:
                self._binned.add((profile.kind, profile.name))
            else:
                self._live.setdefault((profile.kind, profile.name), []).append(profile)

    def find(self, name: str, kind: str | None) -> Profile | None:
        """Give the profile; an ordinary one goes before a priority profile of the same name.

        Args:
            name: its name.
            kind: ``profile``, ``priority``, or None for either.

        Raises:
            InputError: several have this name.
        """
        for wire in _KINDS[kind]:
            hits = self._live.get((wire, name), [])
            if len(hits) > 1:
                ids = ", ".join(sorted(profile.id for profile in hits))
                raise InputError(
                    f"profile {name}: {len(hits)} profiles have this name (ids {ids})",
                    fix="Rename all but one of them in the UMS console.",
                )
            if hits:
                return hits[0]
        return None

    def absence(self, name: str, kind: str | None) -> str:
        """Say why find gave None."""
        if any((wire, name) in self._binned for wire in _KINDS[kind]):
            return "it lies in the recycle bin; restore it in the UMS console"
        known = [item for wire, item in self._live if wire in _KINDS[kind]]
        shown = f"it does not exist on the server{near_names(name, known)}"
        if self._no_priority and kind != "profile":
            shown += (
                f"; priority profiles are not enabled, not licensed or not shown to the account: {self._no_priority}"
            )
        return shown.rstrip(".")


def resolve(
    items: Sequence[Mapping[str, Any]],
    profiles: ProfileFinder,
    devices: Iterable[Device],
    tree: Tree,
    *,
    allow_missing: frozenset[str] = frozenset(),
) -> list[Resolved]:
    """Find the objects behind the names.

    Args:
        items: ``{profile, type}`` with ``device`` or ``directory``; device is a name, a unit id or a MAC.
        profiles: what the server has.
        devices: what the server has, in any facet.
        tree: its directories.
        allow_missing: kinds that need not exist, as about to be made or as gone: ``receiver``, ``profile``.

    Raises:
        InputError: every unknown or ambiguous name in one message.
    """
    finder = DeviceFinder(devices)
    problems: dict[str, str] = {}
    resolved: list[Resolved] = []
    for item in items:
        profile = None
        try:
            profile = profiles.find(item["profile"], item.get("type"))
            if profile is None and "profile" not in allow_missing:
                problems[f"profile {item['profile']}: {profiles.absence(item['profile'], item.get('type'))}"] = ""
        except InputError as exc:
            problems[exc.message] = exc.fix
        try:
            found = _receiver(item, profile, finder, tree)
        except InputError as exc:
            problems[exc.message] = exc.fix
            continue
        if found.receiver_id is None and "receiver" not in allow_missing:
            why = finder.absence if found.receiver == DEVICE else tree.absence
            problems[f"{found.place}: {why(found.reference)}"] = ""
        resolved.append(found)
    if problems:
        fix = "Profiles are made in the UMS console; devices and directories by ums_devices and ums_directories."
        raise InputError(
            f"Nothing was changed: {'; '.join(text.rstrip('.') for text in problems)}.",
            fix=" ".join(dict.fromkeys([*filter(None, problems.values()), fix])),
            problems=list(problems),
        )
    return resolved


def _receiver(item: Mapping[str, Any], profile: Profile | None, finder: DeviceFinder, tree: Tree) -> Resolved:
    kind = DIRECTORY if item.get("device") is None else DEVICE
    reference = str(item["directory"] if kind == DIRECTORY else item["device"]).strip()
    if not reference.strip("/"):
        raise InputError(f"profile {item['profile']}: its device or directory is empty")
    if kind == DEVICE:
        device = finder.find(reference)
        near = [device.parent_id, *tree.above(device.parent_id)] if device else []
        found = device.id if device else None
    else:
        reference = normal_path(reference)
        found = tree.find(reference)
        near = tree.above(found) if found else []
    above = {key: path for key in near if (path := tree.path(key))}
    return Resolved(item["profile"], profile, kind, reference, found, above)
