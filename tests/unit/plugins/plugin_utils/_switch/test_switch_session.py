# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The session by itself: windows, privileged mode, jump hosts, notes between prompts."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.channel import WINDOW_SIZE, collect, windows
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import SwitchSession
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.grammar import Reply
from hypothesis import given
from hypothesis import strategies as st

# Joins standard input and output with a port, as the ProxyCommand of an ssh configuration.
RELAY = """
import os, select, socket, sys
peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
while True:
    ready, _, _ = select.select([peer, 0], [], [], 30)
    if not ready:
        break
    if peer in ready:
        data = peer.recv(65536)
        if not data:
            break
        os.write(1, data)
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            break
        peer.sendall(data)
"""


@given(st.lists(st.text("x", max_size=1500), max_size=40), st.integers(1, 20))
def test_windows_keep_order_and_bounds(lines: list[str], most: int) -> None:
    parts = list(windows(lines, most))
    assert [line for part in parts for line in part] == lines
    for part in parts:
        assert 1 <= len(part) <= most
        assert len(part) == 1 or sum(len(line) + 1 for line in part) <= WINDOW_SIZE


class _Channel:
    """Gives what a switch wrote, chunk by chunk."""

    class remote_conn:  # noqa: N801 - Netmiko's name
        closed = False

    def __init__(self, *chunks: str) -> None:
        self.chunks = list(chunks)

    def read_channel(self) -> str:
        return self.chunks.pop(0) if self.chunks else ""


@pytest.mark.parametrize(
    "chunks",
    [
        ("sw1# note: now\nshow x\n", "answer\nsw1# "),
        ("show x\nanswer\nsw1# note", ": now\n"),
        ("show x\nanswer\nno", "te: now\nsw1# "),
    ],
)
def test_notes_between_prompts_hide_no_prompt(chunks: tuple[str, ...]) -> None:
    noise = re.compile(r"note: now\n")
    output = collect(_Channel(*chunks), re.compile(r"^sw1#\s*\Z", re.MULTILINE), 1, 2.0, noise)
    assert "note" not in output
    assert output.endswith("answer\nsw1# ")


def _land_below(rig: Any, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    """Let users of the simulated switch land below privileged mode; ``enable`` asks for a password, if there is one."""
    real = rig.switch.open_session

    def answer(session: Any, typed: str) -> Reply:
        if typed != password:
            return Reply("% Access denied\n")
        session.enter("exec")
        return Reply()

    def unprivileged(user: str) -> Any:
        session = real(user)
        run = session.run_exec

        def asking(line: str, offset: int = 0) -> Any:
            if line.strip() != "enable" or not password:
                return run(line, offset)
            session.question = ("Password: ", answer)
            return Reply()

        session.run_exec = asking
        session.enter("user")
        return session

    monkeypatch.setattr(rig.switch, "open_session", unprivileged)


@pytest.mark.parametrize(("wanted", "given"), [("", ""), ("", "needless"), ("enable-1", "enable-1")])
def test_privileged_mode_is_entered_where_the_user_lands_below_it(
    rig: Any, monkeypatch: pytest.MonkeyPatch, wanted: str, given: str
) -> None:
    _land_below(rig, monkeypatch, wanted)
    shell = SwitchSession(replace(rig.target, enable_password=given))
    rig.sessions.append(shell)
    assert "level is 15" in shell.run("show privilege")
    shell.configure(["ip access-list extended X", "permit ip any any"])
    assert "X" in rig.switch.running.lists


@pytest.mark.parametrize("given", ["wrong-1", ""])
def test_a_refused_enable_password_is_said_and_not_shown(rig: Any, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    _land_below(rig, monkeypatch, "enable-1")
    with pytest.raises(TalkError, match="into privileged mode") as caught:
        SwitchSession(replace(rig.target, enable_password=given))
    assert "wrong-1" not in f"{caught.value} {caught.value.fix}"
    assert "ansible_become_password" in caught.value.fix


def test_privileged_mode_is_not_asked_for_unless_somebody_said_so(rig: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _land_below(rig, monkeypatch, "enable-1")
    assert "level is 1" in rig.connect().run("show privilege")


def test_a_switch_behind_a_jump_host_is_reached_through_the_ssh_configuration(rig: Any, tmp_path: Path) -> None:
    relay = tmp_path / "relay.py"
    relay.write_text(RELAY)
    config = tmp_path / "ssh_config"
    config.write_text(f"Host 127.0.0.1\n  ProxyCommand {sys.executable} {relay} %h {rig.target.port}\n")
    shell = SwitchSession(replace(rig.target, ssh_config=str(config)))
    rig.sessions.append(shell)
    assert "level is 15" in shell.run("show privilege")
    # The key of the switch is checked all the same.
    known = tmp_path / "none"
    known.write_text("")
    with pytest.raises(TalkError, match="host key of switch .* is unknown"):
        SwitchSession(replace(rig.target, ssh_config=str(config), known_hosts=str(known)))


def test_an_ssh_configuration_that_is_not_there_is_said(rig: Any) -> None:
    with pytest.raises(TalkError, match="no ssh configuration /nonexistent/ssh_config"):
        SwitchSession(replace(rig.target, ssh_config="/nonexistent/ssh_config"))


# Pitfall 21: the prompt of a long name, cut in configuration mode
def test_pitfall_21_long_host_names(make_rig: Callable[..., Any]) -> None:
    rig = make_rig({"hostname": "a-very-long-host-name-of-a-switch-in-hall-3"})
    shell = rig.connect()
    shell.configure(["ip access-list extended X", "permit ip any any"])
    assert "X" in rig.switch.running.lists
    assert "Extended IP access list X" in shell.run("show ip access-lists X")


def test_pitfall_33_an_error_of_any_line_of_a_window_is_a_failure(rig: Any) -> None:
    shell = rig.connect()
    with pytest.raises(PeerError, match="Duplicate sequence number"):
        shell.configure(["ip access-list extended X", "10 permit tcp any any", "10 permit udp any any"])
    # The mode was left: the next command works.
    assert "level is 15" in shell.run("show privilege")


@pytest.mark.parametrize("cut", range(0, 75, 5))
def test_what_the_switch_says_behind_the_prompt_does_not_hide_it(cut: int) -> None:
    """[recorded] A cancelled reload is told to every terminal, and no new prompt is printed after it."""
    text = "reload cancel\r\nsw-l1#\r\n\r\n***\r\n*** --- SHUTDOWN ABORTED ---\r\n***\r\n\r\n"

    class Channel:
        remote_conn = type("Remote", (), {"closed": False})
        parts = [part for part in (text[:cut], text[cut:]) if part]  # noqa: RUF012 - one test, one channel

        def read_channel(self) -> str:
            return self.parts.pop(0) if self.parts else ""

    prompt = re.compile(r"^sw-l1[^\s(>#]*[>#][ \r]*\Z", re.MULTILINE)
    noise = re.compile(driver_for("cisco_xe").terminal.noise)
    output = collect(Channel(), prompt, 1, 1.0, noise)
    assert output.splitlines()[:2] == ["reload cancel", "sw-l1#"]
    assert prompt.search(output)
