# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.commands import (
    COMMANDS,
    Target,
    judge,
    plan_command,
    require_sent,
    targets_of,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import read_device
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.waiting import Patience, Watch, wait_for
from hypothesis import given
from hypothesis import strategies as st

A, B, STICK = "0A0000000001", "0A0000000002", "85641000E583142622"
ROWS: list[dict[str, Any]] = [
    {"id": 1, "mac": A, "unitID": A, "name": "op1"},
    {"id": "2", "mac": B, "unitID": B, "name": "op2"},
    {"id": "3", "mac": "0A0000000003", "unitID": STICK, "name": "op2"},
    {"id": "4", "mac": "0A0000000004", "name": "old", "movedToBin": "true"},
]
DEVICES = [read_device(row) for row in ROWS]


def targets(*references: str) -> tuple[Target, ...]:
    return targets_of(references, DEVICES)


def test_each_device_once_by_any_of_its_names() -> None:
    found = targets(" op1 ", "0a:00:00:00:00:02", STICK.lower(), A, "0A0000000003")
    assert [(target.reference, target.device.id) for target in found] == [
        ("op1", "1"),
        ("0a:00:00:00:00:02", "2"),
        (STICK.lower(), "3"),
    ]


def test_every_problem_at_once() -> None:
    with pytest.raises(InputError) as caught:
        targets("op1", "op2", "op3", "old", "0A:00:00:00:00:04", "")
    assert caught.value.details["problems"] == [
        f"device op2: 2 devices match (unit id {B}, id 2, unit id {STICK}, id 3)",
        "device op3: it does not exist on the server (near: op2, op1)",
        "device old: it lies in the recycle bin; restore it in the UMS console",
        "device 0A:00:00:00:00:04: it lies in the recycle bin; restore it in the UMS console",
        "device : it does not exist on the server",
    ]
    assert caught.value.message.startswith("Nothing was sent: ")


@pytest.mark.parametrize("command", COMMANDS)
def test_one_request_and_a_warning_where_work_is_stopped(command: str) -> None:
    decided = plan_command(command, targets("op1", B), [A, B] if command == "factory_reset" else [])
    assert len(decided.change.steps) == 1
    assert decided.change.after == [f"{command} -> {B} (unit id {B})", f"{command} -> op1 (unit id {A})"]
    assert [row["state"] for row in decided.rows] == ["planned", "planned"]
    assert bool(decided.warnings) is (command in ("reboot", "shutdown", "factory_reset"))
    assert all("Line state is not checked here" in text for text in decided.warnings)


def test_nothing_to_send() -> None:
    assert not plan_command("reboot", (), []).change.changed


@pytest.mark.parametrize(
    ("confirm", "text"),
    [
        ([], f"does not name {STICK} .*, op1 .unit id {A}"),
        ([A], "does not name 85641"),
        ([A, STICK, B], f"it names {B}, which would not be reset"),
        (["op1", STICK], "does not name op1 .* it names OP1"),
    ],
)
def test_factory_reset_needs_exactly_the_unit_ids(confirm: list[str], text: str) -> None:
    with pytest.raises(RefusedError, match=text):
        plan_command("factory_reset", targets("op1", STICK), confirm)


def test_factory_reset_takes_unit_ids_in_any_writing() -> None:
    assert plan_command("factory_reset", targets("op1", STICK), ["0a:00:00:00:00:01", STICK.lower()]).change.changed


entry = {"execID": "ID-x-1", "exectime": "1", "message": "OK", "state": "SUCCESS", "mac": ""}


