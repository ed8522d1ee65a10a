# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Device directories: paths wanted or not wanted to creates and deletes. Pure.

Source: UMS IMI v3 contract, sections 5.2 and 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree, normal_path


@dataclass(frozen=True)
class CreateDirectory:
    """Create the last name of ``path``; ``parent_id`` is None where an earlier step creates the directory above."""

    path: str
    parent_id: str | None

    @property
    def parent(self) -> str:
        """Path of the directory above, empty for the root."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Own name."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class DeleteDirectory:
    """Delete an empty directory."""

    path: str
    id: str


@dataclass(frozen=True)
class DirectoryPlan:
    """The decision: the change and one row a wanted path (the module's ``directories``)."""

    change: Change[CreateDirectory | DeleteDirectory]
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...] = ()


def wanted_paths(paths: Iterable[str]) -> list[str]:
    """Normalise the paths and drop doubles; raise InputError for the root or an empty name."""
    wanted = list(dict.fromkeys(normal_path(path) for path in paths))
    if "" in wanted:
        raise InputError("An empty directory path was given: the root is always there.", fix="Name a directory.")
    return wanted


def plan_present(tree: Tree, wanted: Sequence[str]) -> DirectoryPlan:
    """Plan that every path exists, directories above it included; raise InputError for an ambiguous path."""
    missing: dict[str, CreateDirectory] = {}
    for path in wanted:
        names = path.split("/")
        for depth in range(1, len(names) + 1):
            part = "/".join(names[:depth])
            if part not in missing and tree.find(part) is None:
                missing[part] = CreateDirectory(part, tree.find("/".join(names[: depth - 1])))
    rows = tuple(
        {"path": path, "id": tree.find(path), "action": "created" if path in missing else "unchanged"}
        for path in wanted
    )
    return DirectoryPlan(Change([], sorted(missing), tuple(missing.values())), rows)


def plan_absent(tree: Tree, devices: Iterable[Device], wanted: Sequence[str]) -> DirectoryPlan:
    """Plan that no path exists; only empty directories are removed, deepest first.

    Raises:
        RefusedError: a directory holds something that is not to be removed too; all of them named.
    """
    found = {path: tree.find(path) for path in wanted}
    going = {item for item in found.values() if item is not None}
    members: dict[str, list[str]] = {}
    for device in devices:
        if device.parent_id in going:
            binned = " (recycle bin)" if device.in_bin else ""
            members.setdefault(device.parent_id, []).append(f"device {device.name or device.mac}{binned}")
    problems: list[str] = []
    for path, item in found.items():
        if item is None:
            continue
        below = [f"directory {child.name}" for child in tree.children(item) if child.id not in going]
        held = sorted(below + members.get(item, []))
        if held:
            more = f" and {len(held) - 10} more" if len(held) > 10 else ""
            problems.append(f"{path} holds {', '.join(held[:10])}{more}")
    if problems:
        raise RefusedError(
            f"Nothing was changed: only empty directories are removed, and {'; '.join(problems)}.",
            fix="Move or remove what they hold first.",
            problems=problems,
        )
    order = sorted((path for path in wanted if found[path]), key=lambda path: (-path.count("/"), path))
    rows = tuple(
        {"path": path, "id": found[path], "action": "deleted" if found[path] else "unchanged"} for path in wanted
    )
    steps = tuple(DeleteDirectory(path, str(found[path])) for path in order)
    return DirectoryPlan(Change(sorted(order), [], steps), rows)
