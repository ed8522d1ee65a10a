# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import time
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import channel
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Terminal
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.quick import quick

TERMINAL = Terminal(prepare=("terminal width 511", "terminal length 0"))


class _Line:
    """A switch that says nothing, or only its banner, before a key is pressed, or shows its prompt by itself."""

    remote_conn = SimpleNamespace(closed=False)

    def __init__(self, first: str, awake: bool) -> None:
        self.waiting, self.awake, self.typed = first, awake, ""

    def read_channel(self) -> str:
        text, self.waiting = self.waiting, ""
        return text

    def write_channel(self, text: str) -> None:
        self.typed += text
        if not self.awake:
            self.awake, self.waiting = True, "\nsw-l1#"
            return
        for line in text.splitlines():
            self.waiting += f"{line}\nsw-l1#"


@pytest.mark.parametrize(
    ("first", "awake", "keys"),
    [("Welcome\nsw-l1#", True, ""), ("", False, TERMINAL.enter), ("##### plant #####\n", False, TERMINAL.enter)],
)
def test_enter_is_pressed_only_where_no_prompt_comes(
    monkeypatch: pytest.MonkeyPatch, first: str, awake: bool, keys: str
) -> None:
    monkeypatch.setattr(channel, "_PATIENCE", 0.05)
    conn: Any = _Line(first, awake)
    channel.prepare(TERMINAL, conn)
    assert conn.base_prompt == "sw-l1"
    assert conn.typed == keys + "".join(f"{line}{TERMINAL.enter}" for line in TERMINAL.prepare)


class _Netmiko:
    """What is replaced of Netmiko's connection."""

    def _try_session_preparation(self, force_data: bool = True) -> None:
        self.forced = force_data

    def _connect_params_dict(self) -> dict[str, Any]:
        return {"hostname": "sw-l1"}


def test_packets_are_sent_at_once_and_nothing_is_typed_first() -> None:
    made: Any = quick(_Netmiko, TERMINAL, lambda sock, **options: (sock, options))()
    made._try_session_preparation()
    assert made.forced is False
    options = made._connect_params_dict()
    assert options["hostname"] == "sw-l1"
    with socket.socket() as sock:
        assert options["transport_factory"](sock, disabled_algorithms=None) == (sock, {"disabled_algorithms": None})
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    jump_host = object()  # what ssh_config gives is a process, not a socket
    assert options["transport_factory"](jump_host) == (jump_host, {})


class _Renamed:
    """A release of Netmiko that prepares sessions in another way."""

    prepared = False

    def _try_session_preparation(self, quiet: bool = False) -> None:
        self.prepared = quiet


class _Other:
    """One that has none of it."""


def test_a_release_of_netmiko_that_does_it_in_another_way_is_left_to_do_so() -> None:
    made: Any = quick(_Renamed, TERMINAL, lambda sock, **options: None)()
    made._try_session_preparation(quiet=True)
    assert made.prepared
    assert quick(_Other, TERMINAL, lambda sock, **options: None)()


def test_a_login_waits_for_nothing(rig: Any) -> None:
    took = []
    for _try in range(5):
        start = time.perf_counter()
        rig.connect()
        took.append(time.perf_counter() - start)
    assert min(took) < 0.1  # with the fixed waits it takes 0.2 s
