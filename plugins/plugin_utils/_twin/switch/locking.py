# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exclusive configuration of the simulated IOS switch: who may be in configuration mode.

[documented] `configuration mode exclusive manual` offers `configure terminal lock`, `... auto` locks each time; without
either there is no lock to take (Cisco, "Exclusive Configuration Change Access"). Leaving the mode or losing the session
gives the lock back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .entry import CliError, Token
from .grammar import Reply

if TYPE_CHECKING:
    from .device import Switch
    from .session import Session

ENTER = "Enter configuration commands, one per line.  End with CNTL/Z.\n"
LOCKED = (
    "Configuration mode locked exclusively. The lock will be cleared once you exit out of configuration mode using"
    " end/exit\n"
)
IDLE_SECONDS = 600  # [documented] the default of `expire`; that it counts from the last line is assumed
KEY = "configuration mode exclusive "


def _policy(switch: Switch) -> str:
    """Give ``auto``, ``manual`` or nothing."""
    line = next((line for line in switch.running.lines if line.startswith(KEY)), "")
    return line.removeprefix(KEY).split(" ")[0]


def refuse_others(session: Session) -> None:
    """Let nobody but the holder configure.

    Raises:
        CliError: somebody else holds the lock [recorded wording].
    """
    lock = session.switch.lock
    if lock is None:
        return
    if lock["number"] == session.number:
        lock["last"] = session.switch.hooks.now()
        return
    text = (
        f"Configuration mode locked exclusively by user '{lock['user']}' process '{300 + lock['number']}' from terminal"
        f" '{lock['number']}'. Please try later."
    )
    raise CliError("message", text=text)


def enter(session: Session, typed: str, lock: bool = False) -> str:
    """Enter configuration mode; give what is printed.

    Raises:
        CliError: somebody else holds the lock.
    """
    switch = session.switch
    refuse_others(session)
    text = ""
    if (lock or _policy(switch) == "auto") and switch.lock is None:
        now = switch.hooks.now()
        switch.lock = {"number": session.number, "user": session.user, "at": now, "last": now, "typed": typed}
        switch.hooks.journal("lock", session=session.number, held=True)
        text = LOCKED
    if session.mode == "exec":
        session.enter("config")
    return text + ENTER


def configure(session: Session, _words: list[Token]) -> Reply:
    """`configure terminal`."""
    return Reply(enter(session, "configure terminal"))


def configure_lock(session: Session, words: list[Token]) -> Reply:
    """`configure terminal lock`: an invalid input where the policy is not manual."""
    if _policy(session.switch) != "manual" or not "lock".startswith(words[0].text.lower()):
        raise CliError("invalid", words[0].column)
    return Reply(enter(session, "configure terminal lock", lock=True))


def release(switch: Switch, number: int) -> None:
    """Give the lock of a session back."""
    if switch.lock is not None and switch.lock["number"] == number:
        switch.lock = None
        switch.hooks.journal("lock", session=number, held=False)


def expire(switch: Switch, now: float) -> None:
    """End a lock whose holder typed nothing for long [assumed: its session stays in configuration mode]."""
    if switch.lock is not None and now - switch.lock["last"] >= IDLE_SECONDS:
        release(switch, switch.lock["number"])


def show(session: Session, _words: list[Token]) -> Reply:
    """`show configuration lock` [recorded]."""
    lock: dict[str, Any] | None = session.switch.lock
    now = session.switch.hooks.now()
    rows: list[tuple[str, object]] = [
        ("Owner PID", 300 + lock["number"] if lock else -1),
        ("User", lock["user"] if lock else "unknown"),
        ("TTY", lock["number"] if lock else -1),
        ("Type", "EXCLUSIVE" if lock else "NO LOCK"),
        ("State", "LOCKED" if lock else "FREE"),
        ("Class", "EXPOSED" if lock else "unknown"),
        ("Count", 1 if lock else 0),
        ("Pending Requests", 0),
        ("User debug info", lock["typed"] if lock else ""),
        ("Session idle state", "TRUE"),
        ("Lock active time (in Sec)", int(now - lock["at"]) if lock else 0),
        ("Lock Expiration timer (in Sec)", int(IDLE_SECONDS - (now - lock["last"])) if lock else 0),
    ]
    lines = ["Parser Configure Lock", "-" * 21, *(f"{name} : {value}".rstrip() for name, value in rows)]
    return Reply("".join(f"{line}\n" for line in lines))
