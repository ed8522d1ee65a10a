# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker whose run was killed in the middle of a swap types nothing more, wherever it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.channel import WINDOW

PORT = "GigabitEthernet1/0/1"
LEGACY = ["ip access-list extended LEGACY", "permit ip any any", f"interface {PORT}", "ip access-group LEGACY in"]


def _typed(rig: Any) -> int:
    return len(rig.world.configuration()) + len([line for line in rig.world.lines if line["write"]])


@pytest.mark.parametrize("step", range(1, 12))
def test_a_worker_without_its_run_types_nothing_more(
    make_rig: Callable[..., Any], want: Callable[..., Any], step: int
) -> None:
    rig = make_rig({"lines": LEGACY})
    asked, typed = 0, -1

    def running() -> None:
        nonlocal asked, typed
        asked += 1
        if asked >= step:
            typed = _typed(rig) if typed < 0 else typed
            raise RefusedError("The run is gone.")

    rig.before_write = running
    wanted = [want(*range(1, 21))]
    try:
        rig.ensure(wanted)
    except RefusedError as exc:
        assert "The run is gone." in exc.message
        # Leaving configuration mode changes nothing.
        later = rig.world.configuration()[typed - len([line for line in rig.world.lines if line["write"]]) :]
        assert set(later) <= {"end", "exit"}
        assert _typed(rig) - len(later) == typed
    else:
        assert typed == -1
    rig.world.time += 121
    with rig.world.lock:
        rig.switch.tick(rig.world.time)
    assert rig.bound() == "LEGACY" or rig.permits("10.20.60.7", 20)
    rig.before_write = lambda: None
    rig.ensure(wanted)
    assert rig.permits("10.20.60.7", 20)
    assert rig.switch.pending is None
    assert not rig.ensure(wanted)["changed"]


def test_every_window_of_a_long_list_asks_first(rig: Any, want: Callable[..., Any]) -> None:
    asked: list[int] = []
    rig.before_write = lambda: asked.append(len(rig.world.configuration()))
    rig.ensure([want(*range(1, 41))])
    # Never more than a window between two questions: the input buffer of the device, not a whole list.
    assert max(later - earlier for earlier, later in zip(asked, asked[1:], strict=False)) <= WINDOW + 1
    assert len(asked) >= 9
