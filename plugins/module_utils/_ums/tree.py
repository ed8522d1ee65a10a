# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tree of device directories: paths such as ``plant-a/line-1`` to ids and back. Pure.

Source: UMS IMI v3 contract, section 5.2: the list is flat, names need not be unique, so (name, parent) is the key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

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


def near_names(name: str, known: Iterable[str]) -> str:
    """Give `` (near: a, b)`` with up to three known names like this one, or nothing; for the end of a message."""
    folded = {item.casefold(): item for item in known if item}
    near = [folded[item] for item in get_close_matches(name.casefold(), folded, n=3, cutoff=0.65)]
    return f" (near: {', '.join(near)})" if near else ""


class Tree:
    """The directories outside the recycle bin, reachable from the root."""

    def __init__(self, directories: Iterable[Directory]) -> None:
        self._by_id: dict[str, Directory] = {}
        self._binned: list[Directory] = []
        self._children: dict[str, dict[str, Directory]] = {}
        self._named: dict[tuple[str, str], list[str]] = {}
        self._paths: dict[str, str | None] = {ROOT: ""}
        for item in directories:
            if item.in_bin:
                self._binned.append(item)
            else:
                self.add(item)

    def __bool__(self) -> bool:
        return bool(self._by_id)

    def copy(self) -> Tree:
        """Give a tree of its own, to plan on."""
        return Tree([*self._by_id.values(), *self._binned])

    def add(self, item: Directory) -> None:
        """Add a directory; one that is known by its id is renamed and moved."""
        known = self._by_id.get(item.id)
        if known is not None:
            del self._children[known.parent_id][item.id]
            self._named[known.parent_id, known.name].remove(item.id)
            self._paths = {ROOT: ""}
        self._by_id[item.id] = item
        self._children.setdefault(item.parent_id, {})[item.id] = item
        self._named.setdefault((item.parent_id, item.name), []).append(item.id)

    def place(self, directory_id: str, parent_id: str, name: str) -> None:
        """Rename and move a directory with all that is below it."""
        self.add(replace(self._by_id[directory_id], parent_id=parent_id, name=name))

    def children(self, directory_id: str) -> list[Directory]:
        """Give the directories right below one."""
        return list(self._children.get(directory_id, {}).values())

    def binned_children(self, directory_id: str) -> list[Directory]:
        """Give the directories in the recycle bin that belong right below one."""
        return [item for item in self._binned if item.parent_id == directory_id]

    def above(self, directory_id: str) -> list[str]:
        """Give the ids of the directories above one, nearest first, without the root."""
        found: list[str] = []
        item = self._by_id.get(directory_id)
        while item is not None and item.parent_id in self._by_id and item.parent_id not in found:
            found.append(item.parent_id)
            item = self._by_id[item.parent_id]
        return found

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
        current = ROOT
        for name in path.split("/") if path else ():
            hits = self._named.get((current, name), [])
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

    def in_bin(self, path: str) -> bool:
        """Say whether a directory of this path, or one above it, lies in the recycle bin."""
        if not self._binned:
            return False
        everything = [*self._by_id.values(), *self._binned]
        level, seen = {ROOT}, set()
        for name in path.split("/"):
            hits = [item for item in everything if item.name == name and item.parent_id in level]
            level = {item.id for item in hits}
            seen |= {item.id for item in hits if item.in_bin or item.parent_id in seen}
        return bool(level & seen)

    def absence(self, path: str) -> str:
        """Say why find gave None: the recycle bin, or unknown with the paths that are like it."""
        if self.in_bin(path):
            return "it lies in the recycle bin; restore it in the UMS console"
        known = [found for found in map(self.path, self._by_id) if found]
        return f"it does not exist on the server{near_names(path, known)}"
