# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restarts and boot entries: what bcdedit prints in two languages, and what counts as a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    InputError,
    PeerError,
    RefusedError,
    TalkError,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import boot, boot_entry
from hypothesis import given
from hypothesis import strategies as st

NIC4, NIC6 = "{7b1f5ee2-6d6a-11e9-a2c4-806e6f6e6963}", "{7b1f5ee3-6d6a-11e9-a2c4-806e6f6e6963}"


def shown(*, german: bool = False, once: str = "") -> str:
    words = ("Bezeichner", "Anzeigereihenfolge", "Startsequenz", "Zeitlimit", "Beschreibung")
    english = ("identifier", "displayorder", "bootsequence", "timeout", "description")
    identifier, order, sequence, limit, text = words if german else english
    lines = ["", "Startverwaltung" if german else "Firmware Boot Manager", "-" * 21, f"{identifier:<24}{{fwbootmgr}}"]
    lines += [f"{order:<24}{{bootmgr}}", f"{'':<24}{NIC4}", f"{'':<24}{NIC6.upper()}"]
    lines += [f"{sequence:<24}{once}"] if once else []
    lines += [f"{limit:<24}1", "", "Windows-Start-Manager", "-" * 21, f"{identifier:<24}{{bootmgr}}"]
    lines += [f"{'path':<24}\\EFI\\Microsoft\\Boot\\bootmgfw.efi", f"{text:<24}Windows Boot Manager"]
    lines += [f"{'displayorder':<24}{{current}}", ""]
    for name, label in ((NIC4, "Onboard NIC (IPV4)"), (NIC6, "Onboard NIC (IPV6)")):
        lines += ["Firmwareanwendung (101fffff)", "-" * 28, f"{identifier:<24}{name}", f"{text:<24}{label}", ""]
    return "\r\n".join(lines)


@pytest.mark.parametrize("german", [False, True])
def test_entries_are_read_without_a_word(german: bool) -> None:
    plain = boot_entry.parse(shown(german=german))
    assert plain.uefi
    assert plain.once == ""
    assert set(plain.entries) == {"{bootmgr}", NIC4, NIC6}
    assert boot_entry.parse(shown(german=german, once=NIC6)).once == NIC6
    assert boot_entry.choose(plain, "ipv4") == NIC4
    assert boot_entry.choose(plain, NIC6.upper()) == NIC6
    for wanted in ("Onboard NIC", "CD drive"):
        with pytest.raises(InputError, match="Name one by its identifier"):
            boot_entry.choose(plain, wanted)


@pytest.mark.parametrize("text", ["", "No matching objects are found or the store is empty.", "{fwbootmgr}\n---\n"])
def test_legacy_bios_is_refused(text: str) -> None:
    assert not boot_entry.parse(text).uefi
    with pytest.raises(RefusedError, match="legacy BIOS"):
        boot_entry.choose(boot_entry.parse(text), "IPV4")


@given(st.text(alphabet="-{} \n\tabc:019", max_size=400))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = boot_entry.parse(text)
    assert all(name.startswith("{") and name.endswith("}") for name in found.entries)


def test_an_entry_is_set_once_and_cleared_once() -> None:
    state = boot.BootState(boot_entry.parse(shown()))
    change = boot.plan_entry(state, "IPV4")
    (step,) = change.steps
    assert step.command == f"bcdedit /set {{fwbootmgr}} bootsequence {NIC4}"
    assert step.undo == "bcdedit /deletevalue {fwbootmgr} bootsequence"
    set_already = boot.BootState(boot_entry.parse(shown(once=NIC4)))
    assert not boot.plan_entry(set_already, "IPV4").changed
    assert [one.command for one in boot.plan_entry(set_already, "").steps] == [step.undo]
    assert not boot.plan_entry(state, "").changed


def test_an_armed_pc_is_never_restarted() -> None:
    with pytest.raises(RefusedError, match="armed"):
        boot.refuse_armed(boot.BootState(armed=True))


START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
BEFORE = boot.Uptime(START, 200_000.0)


@pytest.mark.parametrize(
    ("moved", "up", "elapsed", "expected"),
    [
        (timedelta(days=2), 30.0, 90.0, True),
        (timedelta(hours=1), 200_090.0, 90.0, False),  # only the clock was put forward
        (timedelta(seconds=60), 30.0, 90.0, False),  # within what clocks are corrected by
        (timedelta(seconds=61), 30.0, 90.0, True),
        (timedelta(0), 200_090.0, 90.0, False),
        (timedelta(days=-1), 30.0, 90.0, False),  # the clock went back: not proved, look at the PC
        (timedelta(days=2), 90.0, 90.0, False),
    ],
)
def test_what_counts_as_a_restart(moved: timedelta, up: float, elapsed: float, expected: bool) -> None:
    assert boot.restarted(BEFORE, boot.Uptime(START + moved, up), elapsed) is expected


class FakePc:
    """Answers Identify and the two queries turn by turn; None is silence, a text is a fault."""

    def __init__(self, *turns: Any) -> None:
        self.turns, self.transport, self.resets, self.time = list(turns), self, 0, 0.0

    def clock(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def reset(self) -> None:
        self.resets += 1

    def identify(self) -> dict[str, str]:
        self.turn = self.turns[0] if len(self.turns) == 1 else self.turns.pop(0)
        if self.turn is None:
            raise TalkError("No answer.")
        if isinstance(self.turn, str):
            raise PeerError(self.turn)
        return {}

    def enumerate(self, wql: str) -> list[dict[str, Any]]:
        if "SystemUpTime" in wql:
            return [{"SystemUpTime": str(int(self.turn.seconds))}]
        return [{"LastBootUpTime": self.turn.boot.isoformat(), "LocalDateTime": self.turn.boot.isoformat()}]


def waiting(pc: FakePc) -> boot.Waiting:
    return boot.Waiting(60.0, 3.0, pc.clock, pc.sleep)


def test_waiting_for_the_way_back_outlives_silence_and_faults() -> None:
    back = boot.Uptime(START + timedelta(days=3), 5.0)
    pc = FakePc(BEFORE, None, None, "starting", back)
    assert boot.wait_back(pc, BEFORE, 0.0, waiting(pc)) == back  # type: ignore[arg-type]
    assert pc.resets == 3


@pytest.mark.parametrize(
    ("turn", "text"),
    [
        (BEFORE, "it answers, is up for 200000 s"),
        (boot.Uptime(START + timedelta(hours=1), 200_060.0), "is up for 200060 s"),
        (None, "does not answer as it should"),
    ],
)
def test_a_restart_that_is_not_proved_is_a_failure(turn: Any, text: str) -> None:
    pc = FakePc(turn)
    with pytest.raises(PeerError, match=text):
        boot.wait_back(pc, BEFORE, 0.0, waiting(pc))  # type: ignore[arg-type]


def test_gone_means_twice_silent() -> None:
    pc = FakePc(BEFORE, None, BEFORE, None, None)
    boot.wait_gone(pc, 0.0, waiting(pc))  # type: ignore[arg-type]
    assert pc.time == 15.0
    pc = FakePc(BEFORE)
    with pytest.raises(PeerError, match="still answers"):
        boot.wait_gone(pc, 0.0, waiting(pc))  # type: ignore[arg-type]
