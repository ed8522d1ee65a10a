# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arm, keep and carry out the way back on Cisco IOS and IOS-XE: archive, EEM applet, or restart if asked for."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Sequence

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import iosxe_timers as timers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import read_iosxe as read
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.lock import configure
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Shell
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotArmed, NotEntered
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config, Timer

_ROLLBACK = "show archive config rollback timer"
_APPLETS = f"show running-config | section event manager applet {timers.PREFIX}"
# What a restart asks: whether to save first (no), and whether to go on (yes).
_QUESTIONS = ((r"[Ss]ave\?\s*\[yes/no\]:?", "no"), (r"\[confirm\]", ""))
_TRIES = 5


class WayBack:
    """What takes a change back on one switch; it knows which timer it armed itself.

    Args:
        token: gives a new unique word, for names of timers.
    """

    def __init__(self, token: Callable[[], str] = lambda: secrets.token_hex(4)) -> None:
        self._token = token
        self._archive: bool | None = None
        self._bypass = False
        self._armed: list[str] = []
        self.allow_reload = False
        self.choices: tuple[str, ...] = ()
        self.kind = timers.NONE

    @property
    def needs_mode(self) -> bool:
        """True while an applet of this run is pending: it has to enter configuration mode itself."""
        return any(name.startswith(timers.PREFIX) for name in self._armed)

    def learn(self, shell: Shell, running: str, startup: str, *, locks_itself: bool) -> tuple[str, str] | None:
        """Find out what this switch has, best first; give (what was found, what to do) where it has nothing.

        Args:
            shell: an open session.
            running: the running configuration.
            startup: the startup configuration.
            locks_itself: whoever is in configuration mode keeps everybody out, applets too.
        """
        self._archive = read.parse_archive(shell.run("show archive"))
        self._bypass = timers.needs_bypass(running)
        if self._archive:
            self.choices = (timers.ARCHIVE,)
        elif not locks_itself and "% Invalid" not in shell.run(timers.POLICIES):
            self.choices = (timers.APPLET,)
        else:
            self.choices = ()
        same = timers.same_text(running, startup)
        if self.allow_reload and same:
            self.choices += (timers.RELOAD,)
        self.kind = self.choices[0] if self.choices else timers.NONE
        if self.choices:
            return None
        found = "The switch has no configuration archive and runs no EEM applets, so it has no revert timer"
        if self.allow_reload:
            found += "; a restart would not bring back what runs now, as the startup configuration is another one"
        return found, (
            "configure 'archive' with 'path flash:...', or set allow_reload_timer (the switch restarts if it is lost),"
            " or set allow_no_revert_timer"
        )

    def read(self, shell: Shell, running: str | None = None) -> Timer | None:
        """Read a pending timer of anybody; with the text of the running configuration one command less is needed."""
        said = shell.run(_ROLLBACK)
        found = None if self._archive is False and "Invalid input" in said else read.parse_timer(said)
        if found or (self._archive and running is None and self.kind in (timers.ARCHIVE, timers.NONE)):
            return found
        applets = shell.run(timers.POLICIES) if running is None else "\n".join(timers.configured(running))
        return timers.pending_applet(applets, shell.user) or timers.pending_reload(
            shell.run(timers.SCHEDULED), shell.user
        )

    def arm(self, shell: Shell, old: Sequence[str], minutes: int) -> None:
        """Arm the best timer that this switch takes.

        Args:
            shell: an open session.
            old: the lines that bind the old lists.
            minutes: until it takes the change back.

        Raises:
            NotArmed: none runs that is ours.
        """
        ways: dict[str, Callable[[Shell, Sequence[str], int], None]] = {
            timers.ARCHIVE: self._arm_archive,
            timers.APPLET: self._arm_applets,
            timers.RELOAD: self._arm_reload,
        }
        said: list[str] = []
        for kind in self.choices:
            try:
                ways[kind](shell, old, minutes)
            except NotArmed as exc:
                if not exc.missing:
                    raise
                said.append(exc.message)
            else:
                self.kind = kind
                return
        raise NotArmed(
            f"The switch gave no revert timer: {' '.join(said)}",
            fix="Configure 'archive' with 'path flash:...', or set allow_reload_timer or allow_no_revert_timer.",
            missing=True,
        )

    def _arm_archive(self, shell: Shell, _old: Sequence[str], minutes: int) -> None:
        try:
            configure(shell, (), enter=f"configure terminal revert timer {minutes}")
        except NotEntered as exc:
            other = read.parse_timer(shell.run(_ROLLBACK))
            raise NotArmed(
                exc.message,
                fix=f"Wait until the pending timer is confirmed or fires ({_ROLLBACK})." if other else exc.fix,
                missing=other is None and "locked" not in exc.message,
            ) from exc
        self._armed = [timers.ARCHIVE]

    def _arm_applets(self, shell: Shell, old: Sequence[str], minutes: int) -> None:
        made = timers.applets(timers.tag(shell.user, self._token()), old, minutes, bypass=self._bypass)
        try:
            for lines in made.values():
                configure(shell, lines)
        except PeerError as exc:
            self._drop(shell, made)
            missing = not (isinstance(exc, NotEntered) and "locked" in exc.message)
            raise NotArmed(exc.message, fix=exc.fix, missing=missing) from exc
        registered, typed = timers.tags(shell.run(timers.POLICIES)), timers.configured(shell.run(_APPLETS))
        others = [name for name in registered if name not in made]
        as_typed = all(typed.get(name) == timers.commands_of(lines) for name, lines in made.items())
        if others or not as_typed or not set(made) <= set(registered):
            self._drop(shell, made)
            text = f"applet {others[0]} of another run is pending" if others else "the applet does not read back"
            raise NotArmed(
                f"The way back was given up: {text}.",
                fix=f"Look at '{timers.POLICIES}', then run again.",
                missing=not others,
            )
        self._armed = list(made)

    def _arm_reload(self, shell: Shell, _old: Sequence[str], minutes: int) -> None:
        if timers.pending_reload(shell.run(timers.SCHEDULED), shell.user):
            raise NotArmed("A restart of the switch is scheduled already.", fix=f"Look at '{timers.SCHEDULED}'.")
        name = timers.tag(shell.user, self._token())
        # From here on it may be scheduled, whatever becomes of the answer.
        self._armed = [timers.RELOAD]
        try:
            shell.converse(f"reload in {minutes} reason {name}", _QUESTIONS)
        except PeerError as exc:
            if name in shell.run(timers.SCHEDULED):
                self.keep(shell)
            self._armed = []
            raise NotArmed(exc.message, fix=exc.fix, missing=True) from exc
        if not timers.pending_reload(shell.run(timers.SCHEDULED), shell.user):
            self._armed = []
            raise NotArmed("The switch did not schedule its restart.", missing=True)

    def keep(self, shell: Shell) -> None:
        """End the timer that arm() armed, and no other.

        Raises:
            PeerError: it does not run any more, or none was armed.
        """
        armed, self._armed = self._armed, []
        if not armed:
            raise PeerError(
                "The revert timer that is pending was not armed by this run, so it was left alone.",
                fix=f"Wait until it fires, or look at '{_ROLLBACK}', '{timers.POLICIES}' and '{timers.SCHEDULED}'.",
            )
        if armed == [timers.ARCHIVE]:
            shell.require("configure confirm")
            return
        try:
            if armed == [timers.RELOAD]:
                self._cancel(shell)
            else:
                self._drop(shell, armed)
        except TalkError:
            # These have names of their own, so they can be ended over another session without ending anybody else's.
            self._armed = armed
            raise

    def _cancel(self, shell: Shell) -> None:
        shell.converse("reload cancel", _QUESTIONS)
        for _try in range(_TRIES):
            # Messages to all terminals may stand between a command and its answer.
            if "eload scheduled" not in shell.run(timers.SCHEDULED):
                return
        raise PeerError("The switch still wants to restart.", fix="Type 'reload cancel' on it at once.")

    def _drop(self, shell: Shell, names: Sequence[str] | dict[str, list[str]]) -> None:
        for name in names:
            with contextlib.suppress(PeerError):
                configure(shell, [f"no event manager applet {name}"])

    def take_back(self, shell: Shell, running: Config, bind: Callable[..., list[str]], startup: Config) -> None:
        """Do at once what the pending timer of an earlier run of this user would do, and end it.

        Args:
            shell: an open session.
            running: the running configuration.
            bind: gives the lines of a binding, as Driver.bind.
            startup: the startup configuration, which a restart would bring back.
        """
        if read.parse_timer(shell.run(_ROLLBACK)) and self._archive is not False:
            shell.require("configure revert now", timeout=120)
        for name, commands in timers.configured(shell.run(_APPLETS)).items():
            if timers.owner(name, shell.user) == shell.user:
                lines = timers.due(commands, running)
                if lines:
                    configure(shell, lines, window=1)
                self._drop(shell, [name])
        pending = timers.pending_reload(shell.run(timers.SCHEDULED), shell.user)
        if pending and pending.user == shell.user:
            for (interface, way), (then, now) in timers.restored(running, startup).items():
                configure(shell, bind(interface, way, then, now), window=1)
            self._cancel(shell)
