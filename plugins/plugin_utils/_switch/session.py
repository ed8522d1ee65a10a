# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The talk to one switch: Netmiko over SSH with strict host keys, windowed writing, typed failures."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Terminal

try:
    import netmiko
except ImportError as exc:
    netmiko = None  # type: ignore[assignment]
    NETMIKO_ERROR: ImportError | None = exc
else:
    NETMIKO_ERROR = None

# Lines sent ahead without waiting for each prompt; the device's input buffer takes about 1 kB (reference section 5).
WINDOW = 8
_POLL = 0.005
_PREPARE = 20.0


@dataclass(frozen=True)
class Target:
    """Whom to call and how, from the host's own connection options."""

    host: str
    port: int
    user: str
    password: str
    key_file: str
    known_hosts: str
    device_type: str
    terminal: Terminal
    timeout: float = 20.0

    @property
    def name(self) -> str:
        """The switch as messages name it."""
        return f"{self.host}:{self.port}"


class SwitchSession:
    """One SSH session in exec mode.

    Args:
        target: the switch.
        before_write: called right before anything is typed that changes the switch; it raises to stop the writing.

    Raises:
        TalkError: no session; the message says why and what to do.
        OtedgeError: the library is missing.
    """

    def __init__(self, target: Target, before_write: Callable[[], None] = lambda: None) -> None:
        self.target = target
        self._before_write = before_write
        self._errors = re.compile(target.terminal.errors, re.MULTILINE)
        if NETMIKO_ERROR is not None:
            raise OtedgeError(
                f"The Python library netmiko is missing on the controller: {NETMIKO_ERROR}.",
                fix="Install requirements.txt of the collection into the Python that runs Ansible.",
            )
        if not os.path.isfile(target.known_hosts):
            raise TalkError(f"There is no known_hosts file {target.known_hosts}.", fix=_key_fix(target))
        self._conn = self._open()
        prompt = re.escape(self._conn.base_prompt)
        self._config_prompt = re.compile(rf"^{prompt}[^\n(]*\(conf[^)\n]*\)#", re.MULTILINE)
        self._exec_prompt = re.compile(rf"^{prompt}[^\n(>#]*[>#]\s*\Z", re.MULTILINE)

    def _open(self) -> Any:
        target = self.target
        kind: type = netmiko.ssh_dispatcher(device_type=target.device_type)
        try:
            return type(
                "Shell", (kind,), {"session_preparation": lambda conn: _prepare(target.terminal.prepare, conn)}
            )(
                device_type=target.device_type,
                host=target.host,
                port=target.port,
                username=target.user,
                password=target.password,
                use_keys=bool(target.key_file),
                key_file=target.key_file or None,
                allow_agent=not (target.password or target.key_file),
                ssh_strict=True,
                system_host_keys=False,
                alt_host_keys=True,
                alt_key_file=target.known_hosts,
                conn_timeout=target.timeout,
                auth_timeout=target.timeout,
                banner_timeout=target.timeout,
                auto_connect=True,
            )
        # Netmiko's own text repeats the cause over many lines: it is left out.
        except netmiko.NetmikoAuthenticationException:
            raise TalkError(
                f"Switch {target.name} does not let user {target.user!r} in.",
                fix="Check ansible_user with ansible_password or the private key (also -u, -k, --private-key).",
            ) from None
        except netmiko.NetmikoTimeoutException as exc:
            raise _no_session(target, exc) from None
        except (netmiko.exceptions.NetmikoBaseException, OSError, EOFError, ValueError) as exc:
            raise TalkError(
                f"Switch {target.name} answers on SSH, but not like a {target.device_type}: {_first_line(exc)}.",
                fix="Check ansible_network_os or the option platform against what the device is.",
            ) from exc

    def close(self) -> None:
        """End the session; never fails."""
        try:
            self._conn.disconnect()
        except Exception:  # noqa: BLE001, S110 - the session may be gone already
            return

    def run(self, command: str, timeout: float = 60.0) -> str:
        """Run one exec command and give what it printed.

        Raises:
            TalkError: the session is lost.
        """
        try:
            self._conn.write_channel(f"{command}\n")
            output = _collect(self._conn, self._exec_prompt, 1, timeout)
        except TimeoutError as exc:
            raise TalkError(
                f"Switch {self.target.name} gave no prompt within {timeout:.0f} s after {command!r}.",
                fix="Check the load of the switch and the path to it, then run again.",
            ) from exc
        except (netmiko.exceptions.NetmikoBaseException, OSError, EOFError) as exc:
            raise self._lost(command) from exc
        # The first line is the echo of the command, the last one the prompt.
        return "\n".join(output.splitlines()[1:-1]) + "\n"

    def require(self, command: str, timeout: float = 60.0) -> str:
        """Run one exec command that changes the switch and must not be refused.

        Raises:
            PeerError: the switch answered with an error.
        """
        self._before_write()
        output = self.run(command, timeout)
        self._scan(output, command)
        return output

    def configure(
        self,
        lines: Sequence[str],
        *,
        enter: str = "configure terminal",
        leave: str = "end",
        drop: str = "end",
        window: int = WINDOW,
    ) -> None:
        """Enter configuration mode, send the lines in windows, leave.

        Raises:
            PeerError: the switch refused a line; lines of later windows were not sent.
            TalkError: the session is lost.
        """
        self._before_write()
        self._exchange([enter], self._config_prompt)
        try:
            for start in range(0, len(lines), window):
                self._before_write()
                self._exchange(lines[start : start + window], self._config_prompt)
        except PeerError:
            self._exchange([drop], self._exec_prompt)
            raise
        self._exchange([leave], self._exec_prompt)

    def _exchange(self, lines: Sequence[str], prompt: re.Pattern[str], timeout: float = 30.0) -> None:
        """Send lines at once, and wait until as many prompts came back."""
        try:
            self._conn.write_channel("".join(f"{line}\n" for line in lines))
            output = _collect(self._conn, prompt, len(lines), timeout)
        except (netmiko.exceptions.NetmikoBaseException, OSError, EOFError) as exc:
            raise self._lost(lines[0]) from exc
        self._scan(output, lines[0] if len(lines) == 1 else f"{lines[0]} ... {lines[-1]}")

    def _scan(self, output: str, sent: str) -> None:
        found = self._errors.search(output)
        if found:
            raise PeerError(
                f"Switch {self.target.name} refused {sent!r}: {found[0].strip()}",
                fix="Correct what it names; a list that is in use was not changed by this line.",
                output=output[-2000:],
            )

    def _lost(self, sent: str) -> TalkError:
        return TalkError(
            f"The session to switch {self.target.name} broke after {sent!r}.",
            fix="Check the path to the switch and run again; the next run repairs what this one left.",
        )


