# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps a plan for device directories is made of, and the plan. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change


@dataclass(frozen=True)
class WantedDirectory:
    """A directory as it is to be; ``was`` is the path it had before, None where that does not matter."""

    path: str
    was: str | None = None


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
class Relocate:
    """Move, then rename, the directory ``id`` so that it stands at ``path``; ``parent_id`` as in CreateDirectory."""

    path: str
    was: str
    id: str
    parent_id: str | None

    @property
    def moves(self) -> bool:
        """True if it gets another parent."""
        return self.parent != self.was.rpartition("/")[0]

    @property
    def parent(self) -> str:
        """Path of the new directory above, empty for the root."""
        return self.path.rpartition("/")[0]

    @property
    def new_name(self) -> str | None:
        """Its new name, None where it keeps the old one."""
        name = self.path.rpartition("/")[2]
        return None if name == self.was.rpartition("/")[2] else name


@dataclass(frozen=True)
class DeleteDirectory:
    """Delete an empty directory."""

    path: str
    id: str


DirectoryStep: TypeAlias = "CreateDirectory | Relocate | DeleteDirectory"


@dataclass(frozen=True)
class DirectoryPlan:
    """The decision: the change and one row a wanted path (the module's ``directories``).

    ``blind``: the server showed no directory at all, so the first one that is created has to be looked for.
    """

    change: Change[DirectoryStep]
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...] = ()
    blind: bool = False
