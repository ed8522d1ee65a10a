# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Revert timers that fire, or that a switch starts and does not mark, at the worst moment; what messages leave out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import driver_eos

Make = Callable[..., Any]


@pytest.mark.parametrize("platform", ["nxos", "aoscx"])
def test_a_way_back_that_runs_between_the_last_look_and_the_confirm_is_seen(
    make_quick: Make, want: Any, platform: str
) -> None:
    rig = make_quick({"lines": ["feature scheduler"]} if platform == "nxos" else None, platform)
    port = rig.side.ports[0]
    done: list[bool] = []
    real = rig.driver.confirm

    def late(shell: Any) -> None:
        run = shell.require if platform == "aoscx" else shell.configure

        def fires_before(*args: Any, **more: Any) -> Any:
            if not done:
                done.append(True)
                rig.wait(200)
                if platform == "aoscx":
                    # A version that says of its own accord that there was nothing to confirm.
                    return ""
            return run(*args, **more)

        setattr(shell, run.__name__, fires_before)
        real(shell)

    rig.driver.confirm = late
    with pytest.raises(OtedgeError, match="faster than the confirm"):
        rig.ensure([want(443, interface=port)])
    assert not rig.bound().get(port)


def test_a_mark_that_the_switch_does_not_take_leaves_no_timer_behind(make_quick: Make, want: Any) -> None:
    rig = make_quick(platform="aoscx")
    port = rig.side.ports[0]
    connect = rig.connect

    def marked() -> Any:
        shell = connect()
        real = shell.configure

        def configure(lines: Any, **how: Any) -> None:
            if any("OTE_revert_timer" in line for line in lines) and not lines[0].startswith("no "):
                raise PeerError("Switch sw-l1 refused 'access-list ip OTE_revert_timer': too many lists")
            real(lines, **how)

        shell.configure = configure
        return shell

    rig.connect = marked
    with pytest.raises(RefusedError, match=r"(?s)too many lists.*No binding was changed"):
        rig.ensure([want(443, interface=port)])
    assert not rig.switch.pending
    assert not rig.bound().get(port)


def test_a_strange_line_of_a_session_tells_no_secret() -> None:
    diffs = "--- system:/running-config\n+++ session:/otedge-session-config\n-snmp-server community s3cret ro\n"
    strange = driver_eos._strange(diffs, [], [])  # noqa: SLF001
    assert strange is not None
    assert "snmp-server" in strange
    assert "s3cret" not in strange


def test_whom_a_session_calls_tells_no_password_when_it_is_printed(make_rig: Make) -> None:
    target = replace(make_rig().target, enable_password="deep-2")
    assert "secret-1" not in repr(target)
    assert "deep-2" not in repr(target)


def test_what_the_switch_has_is_judged_again_where_an_earlier_change_was_taken_back(
    make_quick: Make, want: Any
) -> None:
    rig = make_quick()
    rig.ensure([want(443)])
    port = rig.side.ports[0]
    session = rig.switch.open_session("automation")
    rig.switch.execute(session, "configure terminal revert timer 5")
    rig.switch.execute(session, "end")
    rig.switch.close_session(session)
    read, seen = rig.driver.read_state, []

    def none_left(shell: Any) -> Any:
        seen.append(read(shell))
        return replace(seen[-1], no_timer=("The archive is full", "make room")) if len(seen) > 1 else seen[-1]

    rig.driver.read_state = none_left
    before = rig.bound()[port]
    with pytest.raises(RefusedError, match="archive is full"):
        rig.ensure([want(444)])
    assert rig.bound()[port] == before


@pytest.mark.parametrize("content", [None, "no key at all\n"])
def test_a_private_key_that_cannot_be_used_is_named(rig: Any, tmp_path: Any, content: str | None) -> None:
    key = tmp_path / "id_switch"
    if content is not None:
        key.write_text(content)
    rig.target = replace(rig.target, key_file=str(key), password="")
    with pytest.raises(OtedgeError) as caught:
        rig.connect()
    assert "id_switch" in f"{caught.value.message} {caught.value.fix}"
