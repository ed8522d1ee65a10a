# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a driver may bring besides platforms.Driver; a platform that lacks one of these goes without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Shell
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Interface


@dataclass(frozen=True)
class Room:
    """Entries for access lists in the hardware: in use, and how many there are."""

    used: int
    maximum: int

    @property
    def free(self) -> int:
        """How many are left."""
        return max(0, self.maximum - self.used)


@dataclass(frozen=True)
class Hits:
    """How often one entry matched: its text without number and counter; None where the switch does not count it."""

    entry: str
    count: int | None


@runtime_checkable
class TellsRoom(Protocol):
    """A platform that says how much room there is for lists."""

    def hardware_room(self, shell: Shell) -> Room | None:
        """Read the room; None if this model does not tell."""


@runtime_checkable
class SplitsRoom(Protocol):
    """A platform whose hardware has room of its own for the lists of each family."""

    def family_room(self, shell: Shell, family: str) -> Room | None:
        """Read the room for one family; None if this model does not tell."""


@runtime_checkable
class Counts(Protocol):
    """A platform that counts what its entries match."""

    def read_hits(self, shell: Shell, names: Sequence[str]) -> dict[str, list[Hits]]:
        """Read the counters of these lists, entries in order; a list that does not exist is left out."""


@runtime_checkable
class LogsDenialsOnly(Protocol):
    """A platform that logs what it denies; what it permits it can only count."""

    def as_kept(self, rules: Sequence[Rule]) -> tuple[Rule, ...]:
        """Give the rules as the platform keeps them: no permission is logged."""


@runtime_checkable
class PicksPlaces(Protocol):
    """A platform on which not every interface takes a list in both directions."""

    def place_problem(self, port: Interface, direction: str) -> str:
        """Say why the interface takes no list in this direction, or ""."""


@runtime_checkable
class Locks(Protocol):
    """A platform on which one session can keep the others out of the configuration."""

    @property
    def lock_command(self) -> str:
        """How configuration mode is entered alone; "" where this switch is not set up for it."""


@runtime_checkable
class MayRestart(Protocol):
    """A platform that can be told to restart, with its old configuration, as the last of its revert timers."""

    def allow_reload_timer(self, allowed: bool) -> None:
        """Say whether that may be used; before the state is read."""


@runtime_checkable
class FiresLate(Protocol):
    """A platform whose timer may fire between the last look at the bindings and the confirm, without a sign of it."""

    @property
    def fires_late(self) -> bool:
        """True if the bindings have to be read once more after the confirm."""
