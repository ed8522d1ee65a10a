# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plain cmd command lines on a PC, in one remote shell; no PowerShell (MS-WSMV 2.2.4, 3.1.4)."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from xml.etree import ElementTree

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import envelopes, parsing
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault

MAX_LINE = 8191
MAX_OUTPUT = 32 * 1024 * 1024
_CREATE = {"WINRS_NOPROFILE": "TRUE", "WINRS_CODEPAGE": "65001"}
_COMMAND = {"WINRS_CONSOLEMODE_STDIN": "TRUE", "WINRS_SKIP_CMD_SHELL": "FALSE"}


@dataclass(frozen=True)
class CommandResult:
    """How a command ended: ``rc`` as unsigned 32 bit, both streams as text."""

    rc: int
    stdout: str
    stderr: str


class WinRS:
    """One command shell on the PC, opened with the first command and closed at the end of the ``with`` block.

    Closing the shell ends every process it started: work that has to outlive it goes through Win32_Process.Create.

    Args:
        client: the client whose connection carries the messages.
        clock: monotonic seconds.
    """

    def __init__(self, client: WsmanClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._shell = ""

    def __enter__(self) -> WinRS:
        """Give the shell; nothing is sent yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the shell."""
        self.close()

    def run(self, command: str, *, timeout_s: float = 600.0) -> CommandResult:
        """Run one command line and wait for its end.

        Args:
            command: as typed at the cmd prompt, already quoted.
            timeout_s: seconds after which the command is terminated and PeerError raised.

        Raises:
            InputError: the line holds CR, LF or NUL, or is too long for cmd.
            PeerError: it did not end in time, or sent more than any real command.
            TalkError: the connection broke; it is not known whether the command ran.
        """
        if not command.strip() or any(char in command for char in "\r\n\0"):
            raise InputError("A command line for a PC is empty or holds a line break.", fix="Remove line breaks.")
        if len(command) > MAX_LINE:
            raise InputError(f"A command line for a PC is longer than {MAX_LINE} characters.")
        command_id = self._start(command)
        try:
            return self._collect(command_id, command, timeout_s)
        finally:
            with suppress(PeerError, TalkError):
                self._send("Signal", envelopes.signal_body(command_id))

    def close(self) -> None:
        """Delete the shell, if there is one; a PC that went away meanwhile is no failure."""
        if not self._shell:
            return
        with suppress(PeerError, TalkError):
            self._client.send(
                f"{envelopes.TRANSFER}/Delete", envelopes.SHELL_URI, "", selectors={"ShellId": self._shell}
            )
        self._shell = ""

    def _open(self) -> None:
        root = self._client.send(
            f"{envelopes.TRANSFER}/Create", envelopes.SHELL_URI, envelopes.shell_body(), options=_CREATE
        )
        # ResourceCreated names it in a selector; newer stacks repeat it inside rsp:Shell.
        for element in root.iter():
            if parsing.local(element) == "Selector" and element.get("Name") == "ShellId":
                self._shell = (element.text or "").strip()
        self._shell = self._shell or parsing.text_of(root, "ShellId")
        if not self._shell:
            raise PeerError("The PC opened a command shell without naming it.", fix="Check what answers there.")

    def _start(self, command: str) -> str:
        if not self._shell:
            self._open()
        try:
            root = self._command(command)
        except WsmanFault as fault:
            # WinRM 2.0 counts finished commands too: the quota (or the idle timeout) ends the shell. The command
            # was refused, so it did not start: once more in a new shell.
            if not (fault.quota or fault.shell_gone):
                raise
            self.close()
            self._open()
            root = self._command(command)
        command_id = parsing.text_of(root, "CommandId")
        if not command_id:
            raise PeerError("The PC started a command without naming it.", fix="Check what answers there.")
        return command_id

    def _command(self, command: str) -> ElementTree.Element:
        return self._send("Command", envelopes.command_body(command), options=_COMMAND)

    def _collect(self, command_id: str, command: str, timeout_s: float) -> CommandResult:
        until = self._clock() + timeout_s
        streams = {"stdout": bytearray(), "stderr": bytearray()}
        while True:
            try:
                root = self._send("Receive", envelopes.receive_body(command_id))
            except WsmanFault as fault:
                # No output within the operation timeout is normal for a slow command.
                if not fault.timed_out:
                    raise
            else:
                rc = _take(root, streams)
                if rc is not None:
                    return CommandResult(rc, _text(streams["stdout"]), _text(streams["stderr"]))
            if sum(map(len, streams.values())) > MAX_OUTPUT:
                raise PeerError(f"The command {command!r} sent more than {MAX_OUTPUT} bytes; it was ended.")
            if self._clock() > until:
                raise PeerError(
                    f"The command {command!r} did not end within {timeout_s:.0f} s; it was ended.",
                    fix="Look at the PC, then run again.",
                )

    def _send(self, verb: str, body: str, options: dict[str, str] | None = None) -> ElementTree.Element:
        return self._client.send(
            f"{envelopes.SHELL}/{verb}",
            envelopes.SHELL_URI,
            body,
            selectors={"ShellId": self._shell},
            options=options,
        )


def _take(root: ElementTree.Element, streams: dict[str, bytearray]) -> int | None:
    done: int | None = None
    for element in root.iter():
        name = parsing.local(element)
        if name == "Stream" and element.text and element.get("Name", "") in streams:
            try:
                streams[element.get("Name", "")] += base64.b64decode(element.text)
            except (binascii.Error, ValueError) as exc:
                raise PeerError("The PC sent command output that is not base64.") from exc
        elif name == "CommandState" and (element.get("State") or "").endswith("/Done"):
            code = parsing.text_of(element, "ExitCode")
            done = int(code) & 0xFFFFFFFF if code.lstrip("-").isdigit() else 0
    return done


def _text(data: bytearray) -> str:
    return data.decode("utf-8", errors="replace")
