# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote shells: Create, Command, Receive, Send, Signal, Delete (windows-wsman-cim section 2).

[documented] WinRM 2.0 allows 5 shells and counts a command as a running operation until Signal terminates it.
"""

from __future__ import annotations

import base64
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .envelope import NS_SHELL, Request
from .faults import (
    OPERATION_QUOTA,
    SCHEMA,
    SELECTORS_UNEXPECTED,
    SHELL_QUOTA,
    TIMED_OUT,
    Fault,
)

if TYPE_CHECKING:
    from .machine import Machine

SHELL_URI = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd"
STATES = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/"
CODE_PAGES = {"65001": "utf-8", "437": "cp437", "850": "cp850", "1252": "cp1252", "852": "cp852"}
FILE_MISSING = 0x80070002
FRAME = 2048  # room the envelope itself takes
_ASKS = re.compile(r"\bnet\s+use\s.*\*", re.I)


@dataclass
class _Command:
    line: str
    direct: bool
    streams: dict[str, bytes] = field(default_factory=dict)  # what has not been fetched yet
    code: int = 0
    ready: float = 0.0  # twin time at which it is done
    waiting: bool = False  # reads a password from its input before it does anything
    stdin: str = ""


@dataclass
class _Shell:
    encoding: str
    directory: str
    used: float
    commands: dict[str, _Command] = field(default_factory=dict)


class Shells:
    """The open shells of one PC.

    Args:
        machine: the PC.
        others: counts the other running operations, for the quota.
    """

    def __init__(self, machine: Machine, others: Callable[[], int]) -> None:
        self._machine = machine
        self._others = others
        self._shells: dict[str, _Shell] = {}

    @property
    def running(self) -> int:
        """Number of commands that Signal has not ended."""
        return sum(len(one.commands) for one in self._shells.values())

    def clear(self) -> None:
        """Forget all (Windows went down)."""
        self._shells.clear()

    def create(self, request: Request) -> str:
        """Open a shell."""
        body = request.body
        if body is None or body.tag != f"{{{NS_SHELL}}}Shell":
            raise Fault(SCHEMA, "The body of Create is no shell.")
        # [documented] a shell nobody uses any more is closed after its idle time
        oldest = self._machine.hooks.now() - self._machine.limits["idle_s"]
        self._shells = {key: one for key, one in self._shells.items() if one.used > oldest}
        if len(self._shells) >= self._machine.limits["shells"]:
            raise Fault(SHELL_QUOTA, "The maximum number of concurrent shells for this user has been exceeded.")
        shell_id = str(uuid.uuid4()).upper()
        encoding = CODE_PAGES.get(request.options.get("WINRS_CODEPAGE", "437"), "cp437")
        directory = body.findtext(f"{{{NS_SHELL}}}WorkingDirectory") or f"C:\\Users\\{self._machine.user}"
        self._shells[shell_id] = _Shell(encoding, directory, self._machine.hooks.now())
        return (
            f"<x:ResourceCreated><a:Address>http://localhost/wsman</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{SHELL_URI}</w:ResourceURI><w:SelectorSet>"
            f'<w:Selector Name="ShellId">{shell_id}</w:Selector></w:SelectorSet></a:ReferenceParameters>'
            f'</x:ResourceCreated><rsp:Shell xmlns:rsp="{NS_SHELL}"><rsp:ShellId>{shell_id}</rsp:ShellId>'
            f"<rsp:ResourceUri>{SHELL_URI}</rsp:ResourceUri><rsp:Owner>{self._machine.user}</rsp:Owner>"
            "<rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>"
        )

    def command(self, request: Request) -> str:
        """Start a command; short ones have ended when the reply leaves."""
        shell = self._shell(request)
        body = request.body
        if body is None or body.tag != f"{{{NS_SHELL}}}CommandLine":
            raise Fault(SCHEMA, "The body of Command is no command line.")
        if self.running + self._others() >= self._machine.limits["operations"]:
            raise Fault(OPERATION_QUOTA, "The maximum number of concurrent operations for this user has been exceeded.")
        if len(shell.commands) >= self._machine.limits["processes"]:
            raise Fault(OPERATION_QUOTA, "The maximum number of processes in this shell has been exceeded.")
        parts = [body.findtext(f"{{{NS_SHELL}}}Command") or ""]
        parts += [one.text or "" for one in body.findall(f"{{{NS_SHELL}}}Arguments")]
        direct = request.options.get("WINRS_SKIP_CMD_SHELL", "FALSE").upper() in ("TRUE", "1")
        command = _Command(" ".join(parts), direct)
        command.waiting = _ASKS.search(command.line) is not None
        if not command.waiting:
            self._run(shell, command)
        command_id = str(uuid.uuid4()).upper()
        shell.commands[command_id] = command
        inner = f"<rsp:CommandId>{command_id}</rsp:CommandId>"
        return f'<rsp:CommandResponse xmlns:rsp="{NS_SHELL}">{inner}</rsp:CommandResponse>'

    def _run(self, shell: _Shell, command: _Command) -> None:
        command.waiting = False
        result = self._machine.run(command.line, shell.directory, direct=command.direct, stdin=command.stdin)
        if result is None:
            raise Fault(FILE_MISSING, "The system cannot find the file specified.")
        texts = {"stdout": result.out, "stderr": result.err}
        command.streams = {name: text.encode(shell.encoding, "replace") for name, text in texts.items()}
        command.code = result.code & 0xFFFFFFFF
        command.ready = self._machine.hooks.now() + result.seconds

    def receive(self, request: Request) -> str:
        """Give the output of a command once it is done, a page at a time; call `wait` before, without any lock."""
        shell, command_id, command = self._find(request, "DesiredStream", element=True)
        if command.waiting:
            self._run(shell, command)
        if command.ready > self._machine.hooks.now():
            raise Fault(TIMED_OUT, "The WS-Management service cannot complete the operation within the time given.")
        budget = (min(request.max_envelope, self._machine.limits["envelope"]) - FRAME) * 3 // 4
        streams = ""
        for name, data in command.streams.items():
            page, command.streams[name] = data[:budget], data[budget:]
            budget -= len(page)
            if page:
                text = base64.b64encode(page).decode()
                streams += f'<rsp:Stream Name="{name}" CommandId="{command_id}">{text}</rsp:Stream>'
        if any(command.streams.values()):
            state = f'<rsp:CommandState CommandId="{command_id}" State="{STATES}Running"/>'
            return f'<rsp:ReceiveResponse xmlns:rsp="{NS_SHELL}">{streams}{state}</rsp:ReceiveResponse>'
        for name in command.streams:
            streams += f'<rsp:Stream Name="{name}" CommandId="{command_id}" End="true"/>'
        return (
            f'<rsp:ReceiveResponse xmlns:rsp="{NS_SHELL}">{streams}'
            f'<rsp:CommandState CommandId="{command_id}" State="{STATES}Done">'
            f"<rsp:ExitCode>{command.code}</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>"
        )

    def wait(self, request: Request) -> None:
        """Wait, outside the world's lock, until the command is done or the operation's time is over."""
        deadline = time.monotonic() + request.timeout_s
        while time.monotonic() < deadline:
            with self._machine.hooks.lock:
                try:
                    command = self._find(request, "DesiredStream", element=True)[2]
                except Fault:
                    return
                if command.ready <= self._machine.hooks.now():
                    return
            time.sleep(0.05)

    def signal(self, request: Request) -> str:
        """End a command; its place in the quota is free again."""
        shell, command_id, _command = self._find(request, "Signal")
        del shell.commands[command_id]
        return f'<rsp:SignalResponse xmlns:rsp="{NS_SHELL}"/>'

    def send(self, request: Request) -> str:
        """Take input for a command; one that waits for it runs when the input ends or its output is asked for."""
        shell, _command_id, command = self._find(request, "Stream", element=True)
        part = request.body.find(f"{{{NS_SHELL}}}Stream") if request.body is not None else None
        if part is not None:
            command.stdin += base64.b64decode(part.text or "").decode(shell.encoding, "replace")
            if part.get("End", "").lower() == "true" and command.waiting:
                self._run(shell, command)
        return f'<rsp:SendResponse xmlns:rsp="{NS_SHELL}"/>'

    def delete(self, request: Request) -> str:
        """Close a shell."""
        self._shell(request)
        del self._shells[request.selectors["ShellId"]]
        return ""

    def _shell(self, request: Request) -> _Shell:
        shell = self._shells.get(request.selectors.get("ShellId", "").upper())
        if shell is None:
            raise Fault(SELECTORS_UNEXPECTED, "The shell was not found on the server.")
        request.selectors["ShellId"] = request.selectors["ShellId"].upper()
        shell.used = self._machine.hooks.now()
        return shell

    def _find(self, request: Request, where: str, *, element: bool = False) -> tuple[_Shell, str, _Command]:
        shell = self._shell(request)
        body = request.body
        if body is not None and element:
            body = body.find(f"{{{NS_SHELL}}}{where}")
        command_id = "" if body is None else body.get("CommandId", "").upper()
        if command_id not in shell.commands:
            raise Fault(SELECTORS_UNEXPECTED, "The command was not found in the shell.")
        return shell, command_id, shell.commands[command_id]