def _collect(conn: Any, pattern: re.Pattern[str], count: int, timeout: float) -> str:
    """Read until the pattern was seen that often.

    Raises:
        EOFError: the session ended.
        TimeoutError: it was not seen in time.
    """
    output = ""
    deadline = time.monotonic() + timeout
    while len(pattern.findall(output)) < count:
        chunk = conn.read_channel()
        output += chunk
        if not chunk and conn.remote_conn.closed:
            raise EOFError("the session ended")
        if not chunk:
            time.sleep(_POLL)
        if time.monotonic() > deadline:
            raise TimeoutError(f"no prompt within {timeout:.0f} s")
    return output


def _prepare(commands: Sequence[str], conn: Any) -> None:
    """Replace Netmiko's preparation, which waits a fixed time at each step: wide lines, no pages, learn the prompt.

    The prompt is what stands before the echo of the last command, so that no banner can be taken for it. The switch
    cuts it to 20 characters in configuration mode; the first 16 of the host name are enough.
    """
    _collect(conn, re.compile("[>#]"), 1, _PREPARE)
    conn.write_channel("".join(f"{command}\n" for command in commands))
    # A prompt, the echo of the last command, and the same prompt again.
    prompt = re.compile(rf"^([^\s>#]+)([>#]) ?{re.escape(commands[-1])}\s*\n(?:.*\n)*?\1\2", re.MULTILINE)
    output = _collect(conn, prompt, 1, _PREPARE)
    found = prompt.search(output)
    if found:
        conn.base_prompt = found[1][:16]


def _first_line(exc: BaseException) -> str:
    return next((line.strip() for line in str(exc).splitlines() if line.strip()), type(exc).__name__).rstrip(".")


def _key_fix(target: Target) -> str:
    port = f"-p {target.port} " if target.port != 22 else ""
    return (
        f"Read the key with 'ssh-keyscan {port}{target.host}', compare its fingerprint with the one on the switch"
        f" console (show ip ssh), and add the line to {target.known_hosts}."
    )


def _no_session(target: Target, exc: BaseException) -> TalkError:
    """Say which of the causes that Netmiko calls a timeout it was."""
    text = str(exc)
    if "not found in known_hosts" in text:
        return TalkError(f"The host key of switch {target.name} is unknown.", fix=_key_fix(target))
    if "does not match" in text:
        return TalkError(
            f"Switch {target.name} shows another host key than {target.known_hosts} holds.",
            fix="Find out why before anything else: a replaced switch, or someone in between.",
        )
    cause = exc.__context__ or exc
    tried = [cause, *getattr(cause, "errors", {}).values()]
    if any(isinstance(one, ConnectionRefusedError) for one in tried):
        return TalkError(
            f"Switch {target.name} refuses the connection.", fix="Check ansible_host, ansible_port and its SSH server."
        )
    return TalkError(
        f"Switch {target.name} cannot be reached: {_first_line(cause)}.",
        fix="Check ansible_host, ansible_port and the path from the automation node.",
    )
