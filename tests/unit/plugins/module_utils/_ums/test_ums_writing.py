# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    OtedgeError,
    PeerError,
    RefusedError,
    TalkError,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.writing import (
    Applied,
    Write,
    carry_out,
    tell,
    written,
)


class Log:
    """Writes that note when they ran, and fail where told."""

    def __init__(self, **fails: Exception) -> None:
        self.fails = fails
        self.done: list[str] = []
        self.busy = 0
        self.most = 0
        self.lock = threading.Lock()
        self.gate: threading.Barrier | None = None

    def write(self, name: str) -> Write:
        def send() -> None:
            with self.lock:
                self.busy += 1
                self.most = max(self.most, self.busy)
            if self.gate:
                self.gate.wait(5)
            with self.lock:
                self.busy -= 1
            if name in self.fails:
                raise self.fails[name]
            self.done.append(name)

        return Write(send, written("created", name))

    def writes(self, text: str) -> list[Write]:
        return [self.write(name) for name in text]


def items(rows: list[dict[str, str]]) -> str:
    return "".join(sorted(row["item"] for row in rows))


@pytest.mark.parametrize("parallel", [1, 3])
def test_stages_run_one_after_the_other(parallel: int) -> None:
    log, applied = Log(), Applied()
    carry_out((log.writes("abc"), [], log.writes("de")), applied, parallel)
    assert sorted(log.done[:3]) == ["a", "b", "c"]
    assert sorted(log.done[3:]) == ["d", "e"]
    assert items(applied.written) == "abcde"
    assert applied.written[0].keys() == {"action", "item"}


def test_as_many_at_a_time_as_allowed_and_no_more() -> None:
    log = Log()
    log.gate = threading.Barrier(3)  # breaks unless three really run together
    carry_out([log.writes("abcdef")], Applied(), 3)
    assert log.most == 3


@pytest.mark.parametrize(
    ("error", "key"),
    [(PeerError("no"), "failed"), (TalkError("silence"), "unknown"), (RefusedError("stop file"), "left")],
)
def test_nothing_begins_after_a_failure_and_it_says_what_was_done(error: OtedgeError, key: str) -> None:
    log, applied = Log(c=error), Applied()
    with pytest.raises(type(error)) as caught:
        carry_out((log.writes("abcd"), log.writes("ef")), applied)
    assert caught.value is error
    assert log.done == ["a", "b"]
    details = {name: items(rows) for name, rows in error.details.items()}
    assert details == {
        "written": "ab",
        "failed": "",
        "unknown": "",
        "left": "def",
        key: "cdef" if key == "left" else "c",
    }


def test_every_write_is_told_exactly_once_however_many_run() -> None:
    names = "abcdefghijklmnopqrst"
    log = Log(g=PeerError("no"), h=TalkError("silence"))
    with pytest.raises(OtedgeError) as caught:
        carry_out([log.writes(names)], Applied(), 4)
    told = [items(caught.value.details[key]) for key in ("written", "failed", "unknown", "left")]
    assert "".join(sorted("".join(told))) == names
    assert told[0] == "".join(sorted(log.done))


def test_a_fault_of_ours_is_not_dressed_up() -> None:
    log = Log(a=PeerError("no"), b=KeyError("x"))
    log.gate = threading.Barrier(2)
    with pytest.raises(KeyError):
        carry_out([log.writes("ab")], Applied(), 2)


def test_the_message_counts_earlier_rounds_too() -> None:
    exc = PeerError("It refused.", fix="Look.", written=list(written("moved", "b")), unknown=[{}], left=[{}, {}])
    tell(exc, written("created", "a"))
    assert [row["item"] for row in exc.details["written"]] == ["a", "b"]
    assert str(exc) == (
        "It refused. In all 2 written, 1 not known (its answer was lost), 2 left. Look."
        " Run it again: it reads the server anew and writes only what is left."
    )
    alone = PeerError("It refused.", fix="Run it again.")
    tell(alone, [])
    assert str(alone) == "It refused. Run it again."
    some = PeerError("It went to one of two.", fix="Look.", written=list(written("reboot", "a")))
    tell(some, [])
    assert str(some) == "It went to one of two. Look."


def test_a_plan_that_is_refused_after_a_round_does_not_say_that_nothing_was_changed() -> None:
    exc = PeerError("Nothing was changed: op1 has come online.")
    tell(exc, written("created", "a"))
    assert exc.message == "op1 has come online. In all 1 written, 0 left."


def test_a_write_that_did_nothing_or_half_is_not_told_as_written() -> None:
    applied = Applied()
    rows = written("moved", "a", "b")
    carry_out([[Write(lambda: (), written("created", "x")), Write(lambda: rows[:1], rows)]], applied)
    assert items(applied.written) == "a"


def test_an_error_after_the_write_leaves_it_among_the_written() -> None:
    rows = written("created", "x")
    log = Log(x=PeerError("read back: no", written=rows))
    with pytest.raises(PeerError) as caught:
        carry_out([log.writes("axb")], Applied())
    details = {name: items(rows) for name, rows in caught.value.details.items()}
    assert details == {"written": "ax", "failed": "", "unknown": "", "left": "b"}


def test_failures_beside_the_first_are_counted() -> None:
    exc = PeerError("It refused.", written=[{}], failed=[{}, {}, {}], unknown=[], left=[])
    tell(exc, [])
    assert exc.message == "It refused. In all 1 written, 3 failed, 0 left."
