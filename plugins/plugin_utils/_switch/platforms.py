# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seam between the swap and a platform: what a driver has to bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config, SwitchState, Timer


@dataclass(frozen=True)
class Terminal:
    """How a platform's command line is talked to.

    ``prepare`` are the first commands of a session: wide lines, no pages. ``errors`` is searched line by line in what
    comes back. ``noise`` is what the platform writes between prompts on its own; it is taken out. ``enter`` ends a
    typed line; ``ansi``: the platform writes escape sequences.
    """

    prepare: tuple[str, ...]
    errors: str = r"^\s*%.*$|^.*(?:ACL_ERRMSG|[Cc]ommand rejected).*$"
    noise: str = ""
    enter: str = "\n"
    ansi: bool = False


class Shell(Protocol):
    """What the swap needs of a session."""

    @property
    def name(self) -> str:
        """The switch as messages name it."""

    @property
    def user(self) -> str:
        """Who is logged in."""

    def run(self, command: str, timeout: float = 60.0) -> str:
        """Run an exec command."""

    def require(self, command: str, timeout: float = 60.0) -> str:
        """Run an exec command that changes something and must not be refused."""

    def converse(self, command: str, answers: Sequence[tuple[str, str]], timeout: float = 60.0) -> str:
        """Run an exec command that asks before it acts."""

    def configure(
        self, lines: Sequence[str], *, enter: str = ..., leave: str = ..., drop: str = ..., window: int = ...
    ) -> None:
        """Send configuration lines; ``leave`` ends the mode, ``drop`` ends it after a line was refused."""

    def close(self) -> None:
        """End the session."""


class Driver(Protocol):
    """What the swap needs of a platform; see driver_iosxe.py for the meaning of each."""

    @property
    def family(self) -> str:
        """What the platform is called in messages."""

    @property
    def terminal(self) -> Terminal:
        """How its command line is talked to."""

    @property
    def timer_kind(self) -> str:
        """What takes a change back: archive, eem, reload, session, scheduler, checkpoint; "none" without a timer."""

    @property
    def minutes(self) -> tuple[int, int]:
        """The shortest and the longest revert timer, in minutes."""

    def interface_name(self, name: str) -> str:
        """Spell an interface as the configuration does."""

    def read_state(self, shell: Shell) -> SwitchState:
        """Read everything a decision needs."""

    def read_running(self, shell: Shell) -> Config:
        """Read the running configuration."""

    def read_startup(self, shell: Shell) -> Config:
        """Read the startup configuration."""

    def read_timer(self, shell: Shell) -> Timer | None:
        """Read the pending revert timer."""

    def read_list(self, shell: Shell, name: str) -> AccessList | None:
        """Read one list as enforced."""

    def is_this(self, shell: Shell) -> bool:
        """True if the device is of this platform."""

    def hardware_errors(self, shell: Shell) -> list[str]:
        """Log lines about lists that did not fit into the hardware."""

    def create(self, name: str, rules: tuple[Rule, ...]) -> list[str]:
        """Lines that build a list."""

    def remove(self, name: str) -> list[str]:
        """Lines that remove a list of ours; names.family_of() tells its family."""

    def bind(self, interface: str, way: str, new: str | None, now: str | None) -> list[str]:
        """Lines that bind or unbind; ``way`` as state.way_of() gives it."""

    def rebind(self, shell: Shell, new: Sequence[str], old: Sequence[str], minutes: int | None) -> None:
        """Type the new bindings under a revert timer that brings the old ones back; None: without a timer.

        Raises:
            refusals.NotArmed: our timer does not run, and no binding was typed.
        """

    def confirm(self, shell: Shell) -> None:
        """Keep the change: end the timer that rebind() armed, and never another one.

        Raises:
            PeerError: it does not run any more, or what runs is not ours.
        """

    def revert(self, shell: Shell) -> None:
        """Take the change back."""

    def save(self, shell: Shell) -> bool:
        """Write the startup configuration."""

    def parse_config(self, text: str) -> Config:
        """Read a saved configuration."""

    def parse_lists(self, text: str) -> Mapping[str, AccessList]:
        """Read lists from configuration text."""
