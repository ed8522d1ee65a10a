# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One command line session of the simulated AOS-CX: contexts, prompt, refusals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..entry import CliError, Token, tokens_of
from ..grammar import Command, Handler, Reply, command, find
from ..show import filtered
from .acl_context import run_entry_line
from .config_context import CONTEXTS, GLOBAL
from .manager import MANAGER, OPERATOR

if TYPE_CHECKING:
    from .device import Switch

# [recorded] mode -> what stands behind the host name; {} is the VLAN's number
PROMPTS = {
    "user": "> ", "exec": "# ", "config": "(config)# ", "if": "(config-if)# ", "lag": "(config-lag-if)# ",
    "svi": "(config-if-vlan)# ", "vlan": "(config-vlan-{})# ", "acl": "(config-acl-ip)# ",
    "acl6": "(config-acl-ipv6)# ", "addrgroup": "(config-addrgroup-ip)# ", "addrgroup6": "(config-addrgroup-ipv6)# ",
    "portgroup": "(config-portgroup)# ",
}  # fmt: skip


class Session:
    """What one logged-in user is in the middle of. The user lands in the manager context."""

    def __init__(self, switch: Switch, number: int, user: str) -> None:
        self.switch = switch
        self.number = number
        self.user = user
        self.mode = "exec"
        self.target = ""
        self.length = 24
        self.width = 80
        self.question: tuple[str, Callable[[Session, str], Reply]] | None = None

    @property
    def prompt(self) -> str:
        """The prompt, or the question that waits for an answer."""
        if self.question:
            return self.question[0]
        return f"{self.switch.running.hostname}{PROMPTS[self.mode].format(self.target)}"

    @property
    def hidden(self) -> bool:
        """Nothing secret is asked for here."""
        return False

    def enter(self, mode: str, target: str = "") -> None:
        """Change the context."""
        self.mode, self.target = mode, target

    def run(self, line: str) -> Reply:
        """Run one line; a refusal comes back as text."""
        if self.question:
            answer = self.question[1]
            self.question = None
            return answer(self, line)
        if not line.strip() or line.lstrip().startswith("!"):
            return Reply()
        try:
            return self._run(line)
        except CliError as error:
            return Reply(refusal(error, line))

    def _run(self, line: str) -> Reply:
        if self.mode in ("user", "exec"):
            return self._execute(line)
        words = tokens_of(line)
        if words[0].text.lower() == "do" and len(words) > 1:
            return self._execute(line[words[1].column :])
        if self.mode in ("acl", "acl6", "addrgroup", "addrgroup6", "portgroup"):
            reply = run_entry_line(self, words)
            if reply is not None:
                return reply
        # [recorded] show commands work in every context
        if len(words[0].text) > 1 and "show".startswith(words[0].text.lower()):
            return self._execute(line)
        return self._configure(line)

    def _execute(self, line: str) -> Reply:
        base, pipe, output_filter = line.partition("|")
        handler, captured = _find(OPERATOR if self.mode == "user" else MANAGER, base.rstrip() if pipe else line)
        reply = handler(self, captured)
        return reply._replace(text=filtered(reply.text, output_filter, 0)) if pipe else reply

    def _configure(self, line: str) -> Reply:
        """Try the context, then global configuration."""
        try:
            handler, captured = _find([*CONTEXTS.get(self.mode, []), *LEAVE], line)
        except CliError as first:
            if first.kind != "invalid" and self.mode != "config":
                raise
            handler, captured = _find([*GLOBAL, *LEAVE], line)
            self.enter("config")
        return handler(self, captured)


def _find(commands: Sequence[Command], line: str) -> tuple[Handler, list[Token]]:
    """Find a command; a refusal knows the word that fits nothing."""
    try:
        return find(commands, line)
    except CliError as error:
        words = [word.text for word in tokens_of(line) if word.column <= error.column]
        raise CliError(error.kind, error.column, words[-1] if words else line) from None


def refusal(error: CliError, line: str) -> str:
    """Print a refusal [recorded]."""
    if error.kind == "message":
        return f"{error.text}\n"
    if error.kind == "incomplete":
        return "% Command incomplete.\n"
    if error.kind == "ambiguous":
        return "% Ambiguous command.\n"
    return f"Invalid input: {error.text or line.strip()}\n"


def _exit(session: Session, _words: list[Token]) -> Reply:
    session.enter("exec" if session.mode == "config" else "config")
    return Reply()


def _end(session: Session, _words: list[Token]) -> Reply:
    session.enter("exec")
    return Reply()


LEAVE = [command("exit", _exit), command("end", _end)]
