# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One command line session of the simulated switch: modes, prompt, fall-back from a submode to global mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from . import acl6, eem, groups, locking
from .acl_mode import run_acl_line
from .config import Interface, interface_name
from .config_mode import GLOBAL, SUBMODES
from .entry import CliError, Token, tokens_of
from .exec_mode import EXEC, USER
from .grammar import Command, Reply, command, find, refusal
from .show import filtered

if TYPE_CHECKING:
    from .device import Switch

# mode -> what stands behind the host name
PROMPTS = {
    "user": ">",
    "exec": "#",
    "config": "(config)#",
    "if": "(config-if)#",
    "ext": "(config-ext-nacl)#",
    "std": "(config-std-nacl)#",
    "network-group": "(config-network-group)#",
    "service-group": "(config-service-group)#",
    "ipv6": "(config-ipv6-acl)#",
    "archive": "(config-archive)#",
    "line": "(config-line)#",
    "vlan": "(config-vlan)#",
    "applet": "(config-applet)#",
}
# modes whose lines are no commands: what runs them
LINES: dict[str, Callable[[Session, list[Token]], Reply | None]] = {
    "ext": run_acl_line, "std": run_acl_line, "ipv6": acl6.run_line,
    "network-group": groups.run_line, "service-group": groups.run_line,
}  # fmt: skip


class Session:
    """What one logged-in user is in the middle of. The user lands in privilege 15."""

    def __init__(self, switch: Switch, number: int, user: str) -> None:
        self.switch = switch
        self.number = number
        self.user = user
        self.mode = "exec"
        self.target = ""
        self.length = 24
        self.width = 80
        self.draft: list[str] = []  # the applet that is being typed
        self.machine = False  # True for what the switch types itself
        self.question: tuple[str, Callable[[Session, str], Reply]] | None = None

    @property
    def prompt(self) -> str:
        """The prompt, or the question that waits for an answer.

        [recorded] In configuration modes the host name is cut to 20 characters (as Netmiko's driver expects).
        """
        if self.question:
            return self.question[0]
        host = self.switch.running.hostname
        return f"{host if self.mode in ('user', 'exec') else host[:20]}{PROMPTS[self.mode]}"

    @property
    def hidden(self) -> bool:
        """True while a password is asked for."""
        return self.question is not None and self.question[0].startswith("Password")

    def port(self, words: Sequence[Token] = ()) -> Interface:
        """Find the interface of this mode, or the one that words name; a revert may have taken a new SVI away.

        Raises:
            CliError: it does not exist.
        """
        interfaces = self.switch.running.interfaces
        if words:
            name = interface_name(" ".join(word.text for word in words))
            if name is None or name not in interfaces:
                raise CliError("invalid", words[-1].column)
            return interfaces[name]
        if self.target not in interfaces:
            raise CliError("message", text=f"% Interface {self.target} does not exist")
        return interfaces[self.target]

    def own_lines(self) -> list[str]:
        """Give the place where lines of this mode are kept as typed."""
        running = self.switch.running
        if self.mode == "if":
            return self.port().lines
        return running.vty if self.mode == "line" else running.lines

    def enter(self, mode: str, target: str = "") -> None:
        """Change the mode; leaving configuration mode ends an exclusive lock, leaving an applet registers it."""
        if self.mode == "applet" and self.draft:
            eem.register(self.switch, self.target, self.draft)
            self.draft = []
        if mode in ("user", "exec"):
            self.switch.release_lock(self)
        self.mode = mode
        self.target = target

    def run(self, line: str) -> Reply:
        """Run one line; a refusal comes back as text."""
        if self.question:
            answer = self.question[1]
            self.question = None
            return answer(self, line)
        if not line.strip() or line.lstrip().startswith("!"):
            return Reply()
        prompt = self.prompt
        try:
            return self._run(line)
        except CliError as error:
            return Reply(refusal(error, prompt, line))

    def _run(self, line: str) -> Reply:
        if self.mode in ("user", "exec"):
            return self.run_exec(line)
        words = tokens_of(line)
        if words[0].text.lower() == "do" and len(words) > 1:
            return self.run_exec(line[words[1].column :], words[1].column)
        if words[0].text.lower() not in ("exit", "end"):
            locking.refuse_others(self)
        if self.mode in LINES:
            reply = LINES[self.mode](self, words)
            if reply is not None:
                return reply
        return self._configure(line)

    def run_exec(self, line: str, offset: int = 0) -> Reply:
        """Run an exec command, with its output filter; columns are moved by what stood before it."""
        base, pipe, output_filter = line.partition("|")
        first = base.split()[0].lower() if base.split() else ""
        filtering = bool(pipe) and len(first) >= 2 and "show".startswith(first)
        try:
            handler, captured = find(USER if self.mode == "user" else EXEC, base if filtering else line)
            reply = handler(self, captured)
        except CliError as error:
            raise CliError(error.kind, error.column + offset, error.text or line) from None
        if not filtering:
            return reply
        return reply._replace(text=filtered(reply.text, output_filter, len(base) + 1 + offset))

    def _configure(self, line: str) -> Reply:
        """Try the submode, then global mode; the refusal that came further is the one shown."""
        commands: Sequence[Command] = [*SUBMODES.get(self.mode, []), *LEAVE]
        if self.mode == "config":
            return self._call(find([*GLOBAL, *LEAVE], line))
        try:
            found = find(commands, line)
        except CliError as first:
            if first.kind != "invalid":
                raise
            try:
                found = find(GLOBAL, line)
            except CliError as second:
                raise (second if second.kind != "invalid" or second.column > first.column else first) from None
            self.enter("config")
        return self._call(found)

    def _call(self, found: tuple[Callable[[Session, list[Token]], Reply], list[Token]]) -> Reply:
        handler, captured = found
        return handler(self, captured)


def _exit(session: Session, _words: list[Token]) -> Reply:
    session.enter("exec" if session.mode == "config" else "config")
    return Reply()


def _end(session: Session, _words: list[Token]) -> Reply:
    session.enter("exec")
    return Reply()


LEAVE = [command("exit", _exit), command("end", _end)]
