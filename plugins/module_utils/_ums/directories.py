# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Device directories: paths wanted or not wanted to creates, renames, moves and deletes. Pure.

Source: UMS IMI v3 contract, sections 5.2 and 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.directory_steps import (
    CreateDirectory,
    DeleteDirectory,
    DirectoryPlan,
    DirectoryStep,
    Relocate,
    WantedDirectory,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import ROOT, Device, Directory
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree, normal_path


def wanted_directories(
    paths: Iterable[str], items: Iterable[Mapping[str, Any]] = (), *, absent: bool = False
) -> list[WantedDirectory]:
    """Check and normalise the options ``paths`` and ``directories`` ({path, from}); doubles are dropped.

    Raises:
        InputError: every empty path, empty name or senseless ``from`` in one message.
    """
    problems: list[str] = []
    wanted: list[WantedDirectory] = []
    for item in [*({"path": path} for path in paths), *items]:
        try:
            path = normal_path(item["path"])
            was = None if item.get("from") is None else normal_path(item["from"])
        except InputError as exc:
            problems.append(exc.message)
            continue
        if not path or was == "":
            problems.append("An empty directory path was given: the root is always there and stays.")
        elif was is not None and absent:
            problems.append(f"{path}: from has no meaning with state=absent.")
        elif was is not None and f"{path}/".startswith(f"{was}/"):
            problems.append(f"{path} cannot be made from {was}: a directory cannot be moved into itself.")
        else:
            wanted.append(WantedDirectory(path, was))
    if problems:
        raise InputError(" ".join(dict.fromkeys(problems)), fix="Write paths like plant-a/line-1.", problems=problems)
    return list(dict.fromkeys(wanted))


class _Draft:
    """The tree as it becomes while a plan is made; new directories have ``/`` and their path as id."""

    def __init__(self, tree: Tree) -> None:
        self.found = tree
        self.tree = tree.copy()
        self.steps: list[DirectoryStep] = []
        self.created: set[str] = set()
        self.before: list[str] = []
        self.after: list[str] = []
        self.actions: dict[WantedDirectory, str] = {}
        self.warnings: list[str] = []

    def want(self, item: WantedDirectory) -> None:
        """Plan one item; raise OtedgeError where it cannot or must not be done."""
        there = self.tree.find(item.path)
        old = None if item.was is None else self.tree.find(item.was)
        if there is not None and old is not None:
            raise RefusedError(
                f"{item.path} and {item.was} both exist.",
                fix="Move what one of them holds and remove it (state=absent), or leave from out.",
            )
        if there is not None:
            self.actions[item] = "created" if there in self.created else "unchanged"
        elif item.was is None:
            self._ensure(item.path)
            self.actions[item] = "created"
        elif old is not None:
            self._relocate(item, item.was, old)
        else:
            self._without_old(item, item.was)

    def _ensure(self, path: str) -> str:
        """Give the id of a directory; plan to create what is missing of its path."""
        parent, names = ROOT, path.split("/") if path else []
        for depth, name in enumerate(names, start=1):
            part = "/".join(names[:depth])
            found = self.tree.find(part)
            if found is None:
                if self.found.in_bin(part):
                    self.warnings.append(f"A directory {part} lies in the recycle bin; it stays there.")
                self.steps.append(CreateDirectory(part, self._known(parent)))
                found = f"/{part}"
                self.tree.add(Directory(found, name, parent))
                self.created.add(found)
                self.after.append(part)
            parent = found
        return parent

    def _known(self, directory_id: str) -> str | None:
        return None if directory_id in self.created else directory_id

    def _relocate(self, item: WantedDirectory, was: str, directory_id: str) -> None:
        if directory_id in self.created:
            raise InputError(
                f"{item.path} cannot be made from {was}, which another item needs.",
                fix="Leave out one of the items that contradict each other.",
            )
        (parent, _slash, name), (old_parent, _old_slash, old_name) = item.path.rpartition("/"), was.rpartition("/")
        half = f"{parent}/{old_name}" if parent else old_name
        if parent != old_parent and name != old_name and self.tree.find(half) is not None:
            raise RefusedError(
                f"{was} cannot become {item.path}: on its way {half} would stand there twice.",
                fix="Rename it with a task of its own first, then move it.",
            )
        parent_id = self._ensure(parent)
        self.steps.append(Relocate(item.path, was, directory_id, self._known(parent_id)))
        self.tree.place(directory_id, parent_id, name)
        self.before.append(was)
        self.after.append(item.path)
        self.actions[item] = "renamed" if parent == old_parent else "moved"

    def _without_old(self, item: WantedDirectory, was: str) -> None:
        if self.found.find(was) is not None:
            raise InputError(
                f"{item.path}: another item takes {was} along with a directory above it.",
                fix="Write from as the path is after the items before it.",
            )
        if self.found.in_bin(was):
            raise RefusedError(
                f"{item.path} cannot be made from {was}: that lies in the recycle bin.",
                fix="Restore it in the UMS console, or leave from out to create a new directory.",
            )
        half = "/".join(part for part in (item.path.rpartition("/")[0], was.rpartition("/")[2]) if part)
        directory_id = self.found.find(half)
        if directory_id is not None and directory_id == self.tree.find(half):
            # A move and a rename are two requests; a run that ended between them left this.
            self.warnings.append(f"{was} is not there, but {half} is: it is renamed to {item.path}.")
            self._relocate(item, half, directory_id)
            return
        self.warnings.append(f"Neither {was} nor {item.path} is there: {item.path} is created. Check from.")
        self._ensure(item.path)
        self.actions[item] = "created"

    def contradictions(self, wanted: Iterable[WantedDirectory]) -> list[OtedgeError]:
        """Give what would be undone by another item, so that a second run would change it again."""
        fix = "Leave out one of the items that contradict each other."
        found: list[OtedgeError] = []
        for item in wanted:
            if self.tree.find(item.path) is None:
                found.append(InputError(f"{item.path} is wanted, but another item takes it away (from).", fix=fix))
            if item.was is not None and self.tree.find(item.was) is not None:
                found.append(InputError(f"{item.was} is to be {item.path}, but another item wants it.", fix=fix))
        return found


def plan_present(tree: Tree, wanted: Sequence[WantedDirectory]) -> DirectoryPlan:
    """Plan that every path exists, directories above it included, and no old path of one does.

    Raises:
        InputError: ambiguous paths or contradicting items; every problem in one message.
        RefusedError: as InputError, where an old and a new path both exist, or the old one lies in the bin.
    """
    draft = _Draft(tree)
    problems: list[OtedgeError] = []
    for item in sorted(wanted, key=lambda item: item.was is None):  # renames first, in the order given
        try:
            draft.want(item)
        except OtedgeError as exc:
            problems.append(exc)
    _fail(problems or draft.contradictions(wanted))
    rows = tuple(_row(item, draft.tree.find(item.path), draft) for item in wanted)
    change = Change(sorted(draft.before), sorted(draft.after), tuple(draft.steps))
    return DirectoryPlan(change, rows, tuple(dict.fromkeys(draft.warnings)), blind=not tree)


def _row(item: WantedDirectory, found: str | None, draft: _Draft) -> dict[str, Any]:
    known = None if found in draft.created else found
    return {"path": item.path, "id": known, "from": item.was, "action": draft.actions[item]}


def _fail(problems: Sequence[OtedgeError]) -> None:
    if problems:
        kind = RefusedError if any(isinstance(item, RefusedError) for item in problems) else InputError
        texts = list(dict.fromkeys(item.message for item in problems))
        fixes = dict.fromkeys(item.fix for item in problems if item.fix)
        raise kind(f"Nothing was changed: {' '.join(texts)}", fix=" ".join(fixes), problems=texts)


def plan_absent(tree: Tree, devices: Iterable[Device], wanted: Sequence[WantedDirectory]) -> DirectoryPlan:
    """Plan that no path exists; only empty directories are removed, deepest first.

    Raises:
        InputError: ambiguous paths.
        RefusedError: a directory holds something that is not to be removed too; all of them named.
    """
    problems: list[OtedgeError] = []
    found: dict[str, str | None] = {}
    for item in wanted:
        try:
            found[item.path] = tree.find(item.path)
        except InputError as exc:
            problems.append(exc)
    going = {item for item in found.values() if item is not None}
    members: dict[str, list[str]] = {}
    for device in devices:
        if device.parent_id in going:
            members.setdefault(device.parent_id, []).append(_shown("device", device.name or device.mac, device.in_bin))
    for path, directory_id in found.items():
        if directory_id is None:
            continue
        below = [_shown("directory", child.name) for child in tree.children(directory_id) if child.id not in going]
        below += [_shown("directory", child.name, True) for child in tree.binned_children(directory_id)]
        held = sorted(below + members.get(directory_id, []))
        if held:
            more = f" and {len(held) - 10} more" if len(held) > 10 else ""
            fix = "Only empty directories are removed: move or remove what they hold, empty the bin in the console."
            problems.append(RefusedError(f"{path} holds {', '.join(held[:10])}{more}.", fix=fix))
    _fail(problems)
    order = sorted((path for path in found if found[path]), key=lambda path: (-path.count("/"), path))
    rows = tuple(
        {"path": path, "id": item, "from": None, "action": "deleted" if item else "unchanged"}
        for path, item in found.items()
    )
    steps = tuple(DeleteDirectory(path, str(found[path])) for path in order)
    return DirectoryPlan(Change(sorted(order), [], steps), rows)


def _shown(kind: str, name: str, in_bin: bool = False) -> str:
    return f"{kind} {name} (recycle bin)" if in_bin else f"{kind} {name}"
