# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps a plan for devices is made of, and the plan while it is being made. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.attributes import Attribute
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.drift import Drift
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, Firmware
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree


@dataclass(frozen=True)
class Create:
    """Pre-register a device (D4); ``path`` is for people."""

    label: str
    body: dict[str, Any]
    path: str


@dataclass(frozen=True)
class Update:
    """Change fields of a device (D5)."""

    label: str
    id: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Move:
    """Move devices to a directory, many a request (T5); ``labels`` of the ids, for people."""

    destination: str
    path: str
    ids: tuple[str, ...]
    labels: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Delete:
    """Remove a record (D7).

    With ``never_connected`` only if it still has not connected; with ``offline_in``, a directory id, only if it still
    lies there and is offline.
    """

    label: str
    id: str
    never_connected: bool = False
    offline_in: str | None = None


_SHOWN = 20
_CREATE_IT = "Correct the path, or create it first with otedge.endpoint.ums_directories."

Step: TypeAlias = "Create | Update | Move | Delete"


@dataclass(frozen=True)
class Current:
    """What the server holds: all devices with details, the directory tree, the firmwares.

    ``attributes``: device id to its custom attributes (see facets.attributes); empty where they were not asked.
    """

    devices: Sequence[Device]
    tree: Tree
    firmwares: Sequence[Firmware] = ()
    attributes: Mapping[str, Sequence[Attribute]] = field(default_factory=dict)


@dataclass(frozen=True)
class DevicePlan:
    """The decision: the change, one row a wanted device (the module's ``devices``), what to warn of, what differs."""

    change: Change[Step]
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]
    drift: dict[str, Any] = field(default_factory=dict)
    drift_summary: str = ""


@dataclass
class Draft:
    """A plan in the making.

    Args:
        assume_missing: take directories that do not exist as about to be made (check mode of a whole play).
        compare: problems are part of the comparison; nothing will be written.
    """

    assume_missing: bool = False
    compare: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    creates: list[Step] = field(default_factory=list)
    updates: list[Step] = field(default_factory=list)
    moves: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    deletes: list[Step] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[OtedgeError] = field(default_factory=list)
    claimed: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    drift: Drift = field(default_factory=Drift)

    def claim(self, device: Device, label: str) -> None:
        """Note whose record it is; raise InputError if another item has it already."""
        owner = self.claimed.setdefault(device.id, label)
        if owner != label:
            raise InputError(
                f"{label} and {owner} both match the record with id {device.id} (unit id {device.unit_id}).",
                fix="Correct mac or candidate_macs of one of them.",
            )

    def no_directory(self, path: str, label: str, tree: Tree) -> None:
        """Deal with a directory that is not there: a problem, or taken as about to be made; once a path."""
        if self.assume_missing and not self.compare:
            warning = f"The directory {path} does not exist yet; this check run takes it as created."
            if warning not in self.warnings:
                self.warnings.append(warning)
            return
        known = path in self.absent
        if not known:  # what is near takes long to find: once a path, not once a device
            self.absent[path] = tree.absence(path)
        if not self.compare:
            self.problems.append(InputError(f"{label}: the directory {path}: {self.absent[path]}.", fix=_CREATE_IT))
        elif not known:
            self.problems.append(InputError(f"The directory {path}: {self.absent[path]}.", fix=_CREATE_IT))

    def finish(self) -> DevicePlan:
        """Fail with every problem at once, or give the plan; records are removed last."""
        if self.compare:
            for problem in self.problems:
                self.drift.problem(problem)
        elif self.problems:
            kind = RefusedError if any(isinstance(item, RefusedError) for item in self.problems) else InputError
            texts = [text for item in self.problems for text in item.details.get("problems", [item.message])]
            fixes = list(dict.fromkeys(item.fix for item in self.problems if item.fix))
            shown = " ".join(item.message for item in self.problems[:_SHOWN])
            more = len(self.problems) - _SHOWN
            shown += f" And {more} more, all of them in failure.problems." if more > 0 else ""
            raise kind(f"Nothing was changed: {shown}", fix=" ".join(fixes), problems=texts)
        moves = [Move(key[0], key[1], *zip(*found, strict=True)) for key, found in self.moves.items()]
        steps = (*self.creates, *self.updates, *moves, *self.deletes)
        change: Change[Step] = Change(self.before, self.after, steps)
        return DevicePlan(change, tuple(self.rows), tuple(self.warnings), self.drift.as_dict(), self.drift.summary())
