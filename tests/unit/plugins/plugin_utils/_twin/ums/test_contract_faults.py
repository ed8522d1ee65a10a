# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault of the simulated UMS, seen over the wire (reference ums-imi-v3, section 12.3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums.faults import KNOWN

TC, DIR = "/thinclients", "/directories/tcdirectories"
ON, OFF = {"id": "47922", "type": "tc"}, {"id": "95", "type": "tc"}
CHECKS: dict[str, Callable[[Any], None]] = {}


def check(function: Callable[[Any], None]) -> Callable[[Any], None]:
    CHECKS[function.__name__] = function
    return function


@check
def status(c: Any) -> None:
    with c.fault("status", status=500, after=2, count=3, method="PUT", path="thinclients/"):
        seen = []
        for number in range(7):
            seen.append(c.imi.call("PUT", f"{TC}/27", {"comment": str(number)}).status_code)
            assert c.imi.call("GET", TC).status_code == 200
    assert seen == [200, 200, 500, 500, 500, 200, 200]
    assert c.imi.ok("GET", f"{TC}/27?facets=details")["comment"] == "6"


@check
def error(c: Any) -> None:
    with c.fault("error", code="ITG-FF004", count=1):
        assert c.imi.fails("GET", TC) == (500, "ITG-FF004")
        assert c.imi.ok("GET", TC)


@check
def drop(c: Any) -> None:
    with c.fault("drop", count=1), pytest.raises(requests.ConnectionError):
        c.imi.call("PUT", DIR, {"name": "x"})
    assert "x" not in {row["name"] for row in c.imi.ok("GET", DIR)}


@check
def drop_after(c: Any) -> None:
    with c.fault("drop_after", count=1), pytest.raises(requests.ConnectionError):
        c.imi.call("PUT", DIR, {"name": "x"})
    assert "x" in {row["name"] for row in c.imi.ok("GET", DIR)}


@check
def session_lost(c: Any) -> None:
    with c.fault("session_lost", after=1):
        assert c.imi.ok("GET", TC)
        assert c.imi.fails("GET", TC) == (401, "ITG-0B004")
        assert c.imi.fails("GET", TC) == (401, "ITG-0B004")


@check
def latency(c: Any) -> None:
    with c.fault("latency", seconds=0.2, count=1):
        before = time.monotonic()
        c.imi.ok("GET", "/firmwares")
        assert time.monotonic() - before >= 0.2


@check
def localized(c: Any) -> None:
    with c.fault("localized"):
        assert c.imi.ok("PUT", f"{TC}/27", {"comment": "y"}) == {"message": "Der Vorgang war erfolgreich."}
        answer = c.imi.call("GET", f"{TC}/1").json()
        assert answer["errorCode"] == "ITG-0A001" and "found" not in answer["message"]
        assert c.guest().login()  # the session is not translated


@check
def words(c: Any) -> None:
    body = [{"assignee": {"id": "529", "type": "profile"}, "receiver": {"id": "95", "type": "tc"}}]
    for style, end in (("manual", "thinclient <95>"), ("recorded", "device <{1}>")):
        with c.fault("words", style=style):
            assert c.imi.ok("PUT", f"{TC}/95/assignments/profiles", body)["message"].endswith(end)


@check
def wrapper(c: Any) -> None:
    for args in ({}, {"key": "items"}, {"key": "data"}):
        with c.fault("wrapper", **args):
            shown = c.imi.ok("GET", TC)
            assert list(shown) == [args.get("key", "results")] and len(next(iter(shown.values()))) == 8
            assert isinstance(c.imi.ok("GET", DIR), list)


@check
def direct_only(c: Any) -> None:
    with c.fault("direct_only"):
        for path in (f"{TC}/577", f"{DIR}/503"):
            assert len(c.imi.ok("GET", f"{path}/assignments/profiles")) == 1


@check
def shuffled(c: Any) -> None:
    usual = [row["id"] for row in c.imi.ok("GET", DIR)]
    with c.fault("shuffled"):
        other = [row["id"] for row in c.imi.ok("GET", DIR)]
    assert other != usual and sorted(other) == sorted(usual)


@check
def weak_rights(c: Any) -> None:
    with c.fault("weak_rights"):
        assert [c.imi.ok("GET", path) for path in (TC, DIR, "/profiles")] == [[], [], []]


