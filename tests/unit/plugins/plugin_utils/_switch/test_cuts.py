# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The session is cut, or the power, behind every line of every kind of run on every platform.

Two bindings change at once. Behind each line packets are judged by the simulated switch: each port is whole old or
whole new, the protected flow is never denied, and the next run repairs. The same over real SSH: test_ensure*.py.
"""

from __future__ import annotations

import contextlib
import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    OtedgeError,
    PeerError,
    RefusedError,
    TalkError,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.log_mode import permit_and_log
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted

# What a packet to these ports of a server shows: 80 is the protected flow; 9 is permitted by nothing but an open port.
PROBES = (80, 443, 444, 9)


@dataclass(frozen=True)
class Case:
    """One platform as it is set up: its configuration, and what the run may do without."""

    name: str
    platform: str
    lines: tuple[str, ...]
    config: tuple[tuple[str, Any], ...] = ()
    protection: Protection = Protection()


def _lists(head: str, entries: tuple[str, ...], bind: str, *ports: str) -> tuple[str, ...]:
    return (head, *entries, *(line for port in ports for line in (f"interface {port}", bind)))


_IOS = _lists(
    "ip access-list extended LEGACY",
    ("permit tcp any 10.20.60.0 0.0.0.255 eq www", "deny ip any any log"),
    "ip access-group LEGACY in",
    "GigabitEthernet1/0/1",
)
_PREFIX = ("permit tcp any 10.20.60.0/24 eq www", "deny ip any any log")
CASES = (
    Case("iosxe", "iosxe", _IOS),
    Case("ios15", "ios15", _IOS),
    Case("ios15-no-archive", "ios15", _IOS, (("archive_path", ""),), Protection(allow_no_revert_timer=True)),
    Case("eos", "eos", _lists("ip access-list LEGACY", _PREFIX, "ip access-group LEGACY in", "Ethernet1")),
    Case(
        "nxos",
        "nxos",
        (
            "feature scheduler",
            *_lists("ip access-list LEGACY", _PREFIX, "ip port access-group LEGACY in", "Ethernet1/1"),
        ),
    ),
    Case(
        "aoscx",
        "aoscx",
        _lists(
            "access-list ip LEGACY",
            ("10 permit tcp any 10.20.60.0/24 eq http", "20 deny any any any count log"),
            "apply access-list ip LEGACY in",
            "1/1/1",
        ),
    ),
)
case_of = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def _rules(*ports: int) -> Any:
    permits = [{"action": "permit", "protocol": "tcp", "dst": "10.20.60.0/24", "dst_ports": [[p, p]]} for p in ports]
    return rules_from([*permits, {"action": "deny", "log": True, "remark": "the end"}])


def _wanted(rig: Any, *ports: int, **more: Any) -> list[Wanted]:
    """Both ports of the platform with the same rules."""
    both = [Wanted(port, "in", f"l1-op{n}", _rules(*ports)) for n, port in enumerate(rig.side.ports, 1)]
    return [replace(want, **more) for want in both]


def _logging(rig: Any, *ports: int) -> list[Wanted]:
    return [replace(want, rules=permit_and_log(want.rules), logging=True) for want in _wanted(rig, *ports)]


def _absent(rig: Any, *_ports: int) -> list[Wanted]:
    one, two = _wanted(rig, rules=(), absent=True)
    return [replace(one, restore="LEGACY"), two]


Ask = Callable[..., list[Wanted]]
# What was made before, and what the run that is cut wants.
KINDS: dict[str, tuple[tuple[tuple[Ask, tuple[int, ...]], ...], tuple[Ask, tuple[int, ...]]]] = {
    "update": (((_wanted, (80,)), (_wanted, (80, 444))), (_wanted, (80, 443))),
    "log": ((), (_logging, (80, 443))),
    "enforce-after-log": (((_logging, (80, 443)),), (_wanted, (80, 443))),
    "absent": (((_wanted, (80, 444)), (_wanted, (80, 443))), (_absent, ())),
}


# What a switch remembers of time and of who was there.
_PASSING = frozenset({"last_change", "booted", "archives", "archive_index", "hits", "job_log"})
# What a switch was like behind the runs before the one that is cut: the same for every line.
_STATES: dict[Any, dict[str, Any]] = {}


class Run:
    """One run on a fresh switch, watched by packets."""

    def __init__(self, make_quick: Callable[..., Any], case: Case, kind: str) -> None:
        self.case = case
        config = {"lines": list(case.lines), **dict(case.config)}
        before, (ask, ports) = KINDS[kind]
        key = (case.name, before)
        self.rig = make_quick(config, case.platform, _STATES.get(key))
        if key not in _STATES:
            for earlier, earlier_ports in before:
                self.ensure(earlier(self.rig, *earlier_ports))
            self.settle()
            _STATES[key] = copy.deepcopy(self.rig.switch.dump())
        self.wanted = ask(self.rig, *ports)
        self.cut_at = ""
        self.old = self.pictures()
        self.seen: list[tuple[tuple[bool, ...], ...]] = []
        self.rig.steps.clear()
        self.rig.world.on_change = lambda: self.seen.append(self.pictures())

    def ensure(self, wanted: list[Wanted]) -> dict[str, Any]:
        result: dict[str, Any] = self.rig.ensure(wanted, protection=self.case.protection)
        return result

    def settle(self, seconds: float = 1.0) -> None:
        """Let the hardware of AOS-CX take over what was typed."""
        self.rig.wait(seconds)

    def pictures(self) -> tuple[tuple[bool, ...], ...]:
        """What each port does with the probes now."""
        return tuple(tuple(self.rig.permits(port, probe) for probe in PROBES) for port in self.rig.side.ports)

    def until(self, line: int, what: Callable[[], None]) -> None:
        """Run, and let something happen behind the line."""

        def stepped(number: int) -> None:
            if number == line:
                self.cut_at = self.rig.steps[-1]
                what()

        self.rig.on_step = stepped
        with contextlib.suppress(TalkError):
            self.ensure(self.wanted)
        self.rig.on_step = lambda number: None
        self.settle()

    def left(self) -> str:
        """What the cut run left, without what is another thing each time."""
        state = {key: value for key, value in self.rig.switch.dump().items() if key not in _PASSING}
        return re.sub(r"otedge-automation-\w+|\d+\.\d+", "", json.dumps(state, default=str, sort_keys=True))

    def ends(self, new: tuple[tuple[bool, ...], ...]) -> None:
        """Each port was whole old or whole new at every instant, and the protected flow was never denied."""
        for picture in self.seen:
            for index, port in enumerate(picture):
                assert port in (self.old[index], new[index]), self.rig.steps[-3:]
                assert port[0]

    def repaired(self, new: tuple[tuple[bool, ...], ...]) -> None:
        """The next run ends where the cut one was to, and the one behind it writes nothing.

        Of AOS-CX nobody can tell whose revert timer is pending where the run was cut before it had left its mark: the
        next run says so and binds nothing, and works once that timer has fired.
        """
        if self.case.platform == "aoscx" and self.rig.switch.pending and self.pictures() == self.old:
            try:
                self.ensure(self.wanted)
            except (PeerError, RefusedError) as exc:
                assert "revert timer" in exc.message
                assert self.pictures() == self.old
                self.settle(121)
        self.ensure(self.wanted)
        self.settle()
        assert self.pictures() == new
        written = self.rig.writes()
        assert not self.ensure(self.wanted)["changed"]
        assert self.rig.writes() == written
        # Nothing takes it back later, and a restart brings the same.
        self.settle(4000)
        assert self.pictures() == new
        self.rig.switch.power_cut()
        self.settle()
        assert self.pictures() == new


_LENGTHS: dict[tuple[str, str], tuple[int, int, tuple[tuple[bool, ...], ...]]] = {}


def _whole(make_quick: Callable[..., Any], case: Case, kind: str) -> tuple[int, int, tuple[tuple[bool, ...], ...]]:
    """How many lines the uncut run types, which one first names a list at a port, and what the ports do behind it."""
    if (case.name, kind) not in _LENGTHS:
        run = Run(make_quick, case, kind)
        assert run.ensure(run.wanted)["changed"]
        run.settle()
        new = run.pictures()
        assert new != run.old
        run.ends(new)
        bound = next(number for number, line in enumerate(run.rig.steps, 1) if _binds(line))
        _LENGTHS[case.name, kind] = len(run.rig.steps), bound, new
    return _LENGTHS[case.name, kind]


@case_of
@pytest.mark.parametrize("kind", KINDS)
def test_pitfall_30_a_session_cut_behind_any_line_leaves_old_or_new_at_every_instant(
    make_quick: Callable[..., Any], case: Case, kind: str
) -> None:
    length, bound, new = _whole(make_quick, case, kind)
    assert length > 5
    repaired: set[str] = set()
    # While lists are built, which binds nothing, one kind of run is like another.
    for line in range(1 if kind in ("update", "absent") else max(1, bound - 4), length + 1):
        run = Run(make_quick, case, kind)
        run.until(line, run.rig.cut)
        # Another session can be had: the run puts all ports back, or all are new.
        assert run.pictures() in (run.old, new)
        run.ends(new)
        # Most lines leave the switch as another one did: each such state is repaired once.
        left = run.left()
        if left not in repaired:
            repaired.add(left)
            run.repaired(new)
            run.ends(new)


@case_of
@pytest.mark.parametrize("kind", ["update"])
def test_a_power_cut_of_the_switch_behind_any_line_leaves_old_or_new_and_the_next_run_repairs(
    make_quick: Callable[..., Any], case: Case, kind: str
) -> None:
    length, _bound, new = _whole(make_quick, case, kind)
    repaired: set[str] = set()
    for line in range(1, length + 1):
        run = Run(make_quick, case, kind)
        saved = run.rig.show("show startup-config")
        run.until(line, run.rig.switch.power_cut)
        run.ends(new)
        if run.rig.show("show startup-config") == saved:
            # What was not saved is gone: the startup configuration came back.
            assert run.pictures() == run.old or not run.rig.dropped
        left = run.left()
        if left not in repaired:
            repaired.add(left)
            run.repaired(new)


@case_of
def test_pitfall_39_a_switch_that_is_lost_behind_any_line_takes_the_change_back_by_itself(
    make_quick: Callable[..., Any], case: Case
) -> None:
    length, bound, new = _whole(make_quick, case, "update")
    reverted = set()
    repaired: set[str] = set()
    for line in range(max(1, bound - 4), length + 1):
        run = Run(make_quick, case, "update")
        with contextlib.suppress(OtedgeError):
            run.until(line, lambda run=run: run.rig.cut(lost=True))
        now = run.pictures()
        run.ends(new)
        run.seen.clear()
        run.settle(3 * 3600)
        after = run.pictures()
        # A timer brings every port back, or the change was confirmed; without one nobody is there to do it.
        assert after in ((run.old, now) if now != run.old else (run.old,))
        assert after in (run.old, new) or case.protection.allow_no_revert_timer
        reverted.add(now != after)
        run.rig.lost = False
        left = run.left()
        if left not in repaired:
            repaired.add(left)
            run.repaired(new)
    assert True in reverted or case.protection.allow_no_revert_timer


def _binds(line: str) -> bool:
    """True for a line that names a list at a port: LEGACY stands for one that is bound again."""
    return re.search(r"(?:access-group|apply access-list ip) (?:OT[EL]_|LEGACY)", line) is not None
