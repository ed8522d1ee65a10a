# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ums_devices against the simulated UMS, in parallel: faults in the middle and their repair, strangers, attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.modules import ums_devices
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsServer, UmsStore
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import FakeModule, checked
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.journal_hooks import JournalHooks

FIRMWARE = {"product": "IGEL OS 12", "version": "12.9.0"}
CONFIG: dict[str, Any] = {
    "firmwares": [FIRMWARE],
    "directories": ["plant-a/line-1", "plant-b"],
    "attributes": [{"identifier": "country", "type": "range", "allowed_values": ["DE", "AT"]}],
}
MANY = 60
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def hooks() -> JournalHooks:
    return JournalHooks()


@pytest.fixture
def store(hooks: JournalHooks) -> UmsStore:
    return UmsStore(CONFIG, hooks, None)


@pytest.fixture
def run(store: UmsStore, tmp_path: Path) -> Iterator[Run]:
    server = UmsServer(store, "svc-imi", "lab-only-ü", tmp_path)
    server.start()
    account = {
        "host": "127.0.0.1",
        "port": server.port,
        "username": "svc-imi",
        "password": "lab-only-ü",
        "ca_path": server.ca_path,
        "timeout": 60,  # a busy machine is no fault of the server
    }

    def work(check_mode: bool = False, **options: Any) -> dict[str, Any]:
        module: Any = FakeModule(checked(ums_devices.SPEC, {**account, **options}), check_mode)
        return {**ums_devices.work(module), "warnings": module.warnings}

    yield work
    server.stop()


def stations(count: int = MANY, **more: Any) -> list[dict[str, Any]]:
    return [
        {"name": f"op{n}", "mac": f"001B1B00{n:04X}", "directory": "plant-a/line-1", "firmware": FIRMWARE, **more}
        for n in range(count)
    ]


@pytest.mark.parametrize("parallel", [1, 4, 16])
def test_one_login_one_list_one_write_a_device_then_nothing(run: Run, hooks: JournalHooks, parallel: int) -> None:
    result = run(devices=stations(), parallel=parallel)
    assert len(hooks.writes) == MANY
    reads = Counter(hooks.requests) - Counter(hooks.writes)
    assert reads == Counter(
        ["POST /login", "GET /directories/tcdirectories", "GET /thinclients?facets=details", "GET /firmwares",
         "POST /logout"]
    )  # fmt: skip
    assert len({row["id"] for row in result["devices"]}) == MANY
    hooks.requests.clear()
    again = run(devices=stations(), directory="plant-a", exclusive=True, parallel=parallel)
    assert not again["changed"] and again["drift"]["in_sync"]
    assert len(hooks.requests) == 5


@pytest.mark.parametrize("kind", ["create", "update", "move", "delete"])
@pytest.mark.parametrize(
    "broken",
    [
        ("status", {"status": 503}, "failed", "it is not available"),
        ("error", {"code": "ITG-FF002"}, "failed", "its database failed"),
        ("drop_after", {}, "unknown", "connection failed"),
        ("drop", {}, "unknown", "connection failed"),
    ],
)
def test_fault_in_the_middle_is_told_and_the_next_run_completes(
    run: Run, store: UmsStore, hooks: JournalHooks, kind: str, broken: tuple[str, dict[str, Any], str, str]
) -> None:
    fault, args, key, words = broken
    before = {"update": stations(30, site="x"), "move": stations(30, directory="plant-b"), "delete": stations(30)}
    if kind in before:
        run(devices=before[kind])
        hooks.writes.clear()
    task: dict[str, Any] = {"devices": stations(30, site="y" if kind == "update" else "x")}
    if kind == "move":
        task["devices"] = stations(30)
    if kind == "delete":
        task["state"] = "absent"
    store.inject(fault, {**args, "method": "DELETE" if kind == "delete" else "PUT", "after": 0 if kind == "move" else 9,
                         "count": 1})  # fmt: skip
    with pytest.raises(OtedgeError, match=words) as caught:
        run(**task)
    told = caught.value.details
    total = sum(len(told[name]) for name in ("written", "failed", "unknown", "left"))
    assert total == 30
    done = {"create": "created", "update": "updated", "move": "moved", "delete": "deleted"}[kind]
    assert {row["action"] for name in ("written", "failed", "unknown", "left") for row in told[name]} == {done}
    assert told[key]
    assert "un it again" in caught.value.fix
    store.inject("none", {})
    assert run(**task)["changed"] or fault == "drop_after"
    assert max(Counter(hooks.writes).values()) == (len(hooks.writes) if kind == "create" else 1)
    if kind == "create":
        assert len(hooks.writes) == 30, "no device is created twice"
    assert not run(**task)["changed"]
    assert len(store.devices) == (0 if kind == "delete" else 30)


def test_session_that_ends_in_the_middle_stops_creates_and_the_next_run_completes(
    run: Run, store: UmsStore, hooks: JournalHooks
) -> None:
    store.inject("session_lost", {"after": 20, "count": 1})
    with pytest.raises(OtedgeError, match="the session was lost before it; it was not sent again") as caught:
        run(devices=stations())
    assert len(store.devices) == len(caught.value.details["written"]) < MANY
    run(devices=stations())
    assert len(store.devices) == len(hooks.writes) == MANY


def test_session_that_ends_in_the_middle_of_updates_is_renewed(run: Run, store: UmsStore, hooks: JournalHooks) -> None:
    run(devices=stations(30))
    hooks.requests.clear()
    store.inject("session_lost", {"method": "PUT", "after": 9, "count": 1})
    run(devices=stations(30, site="x"))
    assert hooks.requests.count("POST /login") == 2
    assert not run(devices=stations(30, site="x"))["changed"]


