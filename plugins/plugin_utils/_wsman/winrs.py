# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plain cmd command lines and programs on a PC, in one remote shell; no PowerShell (MS-WSMV 2.2.4, 3.1.4)."""

from __future__ import annotations

import base64
import binascii
import codecs
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from xml.etree import ElementTree

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import envelopes, parsing, quoting
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault

MAX_LINE = quoting.MAX_LINE
MAX_OUTPUT = 32 * 1024 * 1024
UTF8 = 65001
OEM = 850
SEND_BYTES = 48_000  # of input in one message: base64 and envelope stay below 150 KB
BUSY_PAUSE_S = 5.0


@dataclass(frozen=True)
class CommandResult:
    """How a command ended: ``rc`` as unsigned 32 bit, both streams as text."""

    rc: int
    stdout: str
    stderr: str


def codec(page: int) -> str:
    """Give Python's name of a Windows code page; InputError for one it does not know."""
    name = "utf-8" if page == UTF8 else f"cp{page}"
    try:
        codecs.lookup(name)
    except LookupError as exc:
        raise InputError(
            f"The code page {page} is not known.", fix="Use 65001, or the PC's OEM page (437, 850)."
        ) from exc
    return name


class WinRS:
    """One command shell on the PC, opened with the first command and closed at the end of the ``with`` block.

    Closing the shell ends every process it started: work that has to outlive it goes through Win32_Process.Create.

    Args:
        client: the client whose connection carries the messages.
        clock: monotonic seconds.
        directory: where commands begin; empty: the account's own.
        codepage: code page of the shell; with 65001 some tools of Windows 7 misbehave (more, xcopy, for /f).
        oem_codepage: how output is read that is no UTF-8 although the shell's page is 65001: such tools write OEM text.
        sleep: waits until a command takes its input.
    """

    def __init__(  # noqa: PLR0913 - all but the client by name
        self,
        client: WsmanClient,
        *,
        clock: Callable[[], float] = time.monotonic,
        directory: str = "",
        codepage: int = UTF8,
        oem_codepage: int = OEM,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._clock = clock
        self._sleep = sleep
        self._directory = directory
        self._codepage = codepage
        self._codecs = (codec(codepage), codec(oem_codepage))
        self._shell = ""
        self._lost = False

    def __enter__(self) -> WinRS:
        """Give the shell; nothing is sent yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the shell."""
        self.close()

    def run(self, command: str, *, timeout_s: float = 600.0, stdin: str = "") -> CommandResult:
        """Run one command line and wait for its end.

        Args:
            command: as typed at the cmd prompt, already quoted (see quoting.quote).
            timeout_s: seconds after which the command is terminated and PeerError raised.
            stdin: text the command reads; then its input ends.

        Raises:
            InputError: the line holds CR, LF or NUL, or is too long for cmd.
            PeerError: it did not end in time, or sent more than any real command.
            TalkError: the connection broke; it is not known whether the command ran.
        """
        return self._run(quoting.check_line(command), timeout_s, stdin, direct=False)

    def run_program(self, argv: Sequence[str], *, timeout_s: float = 600.0, stdin: str = "") -> CommandResult:
        """Run one program without the command shell: its arguments arrive as given, its exit code is its own.

        Builtins of cmd and redirections do not exist here. For the rest see ``run``.
        """
        return self._run(quoting.argv_line(argv), timeout_s, stdin, direct=True)

    def close(self) -> None:
        """Delete the shell, if there is one; a PC that went away meanwhile is no failure."""
        if not self._shell:
            return
        if not self._lost:
            with suppress(PeerError, TalkError):
                self._client.send(
                    f"{envelopes.TRANSFER}/Delete", envelopes.SHELL_URI, "", selectors={"ShellId": self._shell}
                )
        self._shell = ""

    def _run(self, line: str, timeout_s: float, stdin: str, *, direct: bool) -> CommandResult:
        until = self._clock() + timeout_s
        name = quoting.program(line)
        command_id = ""
        try:
            command_id = self._start(line, direct=direct, console=not stdin)
            if stdin:
                self._input(command_id, stdin.encode(self._codecs[0], errors="replace"))
            return self._collect(command_id, name, until, timeout_s)
        except TalkError:
            # Nothing is tidied up over a new connection: if the PC is still up, the shell ends by its idle time.
            self._lost = True
            raise
        finally:
            if command_id and not self._lost:
                with suppress(PeerError, TalkError):
                    self._send("Signal", envelopes.signal_body(command_id))

    def _open(self) -> None:
        options = {"WINRS_NOPROFILE": "TRUE", "WINRS_CODEPAGE": str(self._codepage)}
        body = envelopes.shell_body(self._directory)
        root = self._client.send(
            f"{envelopes.TRANSFER}/Create", envelopes.SHELL_URI, body, options=options, patient=True
        )
        self._lost = False
        # ResourceCreated names it in a selector; newer stacks repeat it inside rsp:Shell.
        for element in root.iter():
            if parsing.local(element) == "Selector" and element.get("Name") == "ShellId":
                self._shell = (element.text or "").strip()
        self._shell = self._shell or parsing.text_of(root, "ShellId")
        if not self._shell:
            raise PeerError("The PC opened a command shell without naming it.", fix="Check what answers there.")

    def _start(self, line: str, *, direct: bool, console: bool) -> str:
        if not self._shell or self._lost:
            self._open()
        options = {
            "WINRS_CONSOLEMODE_STDIN": "TRUE" if console else "FALSE",
            "WINRS_SKIP_CMD_SHELL": "TRUE" if direct else "FALSE",
        }
        body = envelopes.command_body(line)
        try:
            root = self._send("Command", body, options)
        except WsmanFault as fault:
            # WinRM 2.0 counts finished commands too: the quota (or the idle timeout) ends the shell. The command
            # was refused, so it did not start: once more in a new shell.
            if not (fault.quota or fault.shell_gone):
                raise
            self.close()
            self._open()
            root = self._send("Command", body, options)
        command_id = parsing.text_of(root, "CommandId")
        if not command_id:
            raise PeerError("The PC started a command without naming it.", fix="Check what answers there.")
        return command_id

    def _input(self, command_id: str, data: bytes) -> None:
        for start in range(0, len(data), SEND_BYTES):
            part = base64.b64encode(data[start : start + SEND_BYTES]).decode()
            body = envelopes.send_body(command_id, part, end=start + SEND_BYTES >= len(data))
            try:
                self._send("Send", body)
            except WsmanFault as fault:
                if not fault.busy:
                    raise
                # Not ready yet, so nothing of it was taken.
                self._sleep(BUSY_PAUSE_S)
                self._send("Send", body)

    def _collect(self, command_id: str, name: str, until: float, timeout_s: float) -> CommandResult:
        streams = {"stdout": bytearray(), "stderr": bytearray()}
        while True:
            left = max(1.0, min(self._client.transport.timeout_s, until - self._clock()))
            try:
                root = self._send("Receive", envelopes.receive_body(command_id), timeout_s=left)
            except WsmanFault as fault:
                # No output within the operation timeout is normal for a slow command.
                if not fault.timed_out:
                    raise
            else:
                rc = _take(root, streams)
                if rc is not None:
                    return CommandResult(rc, self._text(streams["stdout"]), self._text(streams["stderr"]))
            if sum(map(len, streams.values())) > MAX_OUTPUT:
                raise PeerError(f"The command {name!r} sent more than {MAX_OUTPUT} bytes; it was ended.")
            if self._clock() > until:
                raise PeerError(
                    f"The command {name!r} did not end within {timeout_s:.0f} s; it was ended.",
                    fix="Look at the PC, then run again.",
                )

    def _send(
        self, verb: str, body: str, options: dict[str, str] | None = None, timeout_s: float | None = None
    ) -> ElementTree.Element:
        return self._client.send(
            f"{envelopes.SHELL}/{verb}",
            envelopes.SHELL_URI,
            body,
            selectors={"ShellId": self._shell},
            options=options,
            timeout_s=timeout_s,
        )

    def _text(self, data: bytearray) -> str:
        shell, oem = self._codecs
        try:
            return data.decode(shell)
        except UnicodeDecodeError:
            other = oem if self._codepage == UTF8 else shell
            self._client.warnings.append(
                f"The output of a command is not in code page {self._codepage}; read as {other}."
            )
            return data.decode(other, errors="replace")


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
            # Ended without a code: it was ended from outside, which is no success.
            done = int(code) & 0xFFFFFFFF if code.lstrip("-").isdigit() else 0xFFFFFFFF
    return done
