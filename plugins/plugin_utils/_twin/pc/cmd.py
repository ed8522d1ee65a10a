# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""The command interpreter: runs a parsed line step by step, so that a power cut can fall between any two commands.

[assumed] `cmd /c` waits for windowed programs such as msiexec; [documented] an unknown command gives 1 under /c.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cmd_parse import Chain, CmdSyntaxError, Group, If, Node, Simple, argv, parse
from .files import absolute
from .texts import say

if TYPE_CHECKING:
    from .machine import Machine

SYNTAX_CODE = 1
SYNTAX = "The syntax of the command is incorrect."
MAX_LINE = 8191  # [documented] characters of a command line


@dataclass
class Result:
    """What a command gives: exit code, text (lines end in CR LF) and the twin seconds it takes."""

    code: int = 0
    out: str = ""
    err: str = ""
    seconds: float = 0.0


class Context:
    """What a command may use. `stdin` is the text a pipe feeds."""

    def __init__(self, machine: Machine, directory: str) -> None:
        self.machine = machine
        self.directory = directory
        self.code = 0
        self.exited = False
        self.delayed = False
        self.stdin = ""
        self.system = False  # runs as the machine itself, not as a remote logon
        self.variables = machine.environment()

    def path(self, text: str) -> str:
        """Full path of what was typed."""
        return absolute(text, self.directory)


Command = Callable[[Context, str], Result]


def lines(*texts: str) -> str:
    """Join lines as Windows writes them."""
    return "".join(f"{one}\r\n" for one in texts)


