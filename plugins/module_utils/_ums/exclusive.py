# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records nobody declared: found in the directories of the list, removed where the list is to be complete.

Pure, but for asking whether a record that would go is online.

Source: UMS IMI v3 contract, sections 3 (MACs are not unique) and 4 (facet ``online`` asks each device live).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import Delete, Draft
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.lookup import Lookup
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree, normal_path
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import Wanted

Online = Callable[[str], "bool | None"]
_SHOWN = 10


@dataclass(frozen=True)
class Terms:
    """On what terms a list is taken.

    ``directory``: the one it is meant to be complete for, with all below it; ``exclusive``: strangers there go, up to
    ``max_deletions`` of them, and none but ``only`` where that is given. ``online`` asks the server whether a record is
    online, None where it does not say.
    ``compare``: nothing will be written; what would make a run fail is part of the comparison. ``bad``: what was
    wrong with the list itself, to be told with all else.
    """

    directory: str | None = None
    exclusive: bool = False
    max_deletions: int = 5
    only: frozenset[str] | None = None
    online: Online | None = None
    compare: bool = False
    bad: OtedgeError | None = None


def terms_of(directory: str | None, exclusive: bool, max_deletions: int, listed: int) -> Terms:
    """Check the options ``directory``, ``exclusive`` and ``max_deletions``; ``listed``: how many devices are given.

    Raises:
        InputError: exclusive without a directory below the root, or a negative number.
        RefusedError: exclusive with an empty list.
    """
    path = None if directory is None else normal_path(directory)
    if max_deletions < 0:
        raise InputError(f"max_deletions is {max_deletions}.", fix="Give how many records may go: 0 or more.")
    if exclusive and not path:
        raise InputError(
            "exclusive needs a directory below the root, and none is given.",
            fix="Set directory to the one the list of devices is complete for; the whole server is refused.",
        )
    if exclusive and not listed:
        raise RefusedError(
            f"The list of devices is empty, and exclusive would remove every device below {path}; nothing was changed.",
            fix="Check where the list comes from. To remove devices name them, with state: absent.",
        )
    return Terms(path, exclusive, max_deletions)


def plan_strangers(look: Lookup, wanted: Sequence[Wanted], terms: Terms, draft: Draft) -> None:
    """Note every stranger in the draft; with exclusive, plan that those below the directory go, or say why not."""
    inside = _below(look.tree, terms.directory, draft)
    named = {look.tree.find(item.directory) for item in wanted if item.directory is not None and _clear(look, item)}
    macs = {mac for item in wanted for mac in item.macs}
    going: list[Device] = []
    for device in sorted(look.devices, key=lambda one: (one.name, one.unit_id)):
        if device.in_bin or device.id in draft.claimed or device.parent_id not in (inside | named):
            continue
        shared = device.mac in macs or device.unit_id in macs
        known = terms.only is None or device.id in terms.only
        goes = terms.exclusive and device.parent_id in inside and known and not shared
        draft.drift.stranger(device, look.tree.path(device.parent_id), "deleted" if goes else "left")
        if goes:
            going.append(device)
        elif terms.exclusive and device.parent_id in inside and shared:
            draft.warnings.append(
                f"{_label(device)} shares MAC {device.mac} with a device of the list, so it is left alone."
            )
    if going:
        _plan_removal(look, going, terms, draft)


def _clear(look: Lookup, item: Wanted) -> bool:
    """Say whether the directory of an item is known and the only one of its path; if not, that is told elsewhere."""
    try:
        return look.tree.find(item.directory or "") is not None
    except InputError:
        return False


def _below(tree: Tree, path: str | None, draft: Draft) -> set[str]:
    """Give the ids of a directory and of all below it; none without a path."""
    if path is None:
        return set()
    try:
        start = tree.find(path)
    except InputError as exc:
        draft.problems.append(exc)
        return set()
    if start is None:
        draft.no_directory(path, "option directory", tree)
        return set()
    found, level = {start}, [start]
    while level:
        level = [child.id for item in level for child in tree.children(item) if child.id not in found]
        found.update(level)
    return found


def _plan_removal(look: Lookup, going: Sequence[Device], terms: Terms, draft: Draft) -> None:
    if len(going) > terms.max_deletions:
        draft.problems.append(
            RefusedError(
                f"{len(going)} devices below {terms.directory} are not in the list, more than max_deletions"
                f" ({terms.max_deletions}): {_names(going)}.",
                fix=f"Check the list. If all of them are to go, set max_deletions to {len(going)}.",
            )
        )
        return
    states = {device.id: terms.online(device.id) if terms.online else None for device in going}
    present = [device for device in going if states[device.id]]
    unknown = [device for device in going if states[device.id] is None]
    if present:
        draft.problems.append(
            RefusedError(
                f"Devices below {terms.directory} that are not in the list are online: {_names(present)}.",
                fix="A device that is online is in use: add it to the list, or shut it down first.",
            )
        )
    if unknown:
        draft.problems.append(
            RefusedError(
                f"The server does not say whether devices that are not in the list are online: {_names(unknown)}.",
                fix="Look at them in the UMS console; remove them there, or add them to the list.",
            )
        )
    for device in going:
        draft.before[_label(device)] = look.view(device)
        draft.deletes.append(Delete(_label(device), device.id, offline_in=device.parent_id))


def _label(device: Device) -> str:
    return f"{device.name or device.mac} ({device.unit_id})"


def _names(devices: Iterable[Device]) -> str:
    shown = [_label(device) for device in devices]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
