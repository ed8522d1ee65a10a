# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One envelope in, one envelope out: which operation it is, what it did, and a journal line for every one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .cim import WMI_URI
from .enumerate import Enumerations
from .envelope import (
    NS_ENUM,
    NS_SHELL,
    NS_TRANSFER,
    Request,
    check_request,
    fault_reply,
    identify_reply,
    parse_request,
    reply,
)
from .faults import BAD_ACTION, BAD_URI, Fault
from .invoke import invoke
from .winrs import SHELL_URI, Shells

if TYPE_CHECKING:
    from .machine import Machine

CONFIG_URI = "http://schemas.microsoft.com/wbem/wsman/1/config"
Handler = Callable[[Request], str]


class GoneError(Exception):
    """Windows went down before the request was taken: nothing of it happens."""


class Service:
    """The WinRM service of one PC."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._enumerations = Enumerations(machine, lambda: self._shells.running)
        self._shells = Shells(machine, lambda: self._enumerations.count)
        self._wmi: dict[str, Handler] = {
            f"{NS_ENUM}/Enumerate": self._enumerations.enumerate,
            f"{NS_ENUM}/Pull": self._enumerations.pull,
            f"{NS_ENUM}/Release": self._enumerations.release,
            f"{NS_TRANSFER}/Get": self._enumerations.get,
        }
        self._shell: dict[str, Handler] = {
            f"{NS_TRANSFER}/Create": self._shells.create,
            f"{NS_TRANSFER}/Delete": self._shells.delete,
            f"{NS_SHELL}/Command": self._shells.command,
            f"{NS_SHELL}/Receive": self._shells.receive,
            f"{NS_SHELL}/Signal": self._shells.signal,
            f"{NS_SHELL}/Send": self._shells.send,
        }

    def forget(self) -> None:
        """Forget shells and enumerations (Windows went down)."""
        self._enumerations.clear()
        self._shells.clear()

    def bare_identify(self) -> bytes:
        """Answer Identify without a login; [documented] the version of Windows is hidden then."""
        return identify_reply(f"OS: 0.0.0 SP: 0.0 Stack: {self._machine.stack}")

    def fault(self, name: str) -> bool:
        """Whether an injected fault of the talk strikes now; it is used up."""
        with self._machine.hooks.lock:
            return self._machine.take_fault(name)

    def handle(self, data: bytes) -> tuple[int, bytes]:
        """Answer one envelope: (HTTP status, reply). BadEnvelope when it is none, GoneError when Windows is down."""
        request = parse_request(data)
        machine = self._machine
        if request.action == f"{NS_SHELL}/Receive":
            self._shells.wait(request)
        with machine.hooks.lock:
            if not machine.reachable:
                raise GoneError
            before = machine.writes
            code = 0
            try:
                if request.identify:
                    answer = identify_reply(machine.identity)
                else:
                    check_request(request)
                    body = self._operation(request)(request)
                    answer = reply(request, f"{request.action}Response", body)
            except Fault as fault:
                code = fault.code
                answer = fault_reply(request, fault, machine.hostname, machine.stack)
            machine.hooks.journal(
                "request", write=machine.writes != before, protocol="wsman", operation=_summary(request), fault=code
            )
        return (500 if code else 200), answer

    def _operation(self, request: Request) -> Handler:
        if request.uri == SHELL_URI:
            table = self._shell
        elif request.uri == CONFIG_URI and request.action == f"{NS_TRANSFER}/Get":
            return self._config
        elif not request.uri.startswith(WMI_URI):
            raise Fault(BAD_URI, f"The resource URI {request.uri} is not known.")
        elif request.action.startswith("http://schemas.xmlsoap.org/"):
            table = self._wmi
        else:
            return lambda one: invoke(self._machine, one)
        if request.action not in table:
            raise Fault(BAD_ACTION, f"The action {request.action} is not supported by {request.uri}.")
        return table[request.action]

    def _config(self, request: Request) -> str:
        limits = self._machine.limits
        return (
            f'<cfg:Config xmlns:cfg="{CONFIG_URI}"><cfg:MaxEnvelopeSizekb>{limits["envelope"] // 1024}'
            "</cfg:MaxEnvelopeSizekb><cfg:MaxTimeoutms>60000</cfg:MaxTimeoutms></cfg:Config>"
        )


def _summary(request: Request) -> str:
    """Say in a few words what was asked, for the journal: never a value that might be secret."""
    if request.identify:
        return "Identify"
    verb = request.action.rpartition("/")[2]
    target = request.uri.rpartition("/wmi/")[2] if "/wmi/" in request.uri else request.uri.rpartition("/")[2]
    text = ""
    if request.body is not None and verb in ("Enumerate", "Command", "Create", "EnumKey", "GetStringValue"):
        wanted = ("Filter", "Command", "CommandLine", "sSubKeyName", "sValueName", "Arguments")
        text = " ".join(one.text or "" for one in request.body.iter() if one.tag.rpartition("}")[2] in wanted).strip()
    return f"{verb} {target} {text}".strip()[:400]
