# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulated NX-OS switch shows of its scheduler and applets; shapes without a mark are [recorded]."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entry import Token
from ..grammar import Reply
from .show import reply_of, stamp

if TYPE_CHECKING:
    from .session import Session


def scheduler_config(session: Session, _words: list[Token]) -> Reply:
    """`show scheduler config`."""
    lines = ["config terminal", "  feature scheduler", "  scheduler logfile size 16", "end", ""]
    for heading, below in session.switch.running.blocks.items():
        if heading.startswith("scheduler "):
            lines += ["config terminal", f"  {heading}", *(f"    {line}" for line in below), "end", ""]
    return reply_of(lines)


def scheduler_schedule(session: Session, words: list[Token]) -> Reply:
    """`show scheduler schedule [name NAME]`."""
    lines: list[str] = []
    for heading, below in session.switch.running.blocks.items():
        name = heading.removeprefix("scheduler schedule name ")
        if name != heading and (not words or words[0].text == name):
            lines += _schedule(session, name, below)
    return reply_of(lines)


def _schedule(session: Session, name: str, below: list[str]) -> list[str]:
    switch = session.switch
    ran = switch.schedules.get(name, {"user": "admin", "count": 0, "at": 0.0})
    at, due = switch.armed.get(name, (0.0, 0.0))
    start = next((line for line in below if line.startswith("time start ")), "")
    every = start.partition(" repeat ")[2]
    once = f"Run once on {stamp(at)}" if at else "Run once, in the past" if start else "Not set"
    last = stamp(ran["at"]) if ran["count"] else "Yet to be executed"
    status = "Success (0)" if ran["count"] else "-NA-"
    lines = [f"Schedule Name       : {name}", "-" * 31, f"User Name           : {ran['user']}"]
    lines.append(f"Schedule Type       : {f'Run every {every}, next on {stamp(due)}' if every else once}")
    lines += [f"Last Execution Time : {last}", *([f"Last Completion Time: {last}"] if ran["count"] else [])]
    lines += [f"Execution count     : {ran['count']}"] if ran["count"] else []
    lines += ["-" * 47, "     Job Name            Last Execution Status", "-" * 47]
    lines += [f"{line.removeprefix('job name '):>13} {status:>30}" for line in below if line.startswith("job name ")]
    return [*lines, "=" * 78]


def scheduler_log(session: Session, _words: list[Token]) -> Reply:
    """`show scheduler logfile` [assumed: shape]."""
    return reply_of(session.switch.job_log)


def applet(session: Session, words: list[Token]) -> Reply:
    """`show event manager policy internal NAME`: its lines and when it runs [assumed: shape]."""
    below = session.switch.running.blocks.get(f"event manager applet {words[0].text}")
    if below is None:
        return Reply("ERROR: Policy not found\n")
    due = session.switch.applets.get(words[0].text, (0, 0.0))[1]
    return reply_of([f"Name : {words[0].text}", f"Runs : {stamp(due) if due else 'None'}", *(f"  {o}" for o in below)])
