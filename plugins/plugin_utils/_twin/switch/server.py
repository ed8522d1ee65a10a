# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SSH side of the simulated switch: user and password, strict host key, a line editor with typed-ahead lines."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from .base import EXEC_MODES, BaseSwitch, SessionLike
from .editor import LineEditor
from .grammar import Reply

try:
    import asyncssh
except ImportError as exc:  # pragma: no cover - told by the start of the server
    asyncssh = None  # type: ignore[assignment]
    ASYNCSSH_ERROR: ImportError | None = exc
else:
    ASYNCSSH_ERROR = None

BANNER = "\r\nAuthorized use only.\r\n"


class Terminal:
    """One logged-in session on a channel."""

    def __init__(self, switch: BaseSwitch, process: Any) -> None:
        self.switch = switch
        self.process = process
        with switch.hooks.lock:
            self.session: SessionLike = switch.open_session(str(process.get_extra_info("username")))
        size = process.get_terminal_size()
        self.session.width = size[0] or 80
        self.editor = LineEditor()

    async def run(self) -> None:
        """Serve until the user leaves, the fault cuts, or the peer goes."""
        try:
            if self.process.command:  # one command without a shell
                self._write(self._execute(self.process.command).text.replace("\n", "\r\n"))
                return
            motd = str(self.switch.options.get("motd") or "").splitlines()
            self._write("".join(f"\r\n{line}" for line in motd) + "\r\n" + self.session.prompt)
            while await self._one_line():
                pass
        except (ConnectionError, asyncssh.Error):
            pass
        finally:
            with self.switch.hooks.lock:
                self.switch.close_session(self.session)
            with contextlib.suppress(OSError, asyncssh.Error):
                self.process.exit(0)
                self.process.get_extra_info("connection").close()

    async def _one_line(self) -> bool:
        """Read and run the next line; False ends the session."""
        while True:
            # [recorded] a `[confirm]` takes one key: Enter or y go on, any other does not
            if self.session.prompt.endswith("[confirm]") and self.editor.typed:
                key = self.editor.key()
                self._write("\r\n")
                return await self._run(key, False)
            echo, line, left = self.editor.next(self.session.prompt, self.session.width)
            self._write(echo if not self.session.hidden else "\r\n" if line is not None else "")
            if line is not None:
                return await self._run(line, left)
            text = await self._read(4096)
            if not text:
                return False
            self.editor.feed(text, self.switch.faults.type_ahead)

    async def _read(self, most: int) -> str:
        """Read what is typed; empty at the end. A resized window only changes the width."""
        while True:
            try:
                return str(await self.process.stdin.read(most))
            except asyncssh.TerminalSizeChanged as change:
                self.session.width = change.width or self.session.width
            except (asyncssh.BreakReceived, asyncssh.SignalReceived):
                continue

    def _execute(self, line: str) -> Reply:
        with self.switch.hooks.lock:
            return self.switch.execute(self.session, line)

    async def _run(self, line: str, leave_configuration: bool) -> bool:
        if self.switch.faults.line_latency:
            await asyncio.sleep(self.switch.faults.line_latency)
        with self.switch.hooks.lock:
            reply = self._execute(line)
            if leave_configuration and self.session.mode not in EXEC_MODES and not reply.close:
                reply = reply._replace(close=self.switch.execute(self.session, "end").close)
        if reply.close:
            return False
        if not await self._show(reply):
            return False
        self._write(self.session.prompt)
        await asyncio.sleep(0)
        return True

    async def _show(self, reply: Reply) -> bool:
        """Write the output, page by page if the terminal has a length."""
        lines = reply.text.splitlines()
        more = self.switch.more
        page = self.session.length - 1 if self.session.length > 1 else 0
        while page and len(lines) > page:
            self._write("".join(f"{line}\r\n" for line in lines[:page]) + more)
            lines = lines[page:]
            key = self.editor.typed[:1]
            self.editor.typed = self.editor.typed[1:]
            key = key or await self._read(1)
            if not key:
                return False
            self._write("\b" * len(more) + " " * len(more) + "\b" * len(more))
            if key not in " \r\n":
                return True
            page = 1 if key in "\r\n" else self.session.length - 1
        self._write("".join(f"{line}\r\n" for line in lines))
        return True

    def message(self, text: str) -> None:
        """Write what nobody asked for."""
        with contextlib.suppress(OSError, asyncssh.Error):
            self._write(text.replace("\n", "\r\n"))

    def _write(self, text: str) -> None:
        self.process.stdout.write(text)


