# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tree of device directories: paths such as ``plant-a/line-1`` to ids and back. Pure.

Source: UMS IMI v3 contract, section 5.2: the list is flat, names need not be unique, so (name, parent) is the key.
"""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import ROOT, Directory


def normal_path(path: str) -> str:
    """Give a path without outer slashes and blanks around its names; empty means the root.

    Raises:
        InputError: a name between two slashes is empty.
    """
    stripped = path.strip().strip("/")
    if not stripped:
        return ""
    names = [name.strip() for name in stripped.split("/")]
    if not all(names):
        raise InputError(f"The directory path {path!r} has an empty name in it.", fix="Write it like plant-a/line-1.")
    return "/".join(names)


class Tree:
    """The directories outside the recycle bin, reachable from the root (of the device tree, or of another one)."""

    def __init__(self, directories: Iterable[Directory], root: str = ROOT) -> None:
        self._root = root
        self._by_id = {item.id: item for item in directories if not item.in_bin}
        self._children: dict[str, list[Directory]] = {}
        for item in self._by_id.values():
            self._children.setdefault(item.parent_id, []).append(item)
        self._paths: dict[str, str | None] = {root: ""}

    def __bool__(self) -> bool:
        return bool(self._by_id)

    def children(self, directory_id: str) -> list[Directory]:
        """Give the directories right below one."""
        return list(self._children.get(directory_id, []))

    def path(self, directory_id: str) -> str | None:
        """Give the path of a directory; None if it, or a directory above it, is unknown or in the bin."""
        trail: list[str] = []
        current = directory_id
        while current not in self._paths:
            self._paths[current] = None  # also ends a circle
            trail.append(current)
            parent = self._by_id.get(current)
            current = parent.parent_id if parent else current
        above = self._paths[current]
        for item in reversed(trail):
            known = self._by_id.get(item)
            if above is not None and known is not None:
                above = f"{above}/{known.name}" if above else known.name
                self._paths[item] = above
            else:
                above = None
        return self._paths[directory_id]

    def find(self, path: str) -> str | None:
        """Give the id of the directory at a path (see normal_path), None if there is none.

        Raises:
            InputError: two directories of one name stand under one parent on the way.
        """
        current = self._root
        for name in path.split("/") if path else ():
            hits = [item.id for item in self._children.get(current, []) if item.name == name]
            if len(hits) > 1:
                raise InputError(
                    f"The directory path {path} is ambiguous: {name} exists {len(hits)} times under one parent"
                    f" (ids {', '.join(sorted(hits))}).",
                    fix="Rename or remove all but one of them in the UMS console.",
                )
            if not hits:
                return None
            current = hits[0]
        return current
