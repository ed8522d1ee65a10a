# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One command line session of the simulated NX-OS switch: modes, prompts, where a change goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..box import Box
from ..entry import CliError, Token, tokens_of
from ..grammar import Command, Reply, find
from ..show import filtered
from .acl_mode import run_acl_line
from .config_mode import BATCH, GLOBAL, LEAVE, SUBMODES, WITHIN_BATCH
from .exec_mode import EXEC, EXEC_ANYWHERE
from .groups import HEADINGS as GROUPS
from .groups import run_group_line

if TYPE_CHECKING:
    from .device import Switch

# mode -> what stands behind `config` in the prompt
PROMPTS = {
    "config": "", "if": "-if", "ip": "-acl", "ipv6": "-ipv6-acl", "vlan": "-vlan", "line": "-line", "job": "-job",
    "schedule": "-schedule", "applet": "-applet",
    **{mode: f"-{mode}" for mode in GROUPS},
}  # fmt: skip
HEADINGS = {
    "line": "line vty",
    "job": "scheduler job name {}",
    "schedule": "scheduler schedule name {}",
    "applet": "event manager applet {}",
}


class Session:
    """What one logged-in user is in the middle of; ``admin`` False is the role network-operator."""

    def __init__(self, switch: Switch, number: int, user: str, admin: bool) -> None:
        self.switch = switch
        self.number = number
        self.user = user
        self.admin = admin
        self.mode = "exec"
        self.target = ""
        self.batch = ""  # the configure session it is in
        self.scratch: Box | None = None  # what that session makes of the running configuration
        self.length = 24
        self.width = 80
        self.question: tuple[str, Callable[[Any, str], Reply]] | None = None

    @property
    def prompt(self) -> str:
        """The prompt, with a blank behind it. [recorded]."""
        host = self.switch.running.hostname
        if self.mode == "exec":
            return f"{host}# "
        return f"{host}(config{'-s' if self.batch else ''}{PROMPTS[self.mode]})# "

    @property
    def hidden(self) -> bool:
        """Nothing asks for a password."""
        return False

    @property
    def box(self) -> Box:
        """The configuration that is edited."""
        return self.scratch if self.scratch is not None else self.switch.running

    def change(self, work: Callable[[Box], bool], programs: bool) -> Reply:
        """Change the configuration.

        Args:
            work: does it to a configuration and tells whether anything changed.
            programs: the hardware must follow, so that it may be refused for want of room.

        Raises:
            CliError: what ``work`` raises, or no room.
        """
        if self.scratch is not None or not programs:
            return Reply("", work(self.box))
        after = self.switch.running.copy()
        changed = work(after)
        if changed:
            self.switch.take(after)
        return Reply("", changed, changed)

    def own_lines(self) -> list[str]:
        """Give the lines of the mode the session is in."""
        if self.mode == "if":
            if self.target not in self.box.ports:
                raise CliError("message", text=f"ERROR: Interface {self.target} does not exist")
            return self.box.ports[self.target].lines
        if self.mode in HEADINGS:
            return self.box.blocks.setdefault(HEADINGS[self.mode].format(self.target), [])
        return self.box.lines

    def enter(self, mode: str, target: str = "") -> None:
        """Change the mode; exec mode is outside every configure session."""
        if mode == "exec":
            self.batch, self.scratch = "", None
        self.mode, self.target = mode, target

    def run(self, line: str) -> Reply:
        """Run one line; a refusal comes back as text."""
        if not line.strip() or line.lstrip().startswith("!"):
            return Reply()
        prompt = self.prompt
        try:
            return self._run(line)
        except CliError as error:
            return Reply(_refusal(error, prompt, len(line.rstrip())))

    def _run(self, line: str) -> Reply:
        if self.mode == "exec":
            return self.run_exec(line, EXEC)
        words = tokens_of(line)
        if self.mode == "job" and words[0].text.lower() not in ("exit", "end", "end-job"):
            self.own_lines().append(line.strip())
            return Reply("", True)
        if self.mode in ("ip", "ipv6", *GROUPS):
            reply = run_group_line(self, words) if self.mode in GROUPS else run_acl_line(self, words)
            if reply is not None:
                return self._remembered(line, reply)
        return self._configure(line)

    def _remembered(self, line: str, reply: Reply) -> Reply:
        """Keep a line of a configure session for its commit."""
        if self.batch and self.batch in self.switch.batches:
            self.switch.batches[self.batch].append(line.strip())
            return reply._replace(changed=True)
        return reply

    def run_exec(self, line: str, commands: Sequence[Command]) -> Reply:
        """Run an exec command, with its output filter."""
        base, pipe, output_filter = line.partition("|")
        first = base.split()[0].lower() if base.split() else ""
        filtering = bool(pipe) and len(first) >= 2 and "show".startswith(first)
        handler, captured = find(commands, base if filtering else line)
        reply = handler(self, captured)
        if not filtering or output_filter.strip() == "no-more":
            return reply
        return reply._replace(text=filtered(reply.text, output_filter, len(base) + 1))

    def _configure(self, line: str) -> Reply:
        """Try the submode, then global mode, then what every mode knows; the refusal that came furthest is shown."""
        groups: list[tuple[Sequence[Command], bool]] = [([*SUBMODES.get(self.mode, []), *LEAVE], False)]
        groups += [(WITHIN_BATCH, False), (BATCH, True)] if self.batch else [(GLOBAL, True)]
        groups.append((EXEC_ANYWHERE, False))
        furthest = CliError("invalid", 0)
        for commands, leaves in groups:
            try:
                if commands is EXEC_ANYWHERE:
                    return self.run_exec(line, commands)
                handler, captured = find(commands, line)
            except CliError as error:
                if error.kind != "invalid":
                    raise
                furthest = error if error.column > furthest.column else furthest
                continue
            return self._call(handler, captured, line, leaves, keeps=commands is not WITHIN_BATCH)
        raise furthest

    def _call(
        self, handler: Callable[[Any, list[Token]], Reply], words: list[Token], line: str, leaves: bool, keeps: bool
    ) -> Reply:
        if leaves and self.mode != "config":
            self.enter("config")
        before = self.batch
        reply = handler(self, words)
        return self._remembered(line, reply) if keeps and before and self.batch == before else reply


def _refusal(error: CliError, prompt: str, end: int) -> str:
    """[recorded] The caret stands below the first letter that fits nothing, the words name the reason."""
    if error.kind == "message":
        return f"{error.text}\n"
    word = {"invalid": "Invalid", "incomplete": "Incomplete", "ambiguous": "Ambiguous"}[error.kind]
    column = end if error.kind == "incomplete" else error.column
    return f"{' ' * (len(prompt) + column)}^\n% {word} command at '^' marker.\n"
