# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    InputError,
    OtedgeError,
    RefusedError,
    TalkError,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import acquire_lock
from ansible_collections.otedge.endpoint.plugins.module_utils._ums import client
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.modules import ums_device_command as plugin
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import (
    Answer,
    Bench,
    FakeModule,
    checked,
    error,
)

A, B, C = "0A0000000001", "0A0000000002", "0A0000000003"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    running = Bench(tmp_path)
    running.fake.add_device(A, name="op1", lastIP="10.0.0.1", online=True, lastBoottime="2026-11-22 10:00")
    running.fake.add_device(B, name="op2", lastIP="10.0.0.2", online=False)
    running.fake.add_device(C, name="new")
    yield running
    running.server.close()


def ids(bench: Bench) -> dict[str, str]:
    return {row["name"]: key for key, row in bench.fake.devices.items()}


def test_one_request_for_all_and_rows_in_the_order_asked(bench: Bench) -> None:
    bench.fake.extra_entries = [{"id": "9999", "mac": "0A00000000FF", "state": "SUCCESS", "message": "relay"}]
    result = bench.run(plugin, command="wake", devices=["new", B, "op1"])
    known = ids(bench)
    assert bench.fake.commands == [("wakeup", [known["new"], known["op2"], known["op1"]])]
    assert result["changed"] and result["warnings"] == []
    assert [(row["device"], row["id"], row["state"], row["seen"]) for row in result["devices"]] == [
        ("new", known["new"], "sent", None),
        (B, known["op2"], "sent", None),
        ("op1", known["op1"], "sent", None),
    ]
    assert result["others"] == [{"id": "9999", "mac": "0A00000000FF", "state": "success", "message": "relay"}]


def test_check_mode_sends_nothing_and_shows_the_same_diff(bench: Bench) -> None:
    planned = bench.run(plugin, check_mode=True, command="reboot", devices=["op1"], wait=True)
    assert bench.fake.commands == []
    assert planned["changed"] and planned["devices"][0]["state"] == "planned"
    assert planned["diff"]["after"] == f'[\n  "reboot -> op1 (unit id {A})"\n]\n'
    assert "Line state is not checked here" in planned["warnings"][0]
    assert bench.run(plugin, command="reboot", devices=["op1"])["diff"] == planned["diff"]


def test_empty_list_sends_nothing(bench: Bench) -> None:
    result = bench.run(plugin, command="reboot", devices=[])
    assert not result["changed"] and bench.fake.commands == []


def test_failed_devices_fail_the_task_with_what_the_server_says(bench: Bench) -> None:
    with pytest.raises(
        UmsError, match="failed for 1 of 2 .* new: Found no IP address for device. It was sent"
    ) as caught:
        bench.run(plugin, command="send_settings", devices=["op1", "new"])
    told = caught.value.details
    assert [row["state"] for row in told["devices"]] == ["sent", "failed"]
    assert told["written"] == [{"action": "send_settings", "item": f"op1 (unit id {A})"}]
    assert told["failed"] == [{"action": "send_settings", "item": f"new (unit id {C})"}]
    assert "un it again" not in str(caught.value)
    assert len(bench.fake.commands) == 1


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"command": "reboot", "devices": ["op1", "op9"]}, "device op9: it does not exist"),
        ({"command": "reboot", "devices": ["op1"], "confirm": [A]}, "confirm has no meaning with command=reboot"),
        ({"command": "wake", "devices": ["op1"], "wait": True, "wait_poll": 0}, "must be 1 or more"),
        ({"command": "factory_reset", "devices": ["op1", "op2"], "confirm": [A]}, "does not name op2"),
    ],
)
def test_refused_with_nothing_sent(bench: Bench, options: dict[str, Any], text: str) -> None:
    with pytest.raises((InputError, RefusedError), match=text):
        bench.run(plugin, **options)
    assert bench.fake.commands == []


def test_device_in_the_bin(bench: Bench) -> None:
    bench.fake.devices[ids(bench)["op1"]]["movedToBin"] = "true"
    with pytest.raises(InputError, match="device op1: it lies in the recycle bin"):
        bench.run(plugin, command="wake", devices=["op1", "op2"])
    assert bench.fake.commands == []


