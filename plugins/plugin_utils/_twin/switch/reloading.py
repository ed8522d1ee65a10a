# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`reload` of the simulated IOS switch: now, in some minutes, or not after all.

[recorded] The questions, the warnings on every terminal, `show reload`. How long the ports stay down is assumed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .entry import CliError, Token
from .grammar import Reply

if TYPE_CHECKING:
    from .device import Switch
    from .session import Session

SAVE = "System configuration has been modified. Save? [yes/no]: "
PROCEED = "Proceed with reload? [confirm]"
MOST_MINUTES = 24 * 24 * 60
WARNINGS = (3600, 1800, 300, 60)  # seconds before the end at which every terminal is warned
DOWN_SECONDS = 120.0


def _delay(word: Token) -> int:
    """Read `M` or `HHH:MM`; give minutes."""
    found = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,5})", word.text)
    minutes = int(found[1] or 0) * 60 + int(found[2]) if found else 0
    if not 1 <= minutes <= MOST_MINUTES:
        raise CliError("invalid", word.column)
    return minutes


def _line(session: Session) -> str:
    number = session.number
    return f"{session.user} on vty{max(0, number - 1)} ({session.switch.seen_as or '127.0.0.1'})"


def _ask(session: Session, go: Callable[[Session], Reply], told: str) -> Reply:
    """Ask whether to save, if there is something to save, and then whether to proceed."""
    switch = session.switch

    def confirm(now: Session, answer: str) -> Reply:
        return go(now) if answer.strip().lower() in ("", "y", "yes") else Reply()

    def proceed(now: Session, text: str) -> Reply:
        now.question = (PROCEED, confirm)
        return Reply(text + told)

    def save(now: Session, answer: str) -> Reply:
        wanted = answer.strip().lower()
        if not wanted or not ("yes".startswith(wanted) or "no".startswith(wanted)):
            now.question = (SAVE, save)
            return Reply("% Please answer 'yes' or 'no'.\n")
        if "yes".startswith(wanted):
            switch.startup = switch.copy_of_running()
            switch.hooks.journal("change", write=True, why="reload: saved")
        return proceed(now, "Building configuration...\n[OK]\n" if "yes".startswith(wanted) else "")

    if switch.startup.text_lines() != switch.running.text_lines():
        session.question = (SAVE, save)
        return Reply()
    return proceed(session, "")


def reload_now(session: Session, _words: list[Token]) -> Reply:
    """`reload`."""

    def go(_session: Session) -> Reply:
        session.switch.restart("reload", float(session.switch.options.get("boot_seconds", DOWN_SECONDS)))
        return Reply(close=True)

    return _ask(session, go, "")


def reload_in(session: Session, words: list[Token]) -> Reply:
    """`reload in M` or `HHH:MM`, with a reason; one that is scheduled already is replaced [assumed]."""
    minutes = _delay(words[0])
    reason = " ".join(word.text for word in words[1:]) or "Reload Command"
    who = _line(session)

    def go(now: Session) -> Reply:
        at = now.switch.hooks.now()
        due = at + 60 * minutes
        later = [seconds for seconds in WARNINGS if seconds <= 60 * minutes]
        now.switch.reload = {"at": at, "due": due, "by": who, "reason": reason, "warn": later}
        now.switch.hooks.journal("reload", write=True, minutes=minutes, session=now.number)
        return Reply()

    hours, rest = divmod(minutes, 60)
    wait = f"{minutes} minute{'s' * (minutes != 1)}" if not hours else f"{hours} hours and {rest} minutes"
    return _ask(session, go, f"Reload scheduled in {wait} by {who}\nReload reason: {reason}\n")


def cancel(session: Session, _words: list[Token]) -> Reply:
    """`reload cancel`; what is printed where nothing is scheduled is assumed."""
    switch = session.switch
    if switch.reload is None:
        raise CliError("message", text="%No reload is scheduled.")
    switch.reload = None
    switch.hooks.journal("reload", write=True, cancelled=True, session=session.number)
    switch.tell("\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n")
    return Reply()


def show(session: Session, _words: list[Token]) -> Reply:
    """`show reload`."""
    plan = session.switch.reload
    if plan is None:
        return Reply("No reload is scheduled.\n")
    left = max(0, int(plan["due"] - session.switch.hooks.now()))
    parts = [(left // 3600, "hour"), (left % 3600 // 60, "minute"), (left % 60, "second")]
    words = [f"{number} {unit}{'s' * (number != 1)}" for number, unit in parts if number] or ["0 seconds"]
    text = " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
    return Reply(f"Reload scheduled in {text} by {plan['by']}\nReload reason: {plan['reason']}\n")


def run_due(switch: Switch, now: float) -> None:
    """Warn, restart, and bring the ports back, each at its time."""
    if switch.down_until and now >= switch.down_until:
        switch.down_until = 0.0
        switch.hooks.journal("boot", write=True, why="ports are up")
        switch.hooks.changed()
    plan = switch.reload
    if plan is None:
        return
    if now >= plan["due"]:
        switch.restart("reload", float(switch.options.get("boot_seconds", DOWN_SECONDS)))
        return
    passed = [seconds for seconds in plan["warn"] if plan["due"] - now <= seconds]
    if passed:
        plan["warn"] = [seconds for seconds in plan["warn"] if seconds not in passed]
        left = time.strftime("%-H:%M:%S", time.gmtime(min(passed)))
        switch.tell(f"\n\n***\n*** --- SHUTDOWN in {left} ---\n***\n\n")
