# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs by itself on the simulated NX-OS switch: scheduler jobs and EEM countdown applets.

The reference marks both as to be confirmed on a lab box (switch-acl.md 2.3, U): what is here is assumed, except the
absolute form of `time start`, which is recorded.
"""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .session import Session
from .times import minutes_of

if TYPE_CHECKING:
    from ..box import Box
    from .device import Switch

JOB, SCHEDULE, APPLET = "scheduler job name ", "scheduler schedule name ", "event manager applet "


def schedules(box: Box) -> Iterator[tuple[str, float, int, list[str]]]:
    """Give (name, start, seconds between runs or 0, names of jobs) of every schedule that has a time."""
    for heading, lines in box.blocks.items():
        if not heading.startswith(SCHEDULE):
            continue
        jobs = [line.removeprefix("job name ") for line in lines if line.startswith("job name ")]
        for line in lines:
            found = re.fullmatch(r"time start (\S+)(?: repeat (\S+))?", line)
            if found:
                at = float(calendar.timegm((*(int(part) for part in found[1].split(":")), 0)))
                every = 60 * minutes_of([int(part) for part in found[2].split(":")]) if found[2] else 0
                yield heading.removeprefix(SCHEDULE), at, every, jobs


def arm(switch: Switch, user: str = "admin") -> None:
    """Take note of what the running configuration wants to be run; called after every change and at the start."""
    there = [heading.removeprefix(SCHEDULE) for heading in switch.running.blocks if heading.startswith(SCHEDULE)]
    known = switch.schedules
    switch.schedules = {name: known.get(name, {"user": user, "count": 0, "at": 0.0}) for name in there}
    now = switch.hooks.now()
    wanted = {name: (at, every) for name, at, every, _jobs in schedules(switch.running)}
    for name in [name for name in switch.armed if name not in wanted]:
        del switch.armed[name]
    for name, (at, every) in wanted.items():
        if switch.armed.get(name, (0.0, 0.0))[0] == at:
            continue
        due = at if at > now or not every else now + every - (now - at) % every
        if due > now:  # a start in the past never comes
            switch.armed[name] = (at, due)
    applets = {heading.removeprefix(APPLET): lines for heading, lines in switch.running.blocks.items()}
    seconds = {name: _countdown(lines) for name, lines in applets.items() if APPLET + name in switch.running.blocks}
    for name in [name for name in switch.applets if not seconds.get(name)]:
        del switch.applets[name]
    for name, wait in seconds.items():
        if wait and switch.applets.get(name, (0, 0.0))[0] != wait:
            switch.applets[name] = (wait, now + wait)


def _countdown(lines: list[str]) -> int:
    found = next((re.match(r"event timer countdown time (\d+)", line) for line in lines if "countdown" in line), None)
    return int(found[1]) if found else 0


def run_due(switch: Switch, now: float) -> None:
    """Run what is due: jobs of schedules, then applets."""
    for name, _at, every, jobs in list(schedules(switch.running)):
        at, due = switch.armed.get(name, (0.0, 0.0))
        if not due or now < due:
            continue
        switch.armed[name] = (at, due + every if every else 0.0)
        switch.schedules[name].update(count=switch.schedules[name]["count"] + 1, at=now)
        for job in jobs:
            lines = list(switch.running.blocks.get(JOB + job, []))
            _run(switch, f"scheduler job {job}", [part for line in lines for part in line.split(";")])
        switch.job_log.append(f"{time.strftime('%a %b %e %H:%M:%S %Y', time.gmtime(now))} {name}: {', '.join(jobs)}")
    for name, (wait, due) in list(switch.applets.items()):
        if due and now >= due:
            switch.applets[name] = (wait, 0.0)
            actions = [line for line in switch.running.blocks.get(APPLET + name, []) if line.startswith("action ")]
            actions.sort(key=lambda line: [int(part) for part in re.findall(r"\d+", line.split()[1])])
            typed = [line.split(" cli ", 1)[1] for line in actions if " cli " in line]
            _run(switch, f"event manager applet {name}", [part for line in typed for part in line.split(";")])


def _run(switch: Switch, why: str, lines: list[str]) -> None:
    """Type lines in a session of their own, as an administrator; a refused one does not stop the others."""
    session = Session(switch, 0, "scheduler", admin=True)
    for line in lines:
        text = line.strip().strip('"')
        text = text.removeprefix("command ").strip().strip('"')  # [assumed] IOS spelling is understood too
        reply = session.run(text)
        refused = switch.refused(reply.text)
        switch.hooks.journal("change", write=reply.changed, why=why, line=text, refused=refused)
        if reply.effective:
            switch.hooks.changed()
