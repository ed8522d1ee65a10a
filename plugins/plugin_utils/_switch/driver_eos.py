# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of Arista EOS for a swap in a configuration session (reference switch-acl.md section 2.2)."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Mapping, Sequence

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import dialect_eos as dialect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import read_eos as read
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Hits, Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import families_of, family_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Shell, Terminal
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotArmed
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    IPV4,
    IPV6,
    Config,
    SwitchState,
    Timer,
    parts_of,
)

FULL_PRIVILEGE = 15
_SESSIONS = read.SHOW
_SHOW = {IPV4: "show ip access-lists", IPV6: "show ipv6 access-lists"}
_NO_SESSIONS = (
    "This EOS version has no configuration sessions, so no revert timer",
    "update EOS, or set allow_no_revert_timer",
)


class Eos:
    """Arista EOS.

    The new bindings are typed into a configuration session, whose difference to the running configuration must be
    those lines and nothing else; ``commit timer`` puts them in force all at once, and takes them back unless the
    session is committed again.

    Args:
        token: gives a new unique word, for names of sessions.
    """

    family = "Arista EOS"
    timer_kind = "session"
    terminal = Terminal(
        prepare=("terminal width 511", "terminal length 0"),
        errors=r"^\s*(?:%|[Ee]rror:|! (?:Error|Failed)).*$",
        ansi=True,
    )
    # Minutes that a commit timer takes.
    minutes = (1, 1439)

    def __init__(self, token: Callable[[], str] = lambda: secrets.token_hex(4)) -> None:
        self._token = token
        self._armed = ""

    def interface_name(self, name: str) -> str:
        """Spell an interface as the configuration does."""
        return read.interface_name(name)

    def read_state(self, shell: Shell) -> SwitchState:
        """Read everything a decision needs."""
        found = shell.run(_SESSIONS)
        return SwitchState(
            running=self.read_running(shell),
            startup=self.read_startup(shell),
            timer=read.parse_timer(found, shell.user),
            unfit=self._unfit(shell, found),
            no_timer=None if read.has_sessions(found) else _NO_SESSIONS,
        )

    def _unfit(self, shell: Shell, sessions: str) -> tuple[str, str] | None:
        privilege = read.parse_privilege(shell.run("show privilege"))
        if privilege < FULL_PRIVILEGE:
            return f"The user has privilege level {privilege}", "give the automation user privilege level 15"
        other = next((one for one in self._own(sessions, shell, "pending") if one.terminal), None)
        if other:
            return (
                f"Another run works on the switch: session {other.name} is open on {other.terminal}",
                "wait until it has ended, then run again",
            )
        return None

    def _own(self, text: str, shell: Shell, state: str) -> list[read.Session]:
        prefix = read.own_prefix(shell.user)
        return [one for one in read.parse_sessions(text) if one.name.startswith(prefix) and one.state == state]

    def read_running(self, shell: Shell) -> Config:
        """Read the running configuration: the only place that shows remarks and bindings together."""
        return read.parse_config(shell.run("show running-config", timeout=120))

    def read_startup(self, shell: Shell) -> Config:
        """Read what a restart would bring back."""
        return read.parse_config(shell.run("show startup-config", timeout=120))

    def read_timer(self, shell: Shell) -> Timer | None:
        """Read the pending commit timer."""
        return read.parse_timer(shell.run(_SESSIONS), shell.user)

    def read_list(self, shell: Shell, name: str) -> AccessList | None:
        """Read one list as the device enforces it."""
        for family in families_of(name):
            found = dialect.parse_lists(shell.run(f"{_SHOW[family]} {name}"))
            if found:
                return found.get(name)
        return None

    def is_this(self, shell: Shell) -> bool:
        """True if the device is what this driver speaks to."""
        return "Arista" in shell.run("show version")

    def hardware_errors(self, shell: Shell) -> list[str]:
        """Give the log lines about lists that did not fit into the hardware (reference section 6)."""
        return read.hardware_errors(shell.run("show logging"))

    def read_hits(self, shell: Shell, names: Sequence[str]) -> dict[str, list[Hits]]:
        """Read the counters of these lists."""
        found: dict[str, list[Hits]] = {}
        for name in names:
            texts = (shell.run(f"{_SHOW[family]} {name}") for family in families_of(name))
            hits = next(filter(None, map(read.parse_hits, texts)), None)
            found |= {name: hits} if hits else {}
        return found

    def hardware_room(self, shell: Shell) -> Room | None:
        """Read the room for lists in the hardware; None if this model does not tell."""
        return read.parse_room(shell.run("show hardware capacity"))

    def create(self, name: str, rules: tuple[Rule, ...]) -> list[str]:
        """Lines that build a list from nothing."""
        return dialect.render(name, rules)

    def remove(self, name: str) -> list[str]:
        """Lines that remove a list nobody uses."""
        return [f"no {dialect.HEADS[family_of(name)]} {name}"]

    def bind(self, interface: str, way: str, new: str | None, now: str | None) -> list[str]:
        """Lines that put another list, or none, on an interface; naming another one replaces it in one step."""
        family, direction = parts_of(way)
        words = "ip access-group" if family == IPV4 else "ipv6 access-group"
        if new:
            return [f"interface {interface}", f"{words} {new} {direction}"]
        return [f"interface {interface}", f"no {words} {now} {direction}"] if now else []

    def rebind(self, shell: Shell, new: Sequence[str], old: Sequence[str], minutes: int | None) -> None:
        """Put the new bindings in force all at once, under a commit timer that takes them back.

        Raises:
            NotArmed: somebody else's timer runs, or the session would change something else; it is given up then.
            PeerError: a line was refused, and the session is given up.
        """
        if minutes is None:
            shell.configure(new, window=1)
            return
        for left in self._own(shell.run(_SESSIONS), shell, "pending"):
            if not left.terminal:
                shell.require(f"configure session {left.name} abort")
        session = f"{read.own_prefix(shell.user)}{self._token()}"
        shell.configure(new, enter=f"configure session {session}", drop="abort")
        strange = _strange(shell.run(f"show session-config named {session} diffs"), new, old)
        if strange:
            shell.require(f"configure session {session} abort")
            raise NotArmed(
                f"The configuration session would change more than the bindings: {strange!r}.",
                fix="Somebody else configures the switch; run again when that is done.",
            )
        timer = f"commit timer {minutes // 60:02d}:{minutes % 60:02d}:00"
        try:
            shell.configure((), enter=f"configure session {session}", leave=timer, drop="abort")
        except PeerError as exc:
            if read.pending_session(shell.run(_SESSIONS)) == session:
                self._armed = session
                raise
            with contextlib.suppress(PeerError):
                shell.require(f"configure session {session} abort")
            raise NotArmed(exc.message, fix=f"Look at '{_SESSIONS}', then run again.") from exc
        self._armed = session

    def confirm(self, shell: Shell) -> None:
        """Keep what was changed since the timer was armed.

        Raises:
            PeerError: the timer has fired, or the one that runs is not ours.
        """
        name = self._pending(shell)
        if name != self._armed:
            raise PeerError(
                f"The commit timer of session {name} was not armed by this run, so it was left alone.",
                fix=f"Wait until it fires or its owner confirms it ({_SESSIONS}).",
            )
        shell.require(f"configure session {name} commit", timeout=120)

    def revert(self, shell: Shell) -> None:
        """Take back at once what was changed since the timer was armed."""
        shell.require(f"configure session {self._pending(shell)} abort", timeout=120)

    def _pending(self, shell: Shell) -> str:
        """Give the session of ours whose timer runs.

        Raises:
            PeerError: there is none (any more).
        """
        name = read.pending_session(shell.run(_SESSIONS))
        if name is None or not name.startswith(read.own_prefix(shell.user)):
            raise PeerError(
                "No commit timer of this run is pending any more: it has fired, or somebody ended it.",
                fix="Run again.",
            )
        return name

    def save(self, shell: Shell) -> bool:
        """Write the startup configuration; what was written is read back by the caller."""
        return "failed" not in shell.require("write memory", timeout=120).lower()

    def parse_config(self, text: str) -> Config:
        """Read a saved running or startup configuration."""
        return read.parse_config(text)

    def parse_lists(self, text: str) -> Mapping[str, AccessList]:
        """Read lists from configuration text."""
        return dialect.parse_lists(text)


def _strange(diffs: str, new: Sequence[str], old: Sequence[str]) -> str | None:
    """Tell of a line of a session's difference that is neither a new binding nor the end of an old one.

    The first word only: the line may hold a password.
    """
    if diffs.lstrip().startswith("%"):
        return diffs.strip()
    known = {line.removeprefix("no ") for line in (*new, *old)}
    return next((f"{line.split()[0]} ..." for line in read.changed_lines(diffs) if line not in known), None)
