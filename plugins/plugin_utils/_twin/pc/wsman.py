# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One envelope in, one envelope out: which operation it is, what it did, and a journal line for every one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from . import instances
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
from .faults import (
    ACCESS_DENIED,
    BAD_ACTION,
    BAD_URI,
    ENVELOPE_TOO_LARGE,
    SHELLS_DISABLED,
    TIMED_OUT,
    WMI_DENIED,
    Fault,
)
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
        self._late: dict[str, float] = {}  # when a provider that is slow began with an operation
        self._enumerations = Enumerations(machine, lambda: self._shells.running)
        self._shells = Shells(machine, lambda: self._enumerations.count)
        self._wmi: dict[str, Handler] = {
            f"{NS_ENUM}/Enumerate": self._enumerations.enumerate,
            f"{NS_ENUM}/Pull": self._enumerations.pull,
            f"{NS_ENUM}/Release": self._enumerations.release,
            f"{NS_TRANSFER}/Get": lambda one: instances.get(machine, one),
            f"{NS_TRANSFER}/Put": lambda one: instances.put(machine, one),
            f"{NS_TRANSFER}/Delete": lambda one: instances.delete(machine, one),
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
        self._late.clear()
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
        late = self._delay(request)
        with machine.hooks.lock:
            if not machine.reachable:
                raise GoneError
            before = machine.writes
            code = 0
            try:
                answer = self._answer(request, late)
            except Fault as fault:
                code = fault.code
                answer = fault_reply(request, fault, machine.hostname, machine.stack)
            machine.hooks.journal(
                "request", write=machine.writes != before, protocol="wsman", operation=_summary(request), fault=code
            )
            if not machine.reachable:
                raise GoneError
            machine.request_ended()
            if machine.take_fault("truncated_xml"):
                answer = answer[: len(answer) * 2 // 3]
        return (500 if code else 200), answer

    def _answer(self, request: Request, late: bool) -> bytes:
        machine = self._machine
        if request.identify:
            return identify_reply(machine.identity)
        check_request(request)
        if machine.overrides.get("filtered_token") or machine.faults.get("filtered_token"):
            raise Fault(ACCESS_DENIED, "Access is denied.", WMI_DENIED if request.uri.startswith(WMI_URI) else 0)
        if late:
            raise Fault(TIMED_OUT, "The WS-Management service cannot complete the operation within the time given.")
        body = self._operation(request)(request)
        if machine.take_fault("wrong_relates_to"):
            request.message_id = "uuid:00000000-0000-0000-0000-000000000000"
        answer = reply(request, f"{request.action}Response", body)
        # Enumerations and shells keep to the envelope by themselves; one large instance cannot.
        if request.uri != SHELL_URI and len(answer) > request.max_envelope:
            raise Fault(ENVELOPE_TOO_LARGE, "The response is larger than MaxEnvelopeSize.")
        return answer

    def _delay(self, request: Request) -> bool:
        """Wait, outside the world's lock, as long as a slow provider takes; True when the client's time is over.

        The work goes on meanwhile: the same Pull asked again waits for the rest only.
        """
        seconds = float(self._machine.faults.get("provider_delay", 0.0))
        if not seconds or request.identify or request.uri == SHELL_URI:
            return False
        context = "" if request.body is None else request.body.findtext(f"{{{NS_ENUM}}}EnumerationContext", "")
        key = context or f"{request.action} {request.uri} {_summary(request)}"
        begun = self._late.setdefault(key, time.monotonic())
        left = begun + seconds - time.monotonic()
        time.sleep(max(min(left, request.timeout_s), 0.0))
        if left > request.timeout_s:
            return True
        self._late.pop(key, None)
        return False

    def _operation(self, request: Request) -> Handler:
        if request.uri == SHELL_URI:
            if self._machine.stack == "1.1" or self._machine.overrides.get("winrm", {}).get("shells") is False:
                raise Fault(SHELLS_DISABLED, "The WS-Management service is configured to not allow remote shells.")
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
        limits, winrm = self._machine.limits, self._machine.overrides.get("winrm") or {}
        values = {
            "MaxEnvelopeSizekb": limits["envelope"] // 1024,
            "MaxTimeoutms": 60000,
            "MaxBatchItems": 32000,
        }
        service = {
            "MaxConcurrentOperationsPerUser": limits["operations"],
            "EnumerationTimeoutms": int(limits["enumeration_s"] * 1000),
            "MaxConnections": limits["connections"],
            "AllowUnencrypted": str(bool(winrm.get("allow_unencrypted"))).lower(),
        }
        shells = {
            "AllowRemoteShellAccess": "true",
            "IdleTimeout": int(limits["idle_s"] * 1000),
            "MaxShellsPerUser": limits["shells"],
            "MaxProcessesPerShell": limits["processes"],
            "MaxMemoryPerShellMB": limits["memory_mb"],
        }
        auth = {"Basic": bool(winrm.get("basic")), "Negotiate": True, "Certificate": bool(winrm.get("certificate"))}
        inner = _elements({name: str(on).lower() for name, on in auth.items()})
        return (
            f'<cfg:Config xmlns:cfg="{CONFIG_URI}">{_elements(values)}<cfg:Service>{_elements(service)}'
            f"<cfg:Auth>{inner}</cfg:Auth></cfg:Service><cfg:Winrs>{_elements(shells)}</cfg:Winrs></cfg:Config>"
        )


def _elements(values: Mapping[str, object]) -> str:
    return "".join(f"<cfg:{name}>{value}</cfg:{name}>" for name, value in values.items())


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
    # What follows the word password, as in `net use`, is nobody's business; no tool of ours gets one this way.
    text = re.sub(r"(?i)(-password:|/user:\S+\s+)\S+", r"\1***", text)
    return f"{verb} {target} {text}".strip()[:400]