@pytest.mark.parametrize("command", ["update", "convert", "settings2tc"])
def test_commands_that_the_api_has_not_got(command: str) -> None:
    options = {"host": "h", "username": "u", "password": "p", "devices": [], "command": command}
    with pytest.raises(AssertionError, match="must be one of: reboot, shutdown, wake, send_settings, factory_reset"):
        checked(plugin.SPEC, options)


def test_factory_reset_without_confirm() -> None:
    options = {"host": "h", "username": "u", "password": "p", "devices": ["op1"], "command": "factory_reset"}
    with pytest.raises(AssertionError, match="command is factory_reset but all of the following are missing: confirm"):
        checked(plugin.SPEC, options)


def with_time(bench: Bench, step: Any, **options: Any) -> dict[str, Any]:
    """Run with a clock that stands still but for sleeps; ``step`` is told of each sleep."""
    clock = {"now": 0.0}

    def sleep(seconds: float) -> None:
        clock["now"] += seconds
        step(clock["now"])

    module: Any = FakeModule(checked(plugin.SPEC, {**bench.account, **options}))
    return plugin.work(module, lambda: clock["now"], sleep)


def test_waits_until_a_rebooted_device_is_back(bench: Bench) -> None:
    row = bench.fake.devices[ids(bench)["op1"]]
    result = with_time(bench, lambda now: row.update(online=now > 20), command="reboot", devices=["op1"], wait=True)
    assert result["devices"][0]["seen"] == "online"


def test_device_that_does_not_come_back_in_time(bench: Bench) -> None:
    with pytest.raises(UmsError, match=r"were not seen online within 60 s: op2\. Look at") as caught:
        with_time(bench, lambda _now: None, command="wake", devices=["op1", "op2"], wait=True, wait_timeout=60)
    assert [row["seen"] for row in caught.value.details["devices"]] == ["online", None]
    assert len(bench.fake.commands) == 1


def test_lost_session_does_not_send_twice(bench: Bench) -> None:
    handle = bench.fake.handle

    def expire(method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        return error(401, "ITG-0B004") if method == "POST" else handle(method, path, query, body)

    bench.fake.handle = expire  # type: ignore[method-assign]
    with pytest.raises(UmsError, match="the session was lost before it; it was not sent again"):
        bench.run(plugin, command="reboot", devices=["op1"])


def test_lost_answer_says_that_it_may_have_been_sent(bench: Bench) -> None:
    handle = bench.fake.handle

    def drop(method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        if method == "POST":
            handle(method, path, query, body)
            raise ConnectionResetError
        return handle(method, path, query, body)

    bench.fake.handle = drop  # type: ignore[method-assign]
    with pytest.raises(TalkError) as caught:
        bench.run(plugin, command="reboot", devices=["op1"])
    assert "may have been sent all the same" in caught.value.fix
    assert caught.value.details["unknown"] == [{"action": "reboot", "item": f"op1 (unit id {A})"}]
    assert len(bench.fake.commands) == 1


def test_records_need_the_lock_and_get_evidence(bench: Bench, tmp_path: Path) -> None:
    records = tmp_path / "records"
    options: dict[str, Any] = {"command": "reboot", "site_records": str(records)}
    with pytest.raises(RefusedError, match="lock"):
        bench.run(plugin, devices=["op1"], **options)
    assert bench.fake.commands == []
    acquire_lock(str(records), os.getpid(), "test", 0.0)
    bench.run(plugin, check_mode=True, devices=["op1"], **options)
    bench.run(plugin, devices=["op1"], **options)
    with pytest.raises(UmsError):
        bench.run(plugin, devices=["op1", "new"], **options)
    lines = [json.loads(line) for line in (records / "evidence.jsonl").read_text().splitlines()]
    assert [(line["kind"], line["actor"], line["outcome"]) for line in lines] == [
        ("intent", "ums_device_command", ""),
        ("result", "ums_device_command", "done"),
        ("intent", "ums_device_command", ""),
        ("result", "ums_device_command", "failed"),
    ]
    assert lines[0]["data"]["after"] == [f"reboot -> op1 (unit id {A})"]
    assert "new: Found no IP address" in lines[3]["data"]["error"]


def test_library_missing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "REQUESTS_ERROR", ImportError("requests"))
    with pytest.raises(OtedgeError, match="library requests is missing") as caught:
        bench.run(plugin, command="reboot", devices=["op1"])
    assert "pip install" in json.dumps(caught.value.as_failure())
