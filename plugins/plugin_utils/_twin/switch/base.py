# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every simulated switch does, whatever its platform: sessions, typed lines, faults.

A platform derives its ``Switch`` from ``BaseSwitch`` and its session offers what ``SessionLike`` lists; the SSH
server, the world and the factory know no more than that.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..hooks import SwitchHooks, Verdict
from .grammar import Reply

# Modes in which nothing is configured: every platform calls its own ones so.
EXEC_MODES = ("exec", "user")
SECRET_WORDS = ("password", "secret", "key", "community", "authentication", "ciphertext", "plaintext")


class SessionLike(Protocol):
    """One logged-in user. ``mode`` is ``exec`` or ``user`` outside configuration mode, else a word of the platform."""

    number: int
    user: str
    mode: str
    width: int
    length: int  # lines of a page, 0 for no paging
    question: Any  # truthy while the next line is an answer

    @property
    def prompt(self) -> str:
        """What is written before the next line is read."""

    @property
    def hidden(self) -> bool:
        """True while what is typed is not echoed (a password)."""

    def run(self, line: str) -> Reply:
        """Run one typed line; a refusal comes back as text."""


@dataclass
class Faults:
    """What was injected; None or 0 is off."""

    cut_after_line: int | None = None
    cut_match: str = ""
    sessions_left: int | None = None
    line_latency: float = 0.0
    type_ahead: int | None = None