@check
def license(c: Any) -> None:
    with c.fault("license"):
        assert c.imi.fails("GET", TC) == (400, "ITG-0C001")


@check
def serverstatus_absent(c: Any) -> None:
    with c.fault("serverstatus_absent"):
        assert c.guest().fails("GET", "/serverstatus") == (404, "ITG-0A020")


@check
def slow_online(c: Any) -> None:
    with c.fault("slow_online", seconds=0.5):
        times = []
        for one in ("47922", "95"):
            before = time.monotonic()
            c.imi.ok("GET", f"{TC}/{one}?facets=online")
            times.append(time.monotonic() - before)
    assert times[0] < 0.5 <= times[1]


@check
def command_fails(c: Any) -> None:
    with c.fault("command_fails", count=1):
        [entry] = c.imi.ok("POST", f"{TC}?command=reboot", [ON])["CommandExecList"]
    assert (entry["id"], entry["state"]) == ("47922", "FAILED")


@check
def extra_wol(c: Any) -> None:
    with c.fault("extra_wol"):
        entries = c.imi.ok("POST", f"{TC}?command=wakeup", [ON])["CommandExecList"]
    assert len(entries) == 2 and len({entry["mac"] for entry in entries}) == 2


@check
def delete_leaves_record(c: Any) -> None:
    with c.fault("delete_leaves_record", count=1):
        for left in (True, False):
            assert c.imi.ok("DELETE", f"{TC}/27/deletetcoffline")["message"]
            assert ("27" in {row["id"] for row in c.imi.ok("GET", TC)}) is left


@check
def ignore_parent(c: Any) -> None:
    with c.fault("ignore_parent", count=1):
        assert c.imi.ok("PUT", DIR, {"name": "z", "parentID": "15592"})["parentID"] == "-1"


@check
def naming_convention(c: Any) -> None:
    with c.fault("naming_convention"):
        made = c.imi.ok("PUT", TC, {"mac": "0f0000000003", "firmwareID": "6", "name": "mine"})
    assert made["name"] == c.imi.ok("GET", f"{TC}/{made['id']}")["name"] == "ITC0F0000000003"


@check
def stringly_booleans(c: Any) -> None:
    with c.fault("stringly_booleans"):
        assert c.imi.ok("GET", f"{TC}/6899")["movedToBin"] == "true"
        assert c.imi.ok("GET", f"{TC}/95?facets=online")["online"] == "false"
        assert c.imi.ok("GET", "/profiles/529")["isMasterProfile"] == "false"


@check
def missing_fields(c: Any) -> None:
    with c.fault("missing_fields"):
        shown = c.imi.ok("GET", f"{TC}/95")
        assert set(c.imi.call("GET", f"{TC}/1").json()) == {"message", "errorCode"}
    assert set(shown) == {"id", "mac", "name", "parentID", "movedToBin", "objectType", "lastUser"}


@pytest.mark.parametrize("name", KNOWN)
def test_fault(fresh: Any, name: str) -> None:
    CHECKS[name](fresh)


def test_faults_are_told_by_name(fresh: Any) -> None:
    assert set(CHECKS) == set(KNOWN)
    for fault, args in (("nonsense", {}), ("error", {"code": "X"}), ("words", {"style": "odd"})):
        with pytest.raises(ValueError, match=r"knows no fault|needs code|needs style"):
            fresh.store.inject(fault, args)


def test_latency_and_the_live_check_are_settings_too(fresh: Any) -> None:
    with fresh.set(latency_ms=100, online_timeout_ms=100):
        before = time.monotonic()
        fresh.imi.ok("GET", f"{TC}/95?facets=online")
        assert time.monotonic() - before >= 0.2


def test_names_may_be_there_twice(fresh: Any) -> None:
    for _turn in range(2):
        fresh.imi.ok("PUT", DIR, {"name": "Pool"})
    assert [row["name"] for row in fresh.imi.ok("GET", DIR)].count("Pool") == 3
    for mac in ("0F0000000004", "0F0000000005"):
        fresh.imi.ok("PUT", TC, {"mac": mac, "firmwareID": "6", "name": "Front Desk"})
    assert [row["name"] for row in fresh.imi.ok("GET", TC)].count("Front Desk") == 3
