# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cut (run killed, network gone, mains off) after every single command: what boots, and what the next run does then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import TalkError
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._operator_pc import cut_rig

KINDS = ("run", "network", "power")


def start_state(*flows: Callable[[Any], None]) -> dict[str, Any]:
    pc = cut_rig.CutPc()
    for flow in flows:
        flow(pc)
    return pc.dump()


def armed_but_not_restarted() -> dict[str, Any]:
    """The restart never came: armed, with its timers, Windows running."""
    pc = cut_rig.CutPc(start_state(cut_rig.do_stage))
    cut_rig.do_arm(pc)
    pc.machine.boot.abort()
    assert pc.machine.armed
    return pc.dump()


def cuts(state: dict[str, Any], flow: Callable[[Any], None], kind: str) -> Iterator[Any]:
    """Give the PC right after each possible cut."""
    for number in range(1, 200):
        pc = cut_rig.CutPc(state, kind, number)
        with suppress(TalkError, cut_rig.Killed):
            flow(pc)
        if not pc.cut:
            return
        yield pc
    raise AssertionError("the flow never ends")


BEFORE = cut_rig.CutPc().disk()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("flow", ["stage", "unstage"])
def test_staging_and_unstaging_can_be_cut_anywhere(flow: str, kind: str) -> None:
    state = start_state(*([] if flow == "stage" else [cut_rig.do_stage]))
    do = cut_rig.do_stage if flow == "stage" else cut_rig.do_unstage
    seen = 0
    for pc in cuts(state, do, kind):
        seen += 1
        assert pc.boots() == "windows"
        assert pc.settle() == "windows"
        undone = pc.again()
        cut_rig.do_unstage(undone)
        assert undone.disk() == BEFORE, f"cut {seen}"
        repaired = pc.again()
        cut_rig.do_stage(repaired)
        assert repaired.machine.describe()["staged"]
        cut_rig.do_unstage(repaired)
        assert repaired.disk() == BEFORE, f"cut {seen}"
    assert seen > 8


@pytest.mark.parametrize("kind", KINDS)
def test_arming_can_be_cut_anywhere(kind: str) -> None:
    state = start_state(cut_rig.do_stage)
    outcomes = set()
    for pc in cuts(state, cut_rig.do_arm, kind):
        boots = pc.boots()
        # The installer only once its release was used: the one command that arms had been started.
        assert boots == "windows" or (boots == "thin_client" and pc.released)
        outcomes.add(boots)
        ended = pc.settle()
        assert ended == "windows" or (ended == "thin_client" and pc.released)
        if ended == "thin_client":
            continue
        # Whatever is armed by now disarms itself, and then every start boots Windows.
        pc.pass_time(12 * 60, 10)
        assert not pc.machine.armed
        assert pc.boots() == "windows"
        for undo in ((cut_rig.do_disarm, cut_rig.do_unstage), (cut_rig.do_unstage,)):
            undone = pc.again()
            for do in undo:
                do(undone)
            assert undone.disk() == BEFORE
        again = pc.again()
        cut_rig.do_arm(again)
        assert again.settle() == "thin_client"
    assert outcomes == {"windows", "thin_client"}


@pytest.mark.parametrize("kind", KINDS)
def test_disarming_can_be_cut_anywhere(kind: str) -> None:
    state = armed_but_not_restarted()
    seen = set()
    for pc in cuts(state, cut_rig.do_disarm, kind):
        # Before the move it was armed, by a release, and nothing but that boots; after it Windows does.
        assert pc.boots() == ("thin_client" if pc.machine.armed else "windows")
        seen.add(pc.machine.armed)
        if pc.settle() == "thin_client":
            continue
        undone = pc.again()
        cut_rig.do_disarm(undone)
        assert undone.boots() == "windows"
        cut_rig.do_unstage(undone)
        assert undone.disk() == BEFORE
    assert seen == {True, False}


def test_windows_that_starts_although_armed_disarms_itself() -> None:
    """Started from another medium, say: the timer by the clock had been missed, the task of the start is not."""
    pc = cut_rig.CutPc(armed_but_not_restarted())
    assert pc.machine.armed
    pc.machine.windows_ends()
    pc.world.time += 3600
    pc.machine.windows_starts()
    pc.pass_time(5)
    assert not pc.machine.armed
    assert pc.boots() == "windows"


def test_a_restart_that_windows_does_not_take_leaves_nothing_armed() -> None:
    pc = cut_rig.CutPc(start_state(cut_rig.do_stage))
    assert pc.run("shutdown /r /t 3600").rc == 0  # somebody else's
    cut_rig.do_arm(pc)
    assert not pc.machine.armed
    assert pc.boots() == "windows"


def test_what_lay_in_the_folder_before_is_there_again() -> None:
    pc = cut_rig.CutPc()
    pc.run("mkdir C:\\OSC & echo mine>C:\\OSC\\notes.txt")
    before = pc.disk()
    cut_rig.do_stage(pc)
    cut_rig.do_unstage(pc)
    assert pc.disk() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_can_be_cut_anywhere(kind: str) -> None:
    seen = 0
    for pc in cuts(start_state(), cut_rig.do_backup, kind):
        seen += 1
        assert pc.boots() == "windows"
        assert pc.settle() == "windows"
        # A minute later: the version of an image is named by the minute.
        pc.pass_time(60)
        again = pc.again()
        assert cut_rig.do_backup(again)
        assert again.disk() == BEFORE, f"cut {seen}"
    assert seen > 8


def test_an_image_that_a_lost_run_began_is_taken_up() -> None:
    for pc in cuts(start_state(), cut_rig.do_backup, "run"):
        if pc.machine.jobs.running:
            again = pc
            again.cut_at, again.cut = 0, False
            assert cut_rig.do_backup(again)
            assert len(again.machine.extras["backups"]) == 1
            return
    raise AssertionError("no cut fell into a running backup")
