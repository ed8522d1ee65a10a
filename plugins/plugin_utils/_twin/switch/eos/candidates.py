# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configure sessions of the simulated EOS switch: candidates, commit, commit timer.

Source: switch-acl.md 2.2, [18] and [19]; the state words and the table are recorded.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..box import Box
from ..entry import CliError, Token
from .config import text_lines
from .tables import SYNTAX

if TYPE_CHECKING:
    from .device import Switch

MAX_PENDING = 5
MAX_COMPLETED = 1
LIFE = 24 * 3600.0  # [documented] a session that is not committed ends after 24 hours
PENDING, TIMED, COMPLETED = "pending", "pendingCommitTimer", "completed"


@dataclass
class Candidate:
    """One configure session. ``backup`` is the running configuration a commit timer brings back."""

    name: str
    user: str
    made: float
    box: Box
    state: str = PENDING
    deadline: float = 0.0
    backup: Box | None = None

    def dump(self) -> dict[str, Any]:
        """Give plain JSON."""
        return {
            "name": self.name,
            "user": self.user,
            "made": self.made,
            "box": self.box.dump(),
            "state": self.state,
            "deadline": self.deadline,
            "backup": self.backup.dump() if self.backup else None,
        }

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Candidate:
        """Read what ``dump`` gave."""
        backup = Box.load(data["backup"], SYNTAX) if data["backup"] else None
        box = Box.load(data["box"], SYNTAX)
        return cls(data["name"], data["user"], data["made"], box, data["state"], data["deadline"], backup)


def seconds_of(word: Token) -> int:
    """Read HH:MM:SS.

    Raises:
        CliError: another form, or nothing.
    """
    parts = word.text.split(":")
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= 2 for part in parts):
        raise CliError("invalid", word.column)
    hours, minutes, seconds = (int(part) for part in parts)
    total = 3600 * hours + 60 * minutes + seconds
    if minutes > 59 or seconds > 59 or total == 0:
        raise CliError("invalid", word.column)
    return total


def open_candidate(switch: Switch, name: str, user: str) -> Candidate:
    """Find a pending session or begin one from the running configuration.

    Raises:
        CliError: too many are pending, or its commit timer runs (wording [assumed]).
    """
    found = switch.candidates.get(name)
    if found and found.state == TIMED:
        raise CliError("message", text=f"% Session {name} is waiting for its commit timer: commit or abort it")
    if found and found.state == PENDING:
        return found
    if sum(one.state != COMPLETED for one in switch.candidates.values()) >= MAX_PENDING:
        text = "% Maximum number of pending sessions has been reached. Please commit or abort previous sessions."
        raise CliError("message", text=text)
    made = Candidate(name, user, switch.hooks.now(), switch.running.copy())
    switch.candidates[name] = made
    return made


def find_candidate(switch: Switch, name: str) -> Candidate:
    """Find a session that is not completed (wording [assumed])."""
    found = switch.candidates.get(name)
    if found is None or found.state == COMPLETED:
        raise CliError("message", text=f"% Cannot find session {name}")
    return found


def commit(switch: Switch, candidate: Candidate, seconds: int = 0) -> None:
    """Make a candidate the running configuration; confirm it where its timer runs already.

    [documented] Everything changed outside the session since it began is overwritten.

    Raises:
        CliError: the timer of another session runs (wording [assumed]).
    """
    timed = next((one for one in switch.candidates.values() if one.state == TIMED), None)
    if timed is not None and timed is not candidate:
        raise CliError("message", text=f"% Error: session {timed.name} is waiting for its commit timer")
    now = switch.hooks.now()
    if candidate.state == TIMED:
        if seconds:  # [assumed] a second `commit timer` moves the deadline, not the way back
            candidate.deadline = now + seconds
            return
        switch.hooks.journal("revert_timer", write=True, session_name=candidate.name, confirmed=True)
    else:
        candidate.backup = switch.running.copy() if seconds else None
        candidate.box.take_counters_of(switch.running)
        switch.running = candidate.box
        if seconds:
            candidate.state, candidate.deadline = TIMED, now + seconds
            switch.hooks.journal("revert_timer", write=True, session_name=candidate.name, seconds=seconds)
            return
    _complete(switch, candidate)


def _complete(switch: Switch, candidate: Candidate) -> None:
    candidate.state, candidate.backup, candidate.box = COMPLETED, None, switch.running.copy()
    done = [one for one in switch.candidates.values() if one.state == COMPLETED and one is not candidate]
    for old in done[: max(0, len(done) + 1 - MAX_COMPLETED)]:
        del switch.candidates[old.name]


def abort(switch: Switch, candidate: Candidate, why: str) -> bool:
    """Drop a session; one whose commit timer runs takes its change back. Give whether the configuration changed.

    [recorded] A session that was taken back is gone from the table.
    """
    del switch.candidates[candidate.name]
    if candidate.state != TIMED or candidate.backup is None:
        return False
    candidate.backup.take_counters_of(switch.running)
    switch.running = candidate.backup
    switch.last_change = {"at": switch.hooks.now(), "by": candidate.user}
    switch.hooks.journal("change", write=True, why=why, session_name=candidate.name)
    return True


def differences(switch: Switch, candidate: Candidate) -> str:
    """[recorded] Print what a session changes, as a unified diff; nothing if it changes nothing."""
    names = ("system:/running-config", f"session:/{candidate.name}-session-config")
    lines = difflib.unified_diff(text_lines(switch.running), text_lines(candidate.box), *names, n=3, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def table(switch: Switch, detail: bool) -> str:
    """[recorded] Print `show configuration sessions [detail]`."""
    names = ["Name", "State", "User", "Terminal", *(["PID", "Commit Time Left", "Description"] if detail else [])]
    rows = []
    for one in sorted(switch.candidates.values(), key=lambda one: one.name):
        open_in = [s for s in switch.sessions.values() if s.candidate == one.name]
        mark = "*" if open_in else " "
        left = _left(one.deadline - switch.hooks.now()) if one.state == TIMED else ""
        cells = [one.name, one.state, open_in[0].user if open_in else "", f"vty{open_in[0].number}" if open_in else ""]
        rows.append((mark, [*cells, *(["", left, ""] if detail else [])]))
    widths = [max(len(head), *(len(cells[place]) for _mark, cells in rows), 0) for place, head in enumerate(names)]
    lines = [f"Maximum number of completed sessions: {MAX_COMPLETED}"]
    lines += [f"Maximum number of pending sessions: {MAX_PENDING}", ""]
    lines.append("  " + " ".join(f"{name:<{width}}" for name, width in zip(names, widths, strict=True)))
    lines.append("  " + " ".join("-" * width for width in widths))
    for mark, cells in rows:
        lines.append(f"{mark} " + " ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)))
    return "".join(f"{line}\n" for line in [*lines, ""])


def _left(seconds: float) -> str:
    whole = max(0, int(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if whole >= 60 else "") + f"{whole % 60}s"
