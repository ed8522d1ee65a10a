# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remote shells: Create, Command, Receive, Send, Signal, Delete (windows-wsman-cim section 2).

[documented] WinRM 2.0 allows 5 shells and counts a command as a running operation until Signal terminates it.
"""

from __future__ import annotations

import base64
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
CODE_PAGES = {"65001": "utf-8", "437": "cp437", "850": "cp850", "1252": "cp1252"}
FILE_MISSING = 0x80070002


@dataclass
class _Command:
    out: bytes
    err: bytes
    code: int
    ready: float  # twin time at which it is done
    sent: bool = False


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
        oldest = time.monotonic() - self._machine.limits["idle_s"]
        self._shells = {key: one for key, one in self._shells.items() if one.used > oldest}
        if len(self._shells) >= self._machine.limits["shells"]:
            raise Fault(SHELL_QUOTA, "The maximum number of concurrent shells for this user has been exceeded.")
        shell_id = str(uuid.uuid4()).upper()
        encoding = CODE_PAGES.get(request.options.get("WINRS_CODEPAGE", "437"), "cp437")
        directory = body.findtext(f"{{{NS_SHELL}}}WorkingDirectory") or f"C:\\Users\\{self._machine.user}"
        self._shells[shell_id] = _Shell(encoding, directory, time.monotonic())
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
        parts = [body.findtext(f"{{{NS_SHELL}}}Command") or ""]
        parts += [one.text or "" for one in body.findall(f"{{{NS_SHELL}}}Arguments")]
        direct = request.options.get("WINRS_SKIP_CMD_SHELL", "FALSE").upper() in ("TRUE", "1")
        result = self._machine.run(" ".join(parts), shell.directory, direct=direct)
        if result is None:
            raise Fault(FILE_MISSING, "The system cannot find the file specified.")
        command_id = str(uuid.uuid4()).upper()
        shell.commands[command_id] = _Command(
            result.out.encode(shell.encoding, "replace"),
            result.err.encode(shell.encoding, "replace"),
            result.code & 0xFFFFFFFF,
            self._machine.hooks.now() + result.seconds,
        )
        inner = f"<rsp:CommandId>{command_id}</rsp:CommandId>"
        return f'<rsp:CommandResponse xmlns:rsp="{NS_SHELL}">{inner}</rsp:CommandResponse>'

    def receive(self, request: Request) -> str:
        """Give the output of a command once it is done; call `wait` before, without any lock."""
        _shell, command_id, command = self._find(request, "DesiredStream", element=True)
        if command.ready > self._machine.hooks.now():
            raise Fault(TIMED_OUT, "The WS-Management service cannot complete the operation within the time given.")
        streams = ""
        for name, data in (("stdout", command.out), ("stderr", command.err)):
            if data and not command.sent:
                text = base64.b64encode(data).decode()
                streams += f'<rsp:Stream Name="{name}" CommandId="{command_id}">{text}</rsp:Stream>'
            streams += f'<rsp:Stream Name="{name}" CommandId="{command_id}" End="true"/>'
        command.sent = True
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
        """Take input; no simulated tool reads any."""
        self._shell(request)
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
        shell.used = time.monotonic()
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
