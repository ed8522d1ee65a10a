# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices of the management server as hosts and groups of an inventory: what is kept, and how things are called.

Source: UMS IMI v3 contract, sections 3 and 4: device names may be empty and are not unique, only the unit id is; names
of directories need not be unique either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.facets import read_facets
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import describe
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import ROOT, Directory
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree, near_names, normal_path

FORMAT = 1
# What --limit and other patterns can say; a blank, comma or colon would split the name, and a name such as localhost
# would make a device the controller itself.
_USABLE = re.compile(r"\w[\w.-]*")
_RESERVED = frozenset({"all", "ungrouped", "localhost", "127.0.0.1"})
_SHOWN = 5
Snapshot = dict[str, Any]
Device = Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """Devices with the names of their hosts, in order, and what to warn of."""

    hosts: tuple[tuple[str, dict[str, Any]], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Folders:
    """The groups of directories: directory id to group name, and (group above, group) to nest."""

    groups: Mapping[str, str]
    nested: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def identity(account: Mapping[str, Any], facets: Sequence[str]) -> dict[str, Any]:
    """Give what a kept list must agree with to be used again; holds no secret."""
    server = f"{account['username']}@{account['host']}:{account['port']}"
    return {"format": FORMAT, "server": server, "facets": sorted(facets)}


def take(ums: Ums, made_for: Mapping[str, Any]) -> Snapshot:
    """Read the server once: three requests, one more for every facet after the first.

    Returns:
        Plain JSON without secrets: what ``made_for`` says, ``devices`` outside the recycle bin as ums_device_info gives
        them, ``directories`` as [id, name, parent id, in bin], and whether anything was ``seen``.
    """
    devices, extras = read_facets(ums, made_for["facets"])
    directories = ums.directories()
    described = describe(devices, Tree(directories), ums.firmwares(), None, extras)
    left_out = {"profiles"} if "online" in made_for["facets"] else {"profiles", "online"}
    return {
        **made_for,
        "devices": [{key: value for key, value in item.items() if key not in left_out} for item in described],
        "directories": [[item.id, item.name, item.parent_id, item.in_bin] for item in directories],
        "seen": bool(devices or directories),
    }


def usable(kept: Any, made_for: Mapping[str, Any]) -> bool:
    """Say whether a kept list is one of ours, of the same server, account and facets."""
    if not isinstance(kept, Mapping) or any(kept.get(key) != value for key, value in made_for.items()):
        return False
    return isinstance(kept.get("devices"), list) and isinstance(kept.get("directories"), list)


def tree_in(snapshot: Snapshot) -> tuple[Tree, list[Directory]]:
    """Give the directory tree of a kept list, and its directories outside the recycle bin."""
    directories = [Directory(*row) for row in snapshot["directories"]]
    tree = Tree(directories)
    return tree, [item for item in directories if tree.path(item.id) is not None]


def below(
    devices: Iterable[dict[str, Any]], paths: Sequence[str], tree: Tree, directories: Iterable[Directory]
) -> list[dict[str, Any]]:
    """Give the devices in or below one of the directories; all of them if no directory is named.

    Raises:
        InputError: directories that do not exist, all of them named.
    """
    wanted = [normal_path(path) for path in paths]
    missing = [path for path in wanted if tree.find(path) is None]
    if missing:
        known = [str(tree.path(item.id)) for item in directories]
        named = ", ".join(f"{path}{near_names(path, known)}" for path in missing)
        raise InputError(
            f"UMS shows no directory {named} (option directories of the inventory).",
            fix="Check the spelling, case included, and the right Browse of the account.",
        )
    if not wanted or "" in wanted:
        return list(devices)
    starts = tuple(f"{path}/" for path in wanted)
    return [item for item in devices if item["directory"] is not None and f"{item['directory']}/".startswith(starts)]


def named(devices: Iterable[dict[str, Any]], name_of: Callable[[dict[str, Any]], str]) -> Named:
    """Give every device a host name of its own.

    Args:
        devices: as ``take`` gives them.
        name_of: what the user wants as name; empty for none.

    Returns:
        The wanted name where it is usable and nobody else wants it, else the unit id; the id of the record too where
        even that is not unique.
    """
    wanted = [(name_of(item).strip(), item) for item in devices]
    often = Counter(name for name, _item in wanted)
    doubles = sorted(name for name, count in often.items() if name and count > 1)
    odd = sorted({name for name in often if name and not _fits(name)})
    first = [(name if _fits(name) and often[name] == 1 else item["unit_id"], item) for name, item in wanted]
    again = Counter(name for name, _item in first)
    hosts = tuple(
        (name if name and again[name] == 1 else f"{item['unit_id'] or 'device'}-{item['id']}", item)
        for name, item in first
    )
    warnings = []
    if doubles:
        warnings.append(
            f"Several devices want to be called {_some(doubles)}: their hosts have their unit ids as names."
        )
    if odd:
        warnings.append(
            f"Not usable as host name: {_some(odd)}: these hosts have their unit ids as names. The option hostnames can"
            " make other names, for example ums_device.name | replace(' ', '-')."
        )
    return Named(hosts, tuple(warnings))


def folders(
    directories: Sequence[Directory], tree: Tree, used: Iterable[str], name_of: Callable[[str], str]
) -> Folders:
    """Name the groups of the directories.

    Args:
        directories: those outside the recycle bin.
        tree: the same, as a tree.
        used: ids of the directories that get a group; those above them get one too.
        name_of: path to a safe group name; two paths may give the same one.
    """
    parents = {item.id: item.parent_id for item in directories}
    wanted: set[str] = set()
    for start in used:
        current = start
        while current in parents and current not in wanted:
            wanted.add(current)
            current = parents[current]
    plain = {item: name_of(str(tree.path(item))) for item in sorted(wanted)}
    often = Counter(plain.values())
    groups = {item: name if often[name] == 1 else f"{name}_{item}" for item, name in plain.items()}
    doubles = sorted(str(tree.path(item)) for item, name in plain.items() if often[name] > 1)
    nested = tuple((groups[parents[item]], name) for item, name in groups.items() if parents[item] in groups)
    text = f"Directories whose groups would have the same name: {_some(doubles)}: their ids are added to the names."
    return Folders(groups, nested, (text,) if doubles else ())


def directories_used(
    devices: Iterable[Device], directories: Iterable[Directory], paths: Sequence[str], tree: Tree
) -> set[str]:
    """Give the ids of the directories that get a group: those in the chosen part of the tree, empty ones too."""
    wanted = [f"{normal_path(path)}/" for path in paths]
    starts = () if "/" in wanted else tuple(wanted)
    chosen = {item.id for item in directories if not starts or f"{tree.path(item.id)}/".startswith(starts)}
    return chosen | {item["directory_id"] for item in devices if item["directory_id"] != ROOT}


def _fits(name: str) -> bool:
    return _USABLE.fullmatch(name) is not None and name not in _RESERVED


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