class Interpreter:
    """Runs one line.

    Args:
        context: the shell's state.
        commands: builtins and tools by lower case name.
        builtins: names that only cmd itself knows.
    """

    def __init__(self, context: Context, commands: dict[str, Command], builtins: frozenset[str]) -> None:
        self.context = context
        self._commands = commands
        self._builtins = builtins
        self._out: list[str] = []
        self._err: list[str] = []
        self._spent = [0.0]  # seconds of this shell and the shells in it

    @property
    def seconds(self) -> float:
        """Seconds the commands so far take."""
        return self._spent[0]

    def result(self) -> Result:
        """What has been printed so far, and the exit code."""
        return Result(self.context.code, "".join(self._out), "".join(self._err), self.seconds)

    def line(self, line: str) -> Iterator[None]:
        """Run a command line as `cmd /c` gets it; yields after every single command."""
        expanded = re.sub(r"%(\w+(?:\(x86\))?)%", self._variable, line)
        if len(expanded) > MAX_LINE:
            self._refuse("The command line is too long.")
            return
        try:
            node = parse(expanded)
        except RecursionError:
            self._refuse(SYNTAX)
            return
        except CmdSyntaxError as exc:
            self._refuse(f"{exc or '&'} was unexpected at this time.")
            return
        try:
            yield from self._node(node)
        except (ValueError, RecursionError):  # a word where a number belongs; shells in shells without end
            self._refuse(SYNTAX)

    def _refuse(self, text: str) -> None:
        self._err.append(lines(text))
        self.context.code = SYNTAX_CODE

    def direct(self, line: str) -> Iterator[None]:
        """Start a program without cmd, as CreateProcess does; FileNotFoundError when there is none of this name."""
        name, arguments = split_command(line)
        if name not in self._commands and name != "cmd":
            raise FileNotFoundError(name)
        if name in self._builtins:
            raise FileNotFoundError(name)
        yield from self._run(Simple(f"{name} {arguments}"))

    def _variable(self, match: re.Match[str]) -> str:
        name = match.group(1).lower()
        if name == "errorlevel":
            return str(self.context.code)
        return self.context.variables.get(name, match.group())

    def _node(self, node: Node) -> Iterator[None]:
        if isinstance(node, Simple):
            yield from self._redirected(node.redirects, self._run(node))
        elif isinstance(node, Group):
            yield from self._redirected(node.redirects, self._node(node.inner))
        elif isinstance(node, If):
            branch = node.then if self._holds(node) else node.otherwise
            if branch is not None:
                yield from self._node(branch)
        else:
            yield from self._chain(node)

    def _chain(self, node: Chain) -> Iterator[None]:
        if node.operator == "|":
            kept, self._out = self._out, []
            yield from self._node(node.left)
            self.context.stdin, self._out = "".join(self._out), kept
            yield from self._node(node.right)
            self.context.stdin = ""
            return
        yield from self._node(node.left)
        if self.context.exited:
            return
        code = self.context.code
        if node.operator == "&" or (node.operator == "&&") == (code == 0):
            yield from self._node(node.right)

    def _holds(self, node: If) -> bool:
        context = self.context
        if node.kind == "exist":
            holds = bool(context.machine.files.match(context.path(node.left)))
        elif node.kind == "errorlevel":
            holds = context.code >= int(node.left)
        elif node.kind == "defined":
            holds = node.left.lower() in context.variables
        else:
            holds = self._delayed(node.left).lower() == self._delayed(node.right).lower()
        return holds is not node.negated

    def _delayed(self, text: str) -> str:
        if not self.context.delayed:
            return text
        return re.sub(r"!(\w+)!", self._variable, text)

    def _run(self, command: Simple) -> Iterator[None]:
        text = self._delayed(command.text).lstrip()
        name, arguments = split_command(text)
        if name == "cmd":
            yield from self._nested(arguments)
            return
        tool = self._commands.get(name)
        if tool is None:
            typed = re.split(r"[\s/]", text.strip(), maxsplit=1)[0]
            self._err.append(lines(say(self.context.machine, "unknown", typed)))
            self.context.code = 1
        else:
            try:
                result = tool(self.context, arguments)
            except ValueError:  # a word where the tool wants a number
                result = Result(SYNTAX_CODE, "", lines(SYNTAX))
            self._out.append(result.out)
            self._err.append(result.err)
            self.context.code = result.code
            self._spent[0] += result.seconds
        yield

    def _nested(self, arguments: str) -> Iterator[None]:
        match = re.match(r"(.*?)/[ck]\s*(.*)", arguments, re.I | re.S)
        found, tail = match.groups() if match else ("", "")
        inner = Interpreter(Context(self.context.machine, self.context.directory), self._commands, self._builtins)
        inner.context.delayed = "/v:on" in found.lower() or (self.context.delayed and "/v:" not in found.lower())
        inner._out, inner._err, inner._spent = self._out, self._err, self._spent
        inner.context.stdin, inner.context.system = self.context.stdin, self.context.system
        yield from inner.line(strip_quotes(tail))
        self.context.code = inner.context.code

    def _redirected(self, redirects: list[tuple[int, str, str]], steps: Iterator[None]) -> Iterator[None]:
        if not redirects:
            yield from steps
            return
        kept_out, kept_err = self._out, self._err
        self._out, self._err = [], []
        # The last step's writing belongs to the command itself: no cut between a command and its redirection.
        waiting = False
        for _step in steps:
            if waiting:
                yield
            waiting = True
        texts = {1: "".join(self._out), 2: "".join(self._err)}
        self._out, self._err = kept_out, kept_err
        self._route(redirects, texts)
        yield

    def _route(self, redirects: list[tuple[int, str, str]], texts: dict[int, str]) -> None:
        targets: dict[int, tuple[str, str]] = {1: ("", "1"), 2: ("", "2")}
        for stream, mode, target in redirects:
            if target in ("&1", "&2"):
                targets[stream] = targets[int(target[1])]
            elif stream:
                targets[stream] = (mode, target)
        written: dict[str, str] = {}
        for stream in (1, 2):
            mode, target = targets[stream]
            if not mode:
                (self._out if target == "1" else self._err).append(texts[stream])
            elif target.lower() != "nul":
                path = self.context.path(target)
                old = written.get(path, (self.context.machine.files.text(path) or "") if mode == ">>" else "")
                written[path] = old + texts[stream]
        for path, text in written.items():
            if not self.context.machine.write_file(path, {"text": text}, "write"):
                self._err.append(lines("The system cannot find the path specified."))
                self.context.code = 1


def split_command(text: str) -> tuple[str, str]:
    """Split a command into its lower case name (no folder, no .exe) and the rest as typed."""
    match = re.match(r'\s*(?:"([^"]+)"|([^\s/,;=("]+(?:/(?=[^\s/]*\\)[^\s]*)?))(.*)', text, re.S)
    if match is None:
        return "", ""
    name = (match.group(1) or match.group(2)).lower().rpartition("\\")[2]
    rest = match.group(3)
    if name.startswith("echo") and len(name) > 4 and name[4] in ".:([":
        name, rest = "echo", name[4:] + rest
    for suffix in (".exe", ".com", ".cmd"):
        name = name.removesuffix(suffix)
    return name, rest


def strip_quotes(text: str) -> str:
    """Take the outer quotes off what follows /c. [documented] the first and the last one, nothing between."""
    stripped = text.strip()
    if not stripped.startswith('"'):
        return stripped
    head, _sep, tail = stripped[1:].rpartition('"')
    return head + tail if _sep else stripped[1:]


def arguments(text: str) -> list[str]:
    """Arguments of a program."""
    return argv(text)
