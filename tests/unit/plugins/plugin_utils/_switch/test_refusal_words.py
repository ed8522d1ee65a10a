# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every refusal names the switch, what is wrong in the words of the platform, and the next step."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection, switch_problems
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_aoscx import parse_marker
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_eos import parse_timer as eos_timer
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_iosxe import parse_timer as ios_timer
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotEntered, named
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config, SwitchState, Timer

Make = Callable[..., Any]
SESSIONS = """\
Maximum number of completed sessions: 1
Maximum number of pending sessions: 5
Merge on commit is disabled
Autosave to startup-config on commit is disabled

Session with pending commit timer: {name}
Time left until commit timer expiry: in 0:01:59

  Name             State     User  Terminal Completed Time      Committed By
- ---------------- --------- ----- -------- ------------------- ------------
  {name} committed                2026-09-20 23:35:15 admin
* s1               aborted   admin vty9     2026-09-20 22:19:28
"""
PORTS = {"iosxe": "GigabitEthernet1/0/1", "eos": "Ethernet1", "nxos": "Ethernet1/1", "aoscx": "1/1/1"}
OUT_OF_THE_BOX = {"nxos": ["feature scheduler"]}


@pytest.mark.parametrize("platform", sorted(PORTS))
@pytest.mark.parametrize(
    ("interface", "protection", "found"),
    [
        ("9/9", {}, "interface .*9/9 does not exist"),
        (None, {"flows": ({"dst": "10.20.50.20", "dst_port": 443},)}, "protected flow"),
    ],
)
def test_a_guard_names_switch_interface_and_next_step(  # noqa: PLR0917
    make_rig: Make, want: Make, platform: str, interface: str | None, protection: Any, found: str
) -> None:
    rig = make_rig({"lines": OUT_OF_THE_BOX.get(platform, [])}, platform)
    wanted: Wanted = want(443, interface=interface or PORTS[platform])
    with pytest.raises(RefusedError, match=found) as caught:
        rig.ensure([wanted], protection=Protection(**protection))
    assert rig.target.name in caught.value.message
    assert caught.value.fix
    assert "Nothing was written" in caught.value.message
    assert not [entry for entry in rig.world.lines if entry["write"]]


def _seen(timer: Timer | None) -> SwitchState:
    return SwitchState(Config(), Config(), timer=timer)


@pytest.mark.parametrize(
    ("timer", "word"),
    [
        (ios_timer("Time configured(or reconfigured): x\nUser: bob\n"), "show archive config rollback timer"),
        (eos_timer(SESSIONS.format(name="maintenance"), "a"), "show configuration sessions detail"),
        (
            parse_marker("access-list ip OTE_revert_timer\n    10 comment revert timer of bob\n"),
            "no access-list ip OTE_revert_timer",
        ),
        (Timer("bob", "x", "show scheduler schedule"), "show scheduler schedule"),
    ],
)
def test_a_foreign_timer_is_told_in_the_words_of_the_platform(timer: Timer | None, word: str) -> None:
    assert timer is not None
    ((found, fix),) = switch_problems(_seen(timer), Protection(own_user="automation"), changing=True)
    assert "revert timer" in found
    assert word in fix
    assert word == "show archive config rollback timer" or "show archive" not in fix


@pytest.mark.parametrize(
    ("error", "message", "fix"),
    [
        (PeerError("List X is wrong."), "Switch sw-l1:22: List X is wrong.", "Look at the switch"),
        (PeerError("Switch sw-l1:22 refused 'x'.", fix="Do y."), "Switch sw-l1:22 refused 'x'.", "Do y."),
    ],
)
def test_what_names_no_switch_gets_its_name(error: OtedgeError, message: str, fix: str) -> None:
    with pytest.raises(OtedgeError) as caught, named(SimpleNamespace(name="sw-l1:22")):
        raise error
    assert caught.value.message == message
    assert caught.value.fix.startswith(fix)


# Pitfall 33: what stays in exec mode is told at once, not after a time-out
@pytest.mark.parametrize("platform", sorted(PORTS))
def test_a_mode_that_does_not_open_is_told_at_once(make_rig: Make, platform: str) -> None:
    rig = make_rig(None, platform)
    shell = rig.connect()
    with pytest.raises(NotEntered, match="refused 'configure nonsense'") as caught:
        shell.configure(["hostname x"], enter="configure nonsense")
    assert rig.target.name in caught.value.message
    assert caught.value.fix
    assert "running-config" not in caught.value.message
    assert shell.run("show version")
    shell.close()
