# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A restart that is scheduled as the way back never stays scheduled where nothing was bound, if that can be helped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import iosxe_timers as timers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotEntered
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import SwitchSession

Make = Callable[..., Any]
NO_EEM = {"archive_path": "", "eem": False}
RELOAD = Protection(allow_reload_timer=True)


@pytest.mark.parametrize("broken", [TalkError("The session broke."), PeerError("The switch refused it: %SYS-5-RELOAD")])
def test_a_restart_whose_order_went_wrong_is_called_off(
    make_rig: Make, want: Make, monkeypatch: pytest.MonkeyPatch, broken: OtedgeError
) -> None:
    rig = make_rig(NO_EEM)
    real = SwitchSession.converse

    def lost(self: SwitchSession, command: str, *args: Any, **more: Any) -> str:
        said = real(self, command, *args, **more)
        if command.startswith("reload in"):
            raise broken
        return said

    monkeypatch.setattr(SwitchSession, "converse", lost)
    with pytest.raises(OtedgeError):
        rig.ensure([want(443)], protection=RELOAD)
    assert rig.switch.reload is None
    assert rig.bound() is None


def test_a_session_that_breaks_while_a_restart_is_called_off_is_not_the_last_try(
    make_rig: Make, want: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig(NO_EEM)
    real, lost = SwitchSession.converse, []

    def once(self: SwitchSession, command: str, *args: Any, **more: Any) -> str:
        if command == "reload cancel" and not lost:
            lost.append(command)
            raise TalkError("The session broke.")
        return real(self, command, *args, **more)

    monkeypatch.setattr(SwitchSession, "converse", once)
    with pytest.raises(TalkError, match="old lists are bound again"):
        rig.ensure([want(443)], protection=RELOAD)
    assert rig.switch.reload is None
    assert rig.bound() is None


def test_a_restart_that_cannot_be_called_off_is_told(
    make_rig: Make, want: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig(NO_EEM)
    real = SwitchSession.configure

    def shut(self: SwitchSession, lines: Any, **how: Any) -> None:
        if any(line.startswith("ip access-group") for line in lines):
            raise NotEntered("Switch sw-l1 refused 'configure terminal': Unable to open.")
        real(self, lines, **how)

    def refused(self: SwitchSession, command: str, *args: Any, **more: Any) -> str:
        if command == "reload cancel":
            raise PeerError("Switch sw-l1 refused 'reload cancel'.")
        return converse(self, command, *args, **more)

    converse = SwitchSession.converse
    monkeypatch.setattr(SwitchSession, "configure", shut)
    monkeypatch.setattr(SwitchSession, "converse", refused)
    with pytest.raises(OtedgeError, match="No binding was changed") as caught:
        rig.ensure([want(443)], protection=RELOAD)
    assert rig.switch.reload is not None
    assert "refused 'reload cancel'" in caught.value.message


def test_users_whose_names_begin_alike_have_timers_of_their_own() -> None:
    one, two = "automation-line1", "automation-line2"
    name = timers.tag(one, "0123abcd")
    assert timers.owner(name, one) == one
    assert timers.owner(name, two) != two
    assert timers.owner(timers.tag("automation", "0123abcd"), "automation") == "automation"
    assert timers.owner(timers.tag("net-op", "0123abcd"), "netop") != "netop"
