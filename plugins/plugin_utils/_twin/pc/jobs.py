# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Detached programs: one single command of a line per tick, so that a power cut can fall between any two.

[documented] Win32_Process.Create starts the program and returns; it outlives the connection that asked for it.
[assumed] a restart of the twin ends running programs, as a restart of the PC would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cmd import Interpreter, split_command

if TYPE_CHECKING:
    from .machine import Machine


@dataclass
class Job:
    """One running program."""

    pid: int
    line: str
    program: Interpreter
    steps: Iterator[None]
    started: float
    resume: float = 0.0  # when the command that runs now has ended


class Jobs:
    """The detached programs of one PC."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._next = 6000
        self.running: list[Job] = []

    def start(self, line: str, directory: str, *, system: bool = False) -> int:
        """Start a program: its process id, 0 when there is no program of that name."""
        name, _rest = split_command(line)
        if not self._machine.is_program(name):
            return 0
        self._next += 4
        program, steps = self._machine.program(line, directory, system=system)
        self.running.append(Job(self._next, line, program, steps, self._machine.hooks.now()))
        self._machine.changed("process", pid=self._next, line=line)
        return self._next

    def tick(self) -> None:
        """Run one command of every program; one that takes its time (ping as a pause) holds its own up."""
        now = self._machine.hooks.now()
        for job in list(self.running):
            if now < job.resume:
                continue
            before = job.program.seconds
            try:
                next(job.steps)
            except StopIteration:
                self.running = [one for one in self.running if one is not job]
                continue
            job.resume = now + job.program.seconds - before
            self._machine.command_ended()

    def end(self, pid: int) -> bool:
        """End one program; False when there is none of this id."""
        kept = [one for one in self.running if one.pid != pid]
        ended = len(kept) < len(self.running)
        self.running = kept
        return ended

    def clear(self) -> None:
        """End all (Windows went down)."""
        self.running = []
