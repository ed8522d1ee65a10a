# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The talk to one switch: Netmiko over SSH with strict host keys, windowed writing, typed failures."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import channel
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.quick import quick
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotEntered
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.target import Target
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.unreachable import (
    first_line,
    key_fix,
    no_session,
)

try:
    import netmiko
    from paramiko import Transport
except ImportError as exc:
    netmiko = None  # type: ignore[assignment]
    NETMIKO_ERROR: ImportError | None = exc
else:
    NETMIKO_ERROR = None
    # What breaks is said by our errors; with no handler at all its SSH library writes tracebacks to standard error.
    logging.getLogger("paramiko").addHandler(logging.NullHandler())


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
        self._noise = re.compile(target.terminal.noise) if target.terminal.noise else None
        if NETMIKO_ERROR is not None:
            raise OtedgeError(
                f"The Python library netmiko is missing on the controller: {NETMIKO_ERROR}.",
                fix="Install requirements.txt of the collection into the Python that runs Ansible.",
            )
        if not os.path.isfile(target.known_hosts):
            text = f"There is no known_hosts file {target.known_hosts} for switch {target.name}."
            raise TalkError(text, fix=key_fix(target))
        if target.ssh_config and not os.path.isfile(target.ssh_config):
            text = f"There is no ssh configuration {target.ssh_config} for switch {target.name}."
            raise TalkError(text, fix="Correct the option ssh_config.")
        if target.key_file and not os.path.isfile(os.path.expanduser(target.key_file)):
            raise TalkError(
                f"There is no private key {target.key_file}.",
                fix="Correct ansible_ssh_private_key_file or --private-key.",
            )
        self._conn = self._open()
        prompt = re.escape(self._conn.base_prompt)
        self._config_prompt = re.compile(rf"^{prompt}[^\n(]*\(conf[^)\n]*\)#", re.MULTILINE)
        self._exec_prompt = re.compile(rf"^{prompt}[^\s(>#]*[>#][ \r]*\Z", re.MULTILINE)
        if self._conn.prompt_end == ">" and target.enable_password is not None:
            self._enable(target.enable_password)

    @property
    def name(self) -> str:
        """The switch as messages name it."""
        return self.target.name

    @property
    def user(self) -> str:
        """Who is logged in."""
        return self.target.user

    def _open(self) -> Any:
        target = self.target
        kind: type = netmiko.ssh_dispatcher(device_type=target.device_type)
        try:
            return quick(kind, target.terminal, Transport)(
                device_type=target.device_type,
                host=target.host,
                port=target.port,
                username=target.user,
                password=target.password,
                secret=target.enable_password or "",  # only so that Netmiko's log leaves it out
                ssh_config_file=target.ssh_config or None,
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
                fix="Check ansible_user with ansible_password or the private key"
                f"{f' {target.key_file}' if target.key_file else ''} (also -u, -k, --private-key).",
            ) from None
        except netmiko.NetmikoTimeoutException as exc:
            raise no_session(target, exc) from None
        except (netmiko.exceptions.NetmikoBaseException, OSError, EOFError, ValueError) as exc:
            raise TalkError(
                f"Switch {target.name} answers on SSH, but not like a {target.device_type}: {first_line(exc)}.",
                fix="Check ansible_network_os or the option platform against what the device is.",
            ) from exc

    def close(self) -> None:
        """End the session; never fails."""
        try:
            self._conn.disconnect()
        except Exception:  # noqa: BLE001, S110 - the session may be gone already
            return

    def _enable(self, password: str) -> None:
        """Enter privileged mode.

        Raises:
            TalkError: the switch refuses the password, or does not know the command.
        """
        asked = re.compile(rf"assword:?\s*\Z|{self._exec_prompt.pattern}", re.MULTILINE)
        try:
            self._type("enable")
            output = self._collect(asked, 1, self.target.timeout)
            if "assword" in output.splitlines()[-1]:
                self._type(password)
                output = self._collect(asked, 1, self.target.timeout)
        except (netmiko.exceptions.NetmikoBaseException, OSError, EOFError) as exc:
            self.close()
            raise self._lost("enable") from exc
        if not output.rstrip().endswith("#"):
            self.close()
            raise TalkError(
                f"Switch {self.target.name} does not let user {self.target.user!r} into privileged mode.",
                fix="Check ansible_become_password (the enable password), or give the user privilege level 15.",
            )

    def run(self, command: str, timeout: float = 60.0) -> str:
        """Run one exec command and give what it printed.

        Raises:
            TalkError: the session is lost.
        """
        try:
            self._type(command)
            output = self._collect(self._exec_prompt, 1, timeout)
        except TimeoutError as exc:
            raise TalkError(
                f"Switch {self.target.name} gave no prompt within {timeout:.0f} s after {command!r}.",
                fix="Check the load of the switch and the path to it, then run again.",
            ) from exc
        except (netmiko.exceptions.NetmikoBaseException, OSError, EOFError) as exc:
            raise self._lost(command) from exc
        # What stands before the end of the echo is not the answer, nor is the last line, the prompt.
        lines = output.splitlines()[:-1]
        echo = next((index for index, line in enumerate(lines[:3]) if line.rstrip().endswith(command)), 0)
        return "\n".join(lines[echo + 1 :]) + "\n"

    def require(self, command: str, timeout: float = 60.0) -> str:
        """Run one exec command that changes the switch and must not be refused.

        Raises:
            PeerError: the switch answered with an error.
        """
        self._before_write()
        output = self.run(command, timeout)
        self._scan(output, command)
        return output

    def converse(self, command: str, answers: Sequence[tuple[str, str]], timeout: float = 60.0) -> str:
        """Run one exec command that asks before it acts, and give all it printed.

        Args:
            command: it must not be refused.
            answers: (how a question ends, what is typed there); a question that does not come is not answered.
            timeout: in seconds, for each answer.

        Raises:
            PeerError: the switch refused, or asks something else.
            TalkError: the session is lost.
        """
        self._before_write()
        try:
            output = channel.converse(
                self._conn,
                command,
                answers,
                self._exec_prompt.pattern,
                self.target.terminal.enter,
                timeout,
                self._noise,
            )
        except (netmiko.exceptions.NetmikoBaseException, OSError, EOFError) as exc:
            raise self._lost(command) from exc
        self._scan(output, command)
        return output

    def configure(
        self,
        lines: Sequence[str],
        *,
        enter: str = "configure terminal",
        leave: str = "end",
        drop: str = "end",
        window: int = channel.WINDOW,
    ) -> None:
        """Enter configuration mode, send the lines in windows, leave.

        Raises:
            NotEntered: the switch did not open the mode; no line was sent.
            PeerError: the switch refused a line; lines of later windows were not sent.
            TalkError: the session is lost.
        """
        self._before_write()
        self._enter(enter, drop)
        try:
            for part in channel.windows(lines, window):
                self._before_write()
                self._exchange(part, self._config_prompt)
        except PeerError:
            self._exchange([drop], self._exec_prompt)
            raise
        self._exchange([leave], self._exec_prompt)

    def _enter(self, command: str, drop: str) -> None:
        """Enter a configuration mode; where the switch stays outside, what it says is the reason."""
        either = re.compile(f"{self._config_prompt.pattern}|{self._exec_prompt.pattern}", re.MULTILINE)
        try:
            self._type(command)
            output = self._collect(either, 1, self.target.timeout)
        except (netmiko.exceptions.NetmikoBaseException, OSError, EOFError) as exc:
            raise self._lost(command) from exc
        inside, error = self._config_prompt.search(output), self._errors.search(output)
        if inside and not error:
            return
        if inside:
            self._exchange([drop], self._exec_prompt)
        said = [
            line.strip() for line in output.splitlines()[:-1] if line.strip() and not line.rstrip().endswith(command)
        ]
        raise NotEntered(
            f"Switch {self.target.name} refused {command!r}: {(error[0] if error else ' '.join(said)).strip()}",
            fix="Correct what it names, then run again; no line was typed.",
            output=output[-2000:],
        )

    def _exchange(self, lines: Sequence[str], prompt: re.Pattern[str], timeout: float = 30.0) -> None:
        """Send lines at once, and wait until as many prompts came back."""
        try:
            self._type(*lines)
            output = self._collect(prompt, len(lines), timeout)
        except (netmiko.exceptions.NetmikoBaseException, OSError, EOFError) as exc:
            raise self._lost(lines[0]) from exc
        self._scan(output, lines[0] if len(lines) == 1 else f"{lines[0]} ... {lines[-1]}")

    def _type(self, *lines: str) -> None:
        self._conn.write_channel("".join(f"{line}{self.target.terminal.enter}" for line in lines))

    def _collect(self, pattern: re.Pattern[str], count: int, timeout: float) -> str:
        return channel.collect(self._conn, pattern, count, timeout, self._noise)

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