def strangers(store: UmsStore, count: int, directory: str = "line-1", **more: Any) -> list[str]:
    parent = next(key for key, row in store.directories.items() if row["name"] == directory)
    firmware = next(iter(store.firmwares))
    return [
        store.add_device(f"00AA000000{n:02X}", parentID=parent, firmwareID=firmware, name=f"old{n}", **more)["id"]
        for n in range(count)
    ]


def test_exclusive_list(run: Run, store: UmsStore, hooks: JournalHooks) -> None:
    strangers(store, 3, lastIP="10.0.0.9")
    task: dict[str, Any] = {"devices": stations(2), "directory": "plant-a", "exclusive": True}
    planned = run(check_mode=True, **task)
    compared = run(**{**task, "state": "compared", "exclusive": False})
    assert hooks.writes == [] and not compared["changed"]
    assert [row["action"] for row in planned["drift"]["strangers"]] == ["deleted"] * 3
    assert [row["action"] for row in compared["drift"]["strangers"]] == ["left"] * 3
    done = run(**task)
    assert done["diff"] == planned["diff"] and done["drift"] == planned["drift"]
    assert {row["name"] for row in store.devices.values()} == {"op0", "op1"}
    assert not run(**task)["changed"]


def test_exclusive_removes_nobody_who_came_while_it_ran(
    run: Run, store: UmsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers(store, 2)
    send = ums_devices.apply_devices

    def apply(ums: Any, steps: Any) -> Any:
        applied = send(ums, steps)
        if len(store.devices) == 2:
            strangers(store, 1)
        return applied

    monkeypatch.setattr(ums_devices, "apply_devices", apply)
    task: dict[str, Any] = {"devices": stations(2), "directory": "plant-a", "exclusive": True}
    assert len(run(**task)["drift"]["strangers"]) == 2
    assert sorted(row["name"] for row in store.devices.values()) == ["old0", "op0", "op1"]


def test_exclusive_refuses_and_writes_nothing(run: Run, store: UmsStore, hooks: JournalHooks) -> None:
    task: dict[str, Any] = {"directory": "plant-a", "exclusive": True}
    with pytest.raises(RefusedError, match="list of devices is empty"):
        run(devices=[], **task)
    assert hooks.requests == []
    first, *_more = strangers(store, 6)
    with pytest.raises(RefusedError, match=r"6 devices below plant-a .* max_deletions \(5\)"):
        run(devices=stations(2), **task)
    store.devices[first]["online"] = True
    with pytest.raises(RefusedError, match="online: old0"):
        run(devices=stations(2), max_deletions=6, **task)
    assert hooks.writes == []


@pytest.mark.parametrize("fault", ["shuffled", "wrapper", "stringly_booleans", "delete_leaves_record", "localized"])
def test_exclusive_with_an_odd_server(run: Run, store: UmsStore, fault: str) -> None:
    strangers(store, 4)
    store.inject(fault, {"count": 1} if fault == "delete_leaves_record" else {})
    task: dict[str, Any] = {"devices": stations(10), "directory": "plant-a", "exclusive": True}
    run(**task)
    assert not run(**task)["changed"]
    assert len(store.devices) == 10


def test_attributes(run: Run, store: UmsStore, hooks: JournalHooks) -> None:
    run(devices=stations(2))
    with pytest.raises(OtedgeError, match="attribute country does not take 'FR'; it takes: DE, AT"):
        run(devices=stations(2, attributes={"country": "FR"}))
    done = run(devices=stations(3, attributes={"country": "DE"}))
    assert [row["action"] for row in done["devices"]] == ["updated", "updated", "created"]
    assert done["drift"]["differences"][0]["field"] == "attributes.country"
    hooks.requests.clear()
    assert not run(devices=stations(3, attributes={"country": "DE"}))["changed"]
    assert len(hooks.requests) == 6
    assert run(devices=stations(3, attributes={"country": ""}))["changed"]
    assert not run(devices=stations(3, attributes={"country": ""}))["changed"]


def test_missing_rights_are_no_empty_server(run: Run, store: UmsStore, hooks: JournalHooks) -> None:
    run(devices=stations(2))
    store.inject("weak_rights", {})
    hooks.writes.clear()
    for state in ("present", "absent", "compared"):
        with pytest.raises(RefusedError, match="shows neither devices nor directories.*missing rights") as caught:
            run(devices=stations(2), state=state, empty_server=False)
        assert "empty_server: true" in caught.value.fix
    assert hooks.writes == []
    store.inject("none", {})
    assert not run(devices=stations(2), empty_server=False)["changed"]


def test_essential_edition(run: Run, store: UmsStore) -> None:
    store.inject("license", {})
    with pytest.raises(OtedgeError, match="a licence is missing: the edition") as caught:
        run(devices=stations(2))
    assert "Essential" in caught.value.fix
    assert caught.value.details["error_code"] == "ITG-0C001"


def test_device_in_the_bin(run: Run, store: UmsStore, hooks: JournalHooks) -> None:
    run(devices=stations(2))
    hooks.writes.clear()
    next(row for row in store.devices.values() if row["name"] == "op0")["bin"] = True
    with pytest.raises(RefusedError, match="op0 lies in the recycle bin"):
        run(devices=stations(3))
    assert hooks.writes == []
    problems = run(devices=stations(3), state="compared")["drift"]["problems"]
    assert [row["problem"].split(" ")[0] for row in problems] == ["op0"]
