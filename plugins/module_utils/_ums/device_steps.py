# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps a plan for devices is made of, and the plan while it is being made. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, Firmware
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree


@dataclass(frozen=True)
class Create:
    """Pre-register a device (D4); ``path`` is for people."""

    label: str
    body: dict[str, str]
    path: str


@dataclass(frozen=True)
class Update:
    """Change fields of a device (D5)."""

    label: str
    id: str
    body: dict[str, str]


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


Step: TypeAlias = "Create | Update | Move | Delete"


@dataclass(frozen=True)
class Current:
    """What the server holds: all devices with details, the directory tree, the firmwares."""

    devices: Sequence[Device]
    tree: Tree
    firmwares: Sequence[Firmware] = ()


@dataclass(frozen=True)
class DevicePlan:
    """The decision: the change, one row a wanted device (the module's ``devices``), and what to warn of."""

    change: Change[Step]
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]


@dataclass
class Draft:
    """A plan in the making."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    creates: list[Step] = field(default_factory=list)
    updates: list[Step] = field(default_factory=list)
    moves: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    deletes: list[Step] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[OtedgeError] = field(default_factory=list)

    def finish(self) -> DevicePlan:
        """Fail with every problem at once, or give the plan; records are removed last."""
        if self.problems:
            kind = RefusedError if any(isinstance(item, RefusedError) for item in self.problems) else InputError
            texts = [item.message for item in self.problems]
            fixes = list(dict.fromkeys(item.fix for item in self.problems if item.fix))
            raise kind(f"Nothing was changed: {' '.join(texts)}", fix=" ".join(fixes), problems=texts)
        moves = [Move(key[0], key[1], tuple(ids)) for key, ids in self.moves.items()]
        steps = (*self.creates, *self.updates, *moves, *self.deletes)
        return DevicePlan(Change(self.before, self.after, steps), tuple(self.rows), tuple(self.warnings))