class BaseSwitch:
    """One switch, without what its platform knows.

    Args:
        name: inventory name, also the host name out of the box.
        config: keys of every platform: {"platform", "line_latency": seconds a line, "type_ahead": characters that
            may wait, "ports", "port_count", "vlans", "hostname", "tcam_entries", "lines", "motd": text shown behind a
            login, "seen_as": the address new sessions come from, "controller_address": the same where seen_as is not
            set}; keys may also stand below "twin_switch".
        hooks: the world.
    """

    more = " --More-- "  # what stands below a full page

    def __init__(self, name: str, config: Mapping[str, Any], hooks: SwitchHooks) -> None:
        self.name = name
        self.hooks = hooks
        self.options: dict[str, Any] = {**config, **(config.get("twin_switch") or {})}
        self.faults = self._no_faults()
        self.sessions: dict[int, Any] = {}
        self.on_drop: Callable[[int], None] | None = None  # the server's way to end a connection
        self.on_message: Callable[[str], None] | None = None  # the server's way to write to every terminal
        self.seen_as = self._seen_as()
        self._next_session = 1

    def _no_faults(self) -> Faults:
        ahead = self.options.get("type_ahead")
        return Faults(
            line_latency=float(self.options.get("line_latency", 0.0)), type_ahead=None if ahead is None else int(ahead)
        )

    def _seen_as(self) -> str:
        return str(self.options.get("seen_as") or self.options.get("controller_address") or "")

    # -- what a platform gives

    def new_session(self, number: int, user: str) -> Any:
        """Build the platform's session (``SessionLike``)."""
        raise NotImplementedError

    def evaluate(self, interface: str, direction: str, packet: Mapping[str, Any], count: bool = False) -> Verdict:
        """Judge a packet at an interface (``in`` or ``out``) by the lists there; ``count`` moves the hit counters."""
        raise NotImplementedError

    def tick(self, now: float) -> None:
        """Let time pass: timers fire."""
        raise NotImplementedError

    def power_cut(self) -> None:
        """Power off and on; call ``end_sessions`` at the end of it."""
        raise NotImplementedError

    def dump(self) -> dict[str, Any]:
        """Give the whole state as JSON, with bindings, lists and startup_equals_running to be read by the world."""
        raise NotImplementedError

    def refused(self, text: str) -> str:
        """Give the line of an answer that refuses what was typed, or nothing."""
        return next((line for line in text.splitlines() if line.lstrip().startswith("%")), "")

    def on_line(self, session: Any, reply: Reply) -> None:
        """Take note of a line that changed something."""

    def on_close(self, session: Any) -> None:
        """Give back what a session held."""

    def gateway(self, interface: str, packet: Mapping[str, Any]) -> str:
        """Name the SVI that routes a packet which entered at a port; nothing if it stays in its VLAN."""
        return ""

    def peer_refused(self) -> str:
        """Give why a new connection is refused by the switch's own configuration, or nothing."""
        return ""

    # -- sessions

    def admit(self) -> bool:
        """Tell whether one more connection may open (fault deny_new_sessions, lists on the way in)."""
        if self.faults.sessions_left is not None:
            self.faults.sessions_left -= 1
            if self.faults.sessions_left < 0:
                self.hooks.journal("fault", fault="deny_new_sessions")
                return False
        why = self.peer_refused()
        if why:
            self.hooks.journal("session", open=False, refused=why)
        return not why

    def open_session(self, user: str) -> Any:
        """Open a session."""
        session = self.new_session(self._next_session, user)
        self._next_session += 1
        self.sessions[session.number] = session
        self.hooks.journal("session", session=session.number, user=user, open=True)
        return session

    def close_session(self, session: Any) -> None:
        """Forget a session and what it held."""
        if self.sessions.pop(session.number, None) is None:
            return
        self.on_close(session)
        self.hooks.journal("session", session=session.number, user=session.user, open=False)

    def tell(self, text: str) -> None:
        """Write a message to every terminal."""
        if self.on_message:
            self.on_message(text)

    def end_sessions(self) -> None:
        """Drop every session."""
        for number in list(self.sessions):
            if self.on_drop:
                self.on_drop(number)

    def execute(self, session: Any, line: str) -> Reply:
        """Handle one typed line: run it, journal it, tell the world; ``close`` ends the session."""
        mode, answering, hidden = session.mode, session.question is not None, session.hidden
        reply: Reply = session.run(line)
        if line.strip() or answering:
            self.hooks.journal(
                "request",
                write=reply.changed,
                session=session.number,
                mode=mode,
                line="***" if hidden else without_secret(line.strip()),
                refused=self.refused(reply.text),
            )
        if reply.changed:
            self.on_line(session, reply)
        if reply.effective:
            self.hooks.changed()
        if mode not in EXEC_MODES and line.strip() and self._cut(line.strip()):
            self.hooks.journal("fault", fault="cut_after_line", session=session.number, line=line.strip())
            return Reply("", close=True)
        return reply

    def _cut(self, line: str) -> bool:
        if self.faults.cut_after_line is None or not re.search(self.faults.cut_match, line):
            return False
        self.faults.cut_after_line -= 1
        if self.faults.cut_after_line > 0:
            return False
        self.faults.cut_after_line = None
        return True

    # -- faults

    def inject(self, fault: str, args: Mapping[str, Any]) -> None:
        """Inject a fault.

        ``cut_after_line`` {"k": lines, "match": pattern}: once, a session is dropped behind the k-th configuration line
        (of those that hold the pattern);
        ``deny_new_sessions`` {"after": 0}: sessions beyond that many more are closed; ``line_latency`` {"seconds"};
        ``type_ahead`` {"characters"}: what is typed beyond that many while a line runs is lost; ``seen_as``
        {"address"}: where new sessions come from, for lists on the way in; ``power_cut``; ``none`` ends all.

        Raises:
            ValueError: unknown fault or no sensible number.
        """
        if fault == "cut_after_line":
            lines = int(args.get("k", args.get("line", args.get("lines", 1))))
            if lines < 1:
                raise ValueError("cut_after_line needs k >= 1")
            self.faults.cut_match = _pattern(args.get("match", ""))
            self.faults.cut_after_line = lines
        elif fault == "deny_new_sessions":
            self.faults.sessions_left = int(args.get("after", 0))
        elif fault == "line_latency":
            self.faults.line_latency = float(args.get("seconds", 0.0))
        elif fault == "type_ahead":
            self.faults.type_ahead = int(args.get("characters", 0))
        elif fault == "seen_as":
            self.seen_as = str(ipaddress.IPv4Address(args.get("address", "")))
        elif fault == "power_cut":
            self.power_cut()
        elif fault == "none":
            self.faults, self.seen_as = self._no_faults(), self._seen_as()
        else:
            raise ValueError(f"unknown switch fault {fault!r}")


def _pattern(text: Any) -> str:
    try:
        return re.compile(str(text)).pattern
    except re.error as exc:
        raise ValueError(f"match {text!r}: {exc}") from exc


def without_secret(line: str) -> str:
    """Cut what may hold a secret out of a line for the journal."""
    words = line.split()
    for word in SECRET_WORDS:
        if word in words:
            return " ".join([*words[: words.index(word) + 1], "***"])
    return line