def test_answer_is_matched_by_id_alone() -> None:
    entries = [
        {**entry, "id": "99", "mac": "0a0000000009"},
        {**entry, "id": "2", "state": "FAILED", "message": "Found no\n IP address for device"},
        {**entry, "id": 1},
        {**entry, "mac": "0A0000000003"},
    ]
    rows, others = judge(targets("op1", B, STICK), entries)
    assert [(row["id"], row["state"], row["message"]) for row in rows] == [
        ("1", "sent", "OK"),
        ("2", "failed", "Found no IP address for device"),
        ("3", "no_answer", ""),
    ]
    assert [(row["id"], row["mac"]) for row in others] == [("99", "0A0000000009"), (None, "0A0000000003")]
    with pytest.raises(UmsError) as caught:
        require_sent("reboot", rows, others)
    assert "failed for 2 of 3 device(s)" in caught.value.message
    assert f"{B}: Found no IP address for device; {STICK}: the server says nothing about it" in caught.value.message
    assert "It was sent to the other 1." in caught.value.message
    assert caught.value.details["devices"] == rows


@given(st.permutations(["1", "2", "3", "77", "78"]), st.sets(st.sampled_from(["1", "2", "3"])))
def test_neither_order_nor_count_matter(order: list[str], failed: set[str]) -> None:
    entries = [{**entry, "id": key, "state": "FAILED" if key in failed else "success"} for key in order]
    rows, others = judge(targets("op1", B, STICK), entries)
    assert {row["id"] for row in rows if row["state"] == "failed"} == failed
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert {row["id"] for row in others} == {"77", "78"}


def test_two_entries_for_one_device_and_one_failed() -> None:
    rows, _others = judge(targets("op1"), [{**entry, "id": "1"}, {**entry, "id": "1", "state": "", "message": "x"}])
    assert (rows[0]["state"], rows[0]["message"]) == ("failed", "x")


class Scripted:
    """A server whose device goes through looks, one a second; a look that is an exception is raised."""

    def __init__(self, looks: list[Any]) -> None:
        self.looks = looks
        self.time = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def device_row(self, _id: str, facets: str = "details") -> dict[str, Any] | None:
        look = self.looks[min(int(self.time), len(self.looks) - 1)]
        if isinstance(look, Exception):
            raise look
        if look is None:
            return None
        keys = ("online",) if facets == "online" else ("lastBoottime", "configChanges")
        return {key: look[key] for key in keys if key in look}


def on(boot: str = "2026-11-22 10:00", changes: str = "PENDING") -> dict[str, Any]:
    return {"online": "true", "lastBoottime": boot, "configChanges": changes}


OFF = {"online": False, "lastBoottime": "2026-11-22 10:00"}
AWAY = TalkError("Cannot read device 1 on https://fake: the connection failed (reset).")


@pytest.mark.parametrize(
    ("command", "looks", "seen", "seconds"),
    [
        ("reboot", [on(), on(), OFF, on()], "online", 3),
        ("reboot", [on(), on(), on("2026-11-22 10:05")], "online", 2),
        ("reboot", [on(), AWAY, OFF, AWAY, on()], "online", 4),
        ("reboot", [on()], None, 5),
        ("reboot", [OFF], None, 5),
        ("wake", [OFF, OFF, on()], "online", 2),
        ("wake", [on()], "online", 0),
        ("wake", [OFF], None, 5),
        ("shutdown", [on(), OFF], "offline", 1),
        ("shutdown", [on()], None, 5),
        ("shutdown", [None], None, 5),
        ("send_settings", [on(), on(changes="APPLIED")], "applied", 1),
        ("send_settings", [{}], None, 5),
        ("factory_reset", [on(), OFF, None], "gone", 2),
        ("factory_reset", [OFF], None, 5),
    ],
)
def test_waits_for_what_the_device_shows(command: str, looks: list[Any], seen: str | None, seconds: float) -> None:
    server = Scripted(looks)
    ask: Callable[..., Any] = wait_for
    watch = Watch("1", "op1", "2026-11-22 10:00")
    reached = ask(server, command, [watch], Patience(5, 1, lambda: server.time, server.sleep))
    assert (dict(reached), server.time) == ({"1": seen} if seen else {}, seconds)


def test_the_last_look_is_at_the_time_limit() -> None:
    server = Scripted([OFF])
    ask: Callable[..., Any] = wait_for
    ask(server, "wake", [Watch("1", "op1")], Patience(5, 3, lambda: server.time, server.sleep))
    assert server.slept == [3, 2]