class SwitchServer:
    """The SSH server of one switch, inside the running asyncio loop.

    Args:
        switch: what answers.
        user: the only user.
        password: its password.
        host_key_path: private key file; made if missing, kept over restarts.
        port: 0 for any; ``port`` holds the real one after ``start``.
    """

    def __init__(self, switch: BaseSwitch, user: str, password: str, host_key_path: str, port: int = 0) -> None:
        if asyncssh is None:
            raise RuntimeError(f"asyncssh is missing (requirements-twin.txt): {ASYNCSSH_ERROR}")
        self.switch = switch
        self.user = user
        self.password = password
        self.host_key_path = host_key_path
        self.port = port
        self._server: Any = None
        self._loop: Any = None
        self._connections: set[Any] = set()
        self._terminals: dict[int, Terminal] = {}

    @property
    def public_key(self) -> str:
        """The host key as one OpenSSH line (type and key)."""
        key: bytes = self._key().export_public_key("openssh")
        return " ".join(key.decode().split()[:2])

    @property
    def known_hosts_line(self) -> str:
        """The line for a known_hosts file of clients on this machine."""
        return f"[127.0.0.1]:{self.port} {self.public_key}"

    def _key(self) -> Any:
        path = Path(self.host_key_path)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            key = asyncssh.generate_private_key("ssh-ed25519")
            path.touch(mode=0o600)
            key.write_private_key(str(path))
        return asyncssh.read_private_key(str(path))

    async def start(self) -> None:
        """Listen on loopback; OSError if the port is taken."""
        self._loop = asyncio.get_running_loop()
        self._server = await asyncssh.create_server(
            lambda: _Login(self),
            "127.0.0.1",
            self.port,
            server_host_keys=[self._key()],
            process_factory=self._serve,
            line_editor=False,
            allow_scp=False,
            encoding="utf-8",
            login_timeout=30,
        )
        self.port = self._server.get_port()
        self.switch.on_drop = self._drop
        self.switch.on_message = self._tell

    async def stop(self) -> None:
        """Stop listening and end every session."""
        if self._server is not None:
            self._server.close()
            for connection in list(self._connections):
                connection.abort()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, process: Any) -> None:
        terminal = Terminal(self.switch, process)
        self._terminals[terminal.session.number] = terminal
        try:
            await terminal.run()
        finally:
            self._terminals.pop(terminal.session.number, None)

    def _drop(self, number: int) -> None:
        """End a session from outside (power cut); safe from any thread."""
        terminal = self._terminals.get(number)
        if terminal is not None:
            connection = terminal.process.get_extra_info("connection")
            self._loop.call_soon_threadsafe(connection.abort)

    def _tell(self, text: str) -> None:
        """Write to every terminal, in the middle of whatever it shows; safe from any thread."""
        for terminal in list(self._terminals.values()):
            self._loop.call_soon_threadsafe(terminal.message, text)


_Base: Any = asyncssh.SSHServer if asyncssh is not None else object


class _Login(_Base):
    """Password logins of one connection."""

    def __init__(self, server: SwitchServer) -> None:
        self._server = server
        self._connection: Any = None

    def connection_made(self, conn: Any) -> None:
        """Admit the connection, or drop it at once (fault deny_new_sessions)."""
        self._connection = conn
        with self._server.switch.hooks.lock:
            admitted = self._server.switch.admit()
        if admitted:
            self._server._connections.add(conn)
        else:
            conn.abort()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Forget the connection."""
        self._server._connections.discard(self._connection)

    def begin_auth(self, _username: str) -> bool:
        """Show the banner and ask for the password."""
        self._connection.send_auth_banner(BANNER)
        return True

    def password_auth_supported(self) -> bool:
        """Offer password login only."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Judge a login; a refused one is journaled without the password."""
        good = username == self._server.user and password == self._server.password
        if not good:
            with self._server.switch.hooks.lock:
                self._server.switch.hooks.journal("session", user=username, open=False, refused="login")
        return good
