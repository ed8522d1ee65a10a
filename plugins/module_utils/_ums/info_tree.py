# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about directories, profiles and firmwares of the management server. Pure, but for who reads the receivers.

Source: UMS IMI v3 contract, sections 3, 4, 5.2 to 5.6 and 7.7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import firmware_of
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import (
    ROOT,
    ROOTS,
    Device,
    Directory,
    Firmware,
    Profile,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree

DEVICE, DIRECTORY = "tc", "tcdirectory"
PRIORITY = "masterprofile"
Names = Mapping[str, Sequence[str]]


class Profiles(Protocol):
    """What is needed of the server's resources; see Ums."""

    def profiles(self) -> list[Profile]:
        """All profiles."""

    def priority_profiles(self) -> list[Profile]:
        """All priority profiles."""

    def direct_receivers(self, profile: Profile, receiver: str) -> frozenset[str]:
        """Ids of the direct receivers of one type."""


def tree_of(directories: Iterable[Directory], kind: str) -> Tree:
    """Give the tree of the directories of one kind of member; each kind has a root of its own."""
    root = ROOTS[kind]
    return Tree(replace(item, parent_id=ROOT) if item.parent_id == root else item for item in directories)


def direct_profiles(server: Profiles, receiver: str) -> dict[str, list[str]]:
    """Read which profiles are assigned directly; one request a profile and one a list.

    Args:
        server: the resources.
        receiver: ``tc`` (devices) or ``tcdirectory`` (directories).

    Returns:
        Id of a receiver to the names of its profiles, those in the recycle bin left out.
    """
    names: dict[str, list[str]] = {}
    for profile in [*server.profiles(), *server.priority_profiles()]:
        if not profile.in_bin:
            for receiver_id in server.direct_receivers(profile, receiver):
                names.setdefault(receiver_id, []).append(profile.name)
    return names


def describe_directories(
    directories: Sequence[Directory],
    tree: Tree,
    members: Sequence[Device] | Sequence[Profile] | None = None,
    profiles: Names | None = None,
) -> list[dict[str, Any]]:
    """Give one plain dictionary a directory, the recycle bin marked, in order of path.

    Args:
        directories: all of one tree, recycle bin included.
        tree: the same, as a tree.
        members: devices or profiles of that tree; None where not asked.
        profiles: directory id to the names of the profiles assigned directly to it; None where not asked.
    """
    by_id = {item.id: item for item in directories}
    below: dict[str, list[Directory]] = {}
    for item in directories:
        below.setdefault(item.parent_id, []).append(item)
    inside: dict[str, list[Device | Profile]] = {}
    for member in members or ():
        inside.setdefault(member.parent_id, []).append(member)
    found = []
    for item in directories:
        above = _above(item, by_id)
        shown: dict[str, Any] = {
            "id": item.id,
            "name": item.name,
            "path": tree.path(item.id),
            "parent_id": item.parent_id,
            "in_bin": item.in_bin or any(parent.in_bin for parent in above),
        }
        if members is not None:
            shown["directories"] = sorted((_member(child) for child in below.get(item.id, ())), key=_by_name)
            shown["members"] = sorted((_member(one) for one in inside.get(item.id, ())), key=_by_name)
        if profiles is not None:
            own = sorted(profiles.get(item.id, ()))
            shown["profiles"] = own
            shown["inherited_profiles"] = sorted({name for one in above for name in profiles.get(one.id, ())})
        found.append(shown)
    return sorted(found, key=lambda item: (item["in_bin"], item["path"] or item["name"], item["id"]))


def describe_profiles(
    profiles: Iterable[Profile],
    trees: Mapping[str, Tree],
    firmwares: Iterable[Firmware],
    receivers: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Give one plain dictionary a profile, the recycle bin marked, in order of name and id.

    Args:
        profiles: profiles and priority profiles.
        trees: kind of profile to the tree of its directories.
        firmwares: to resolve product and version.
        receivers: profile id to ``{devices, directories}``; None where not asked.
    """
    by_id = {item.id: firmware_of(item) for item in firmwares}
    found = []
    for profile in profiles:
        shown: dict[str, Any] = {
            "id": profile.id,
            "name": profile.name,
            "priority": profile.kind == PRIORITY,
            "directory": _directory(profile, trees.get(profile.kind)),
            "directory_id": profile.parent_id,
            "firmware": by_id.get(profile.firmware_id),
            "overrides_sessions": profile.overrides_sessions,
            "in_bin": profile.in_bin,
        }
        if receivers is not None:
            shown.update(receivers.get(profile.id, {"devices": [], "directories": []}))
        found.append(shown)
    return sorted(found, key=lambda item: (item["name"], item["id"]))


def describe_receivers(
    device_ids: Iterable[str], directory_ids: Iterable[str], devices: Mapping[str, Device], tree: Tree
) -> dict[str, list[dict[str, Any]]]:
    """Give the direct receivers of one profile: devices with name and unit id, directories with their path.

    A receiver that the account does not see, or that lies in the recycle bin, has empty texts and a null path.
    """
    shown_devices = []
    for one in device_ids:
        device = devices.get(one)
        name, unit_id = (device.name, device.unit_id) if device else ("", "")
        shown_devices.append({"id": one, "name": name, "unit_id": unit_id})
    shown_directories = [{"id": one, "path": tree.path(one)} for one in directory_ids]
    return {
        "devices": sorted(shown_devices, key=lambda item: (item["name"], item["id"])),
        "directories": sorted(shown_directories, key=lambda item: (item["path"] or "", item["id"])),
    }


def describe_firmwares(firmwares: Iterable[Firmware]) -> list[dict[str, Any]]:
    """Give one plain dictionary a firmware, in order of product and version as text."""
    found = [{"id": item.id, **firmware_of(item), "type": item.kind} for item in firmwares]
    return sorted(found, key=lambda item: (item["product"], item["version"], item["id"]))


def _directory(profile: Profile, tree: Tree | None) -> str | None:
    if profile.in_bin or tree is None:
        return None
    return "" if profile.parent_id == ROOTS[profile.kind] else tree.path(profile.parent_id)


def _above(item: Directory, by_id: Mapping[str, Directory]) -> list[Directory]:
    """Give the directories above one, nearest first; a circle ends it."""
    above: list[Directory] = []
    seen = {item.id}
    parent = by_id.get(item.parent_id)
    while parent is not None and parent.id not in seen:
        above.append(parent)
        seen.add(parent.id)
        parent = by_id.get(parent.parent_id)
    return above


def _member(item: Directory | Device | Profile) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": item.id, "name": item.name, "in_bin": item.in_bin}
    return {**shown, "unit_id": item.unit_id} if isinstance(item, Device) else shown


def _by_name(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["name"], item["id"]
