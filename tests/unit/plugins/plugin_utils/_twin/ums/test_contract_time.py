# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands that take their time, devices that come back, and what a person does in the console."""

from __future__ import annotations

from typing import Any

import pytest

TC = "/thinclients"
SLOW = {"react_seconds": 1.0, "boot_seconds": 20.0}
ONE = [{"id": "47922", "type": "tc"}]
UNIT = "000BCA050027"


def online(contract: Any) -> bool:
    return bool(contract.imi.ok("GET", f"{TC}/47922?facets=online")["online"])


def details(contract: Any) -> dict[str, Any]:
    shown: dict[str, Any] = contract.imi.ok("GET", f"{TC}/47922?facets=details")
    return shown


def order(contract: Any, command: str) -> dict[str, Any]:
    [entry] = contract.imi.ok("POST", f"{TC}?command={command}", ONE)["CommandExecList"]
    found: dict[str, Any] = entry
    return found


def over(contract: Any, *seconds: float) -> list[bool]:
    seen = []
    for step in seconds:
        contract.later(step)
        seen.append(online(contract))
    return seen


def test_reboot(fresh: Any) -> None:
    with fresh.set(**SLOW):
        before = details(fresh).get("lastBoottime")
        assert order(fresh, "reboot")["state"] == "SUCCESS"
        assert online(fresh)  # it was sent, not done
        assert over(fresh, 1.5, 10, 10) == [False, False, True]
        assert details(fresh)["lastBoottime"] != before


def test_shutdown_and_wake(fresh: Any) -> None:
    with fresh.set(**SLOW):
        order(fresh, "shutdown")
        assert over(fresh, 2, 1700) == [False, False]
        assert order(fresh, "reboot")["state"] == "FAILED"
        assert order(fresh, "wakeup")["state"] == "SUCCESS"
        assert over(fresh, 5, 20) == [False, True]
        assert fresh.world.woken == [UNIT]


def test_a_switched_off_seed_can_be_woken_and_one_that_was_never_here_cannot(fresh: Any) -> None:
    both = [{"id": "95", "type": "tc"}, {"id": "27", "type": "tc"}]
    entries = fresh.imi.ok("POST", f"{TC}?command=wakeup", both)["CommandExecList"]
    assert {entry["state"] for entry in entries} == {"SUCCESS"}
    assert [fresh.imi.ok("GET", f"{TC}/{one}?facets=online")["online"] for one in (95, 27)] == [True, False]


def test_settings_are_pending_until_they_are_sent_and_have_arrived(fresh: Any) -> None:
    with fresh.set(**SLOW):
        assert details(fresh)["configChanges"] == "APPLIED"
        body = [{"assignee": {"id": "529", "type": "profile"}, "receiver": {"id": "47922", "type": "tc"}}]
        fresh.imi.ok("PUT", f"{TC}/47922/assignments/profiles", body)
        order(fresh, "settings2tc")
        assert details(fresh)["configChanges"] == "PENDING"
        fresh.later(2)
        assert details(fresh)["configChanges"] == "APPLIED"


def test_a_reset_device_vanishes_and_stays_away(fresh: Any) -> None:
    with fresh.set(**SLOW):
        entry = order(fresh, "tcreset2facdefs")
        assert (entry["state"], entry["mac"], entry["id"]) == ("SUCCESS", "", "47922")
        assert over(fresh, 2) == [False]
        fresh.later(20)
        assert fresh.imi.fails("GET", f"{TC}/47922") == (404, "ITG-0A001")
        fresh.later(100_000)
    again = fresh.guest().login()
    assert "47922" not in {row["id"] for row in again.ok("GET", TC)}


def test_a_device_that_still_points_here_comes_back(fresh: Any) -> None:
    fresh.imi.ok("DELETE", f"{TC}/47922/deletetcoffline")
    assert fresh.store.find_unit(UNIT) is None
    fresh.later(61)
    [row] = [row for row in fresh.imi.ok("GET", TC) if row["unitID"] == UNIT]
    assert row["id"] != "47922"
    assert (row["name"], row["parentID"], row["lastIP"]) == (f"ITC{UNIT}", "-1", "172.30.91.87")


@pytest.mark.parametrize("path", [f"{TC}/47922", f"{TC}/47922/deletetcoffline"])
def test_it_stays_away_if_it_was_told_or_nobody_is_let_in(fresh: Any, path: str) -> None:
    with fresh.set(automatic_registration=not path.endswith("offline")):
        fresh.imi.ok("DELETE", path)
        fresh.later(61)
        assert UNIT not in {row["unitID"] for row in fresh.imi.ok("GET", TC)}


def test_automatic_registration_off(fresh: Any) -> None:
    with fresh.set(automatic_registration=False):
        assert fresh.store.register("0F0000000001", {"address": "10.0.0.1"}) == ""
        fresh.imi.ok("PUT", TC, {"mac": "0F0000000001", "firmwareID": "6"})
        assert fresh.store.register("0F0000000001", {"address": "10.0.0.1"})
        fresh.store.inject("register", {"mac": "0F0000000002", "address": "10.0.0.2"})
    assert {"0F0000000001", "0F0000000002"} <= {row["mac"] for row in fresh.imi.ok("GET", TC)}


def test_what_is_under_way_goes_on_after_a_restart(fresh: Any) -> None:
    with fresh.set(**SLOW):
        order(fresh, "reboot")
        fresh.later(2)
        assert not online(fresh)
        again = type(fresh.store)(fresh.store.config, fresh.world, fresh.store.dump())
    assert len(again.devices) == len(fresh.store.devices)
    again.tick(fresh.world.now() + 30)
    assert again.find_unit(UNIT)["online"]


def test_the_recycle_bin_is_the_consoles(fresh: Any) -> None:
    fresh.store.inject("bin", {"directory": "PSIGEL/Bremen"})
    rows = {row["id"]: row["movedToBin"] for row in fresh.imi.ok("GET", "/directories/tcdirectories")}
    assert (rows["502"], rows["503"], rows["504"]) == (False, True, True)
    assert fresh.imi.ok("GET", f"{TC}/577")["movedToBin"] is True
    assert fresh.imi.fails("PUT", f"{TC}/577", {"name": "x"}) == (400, "ITG-0A018")
    order = [{"id": "503", "type": "tcdirectory"}]
    [row] = fresh.imi.ok("PUT", "/directories/tcdirectories/-1?operation=move", order)
    assert row["results"] == "does_not_exist"
    fresh.store.inject("restore", {"directory": "PSIGEL/Bremen"})
    assert fresh.imi.ok("GET", f"{TC}/577")["movedToBin"] is False
    for args in ({"device": "Front Desk"}, {"profile": "P529"}, {"mac": "85641000E583142622"}):
        fresh.store.inject("bin", args)
    with pytest.raises(ValueError, match="naming one object; it names 0"):
        fresh.store.inject("bin", {"device": "nobody"})
    done = [line["action"] for line in fresh.world.lines if line["kind"] == "console" and line["write"]]
    assert done == ["bin", "restore", "bin", "bin", "bin"]


def test_rules_and_assets_of_the_console(fresh: Any) -> None:
    fresh.store.inject("rule", {"directory": "New", "remove": True})
    assert fresh.imi.ok("DELETE", "/directories/tcdirectories/50705") == {"message": "Deletion successful."}
    fresh.store.inject("plug", {"asset": "M105 Optical Mouse", "device": "Front Desk"})
    assert fresh.imi.ok("GET", "/assetinfo/thinclients/27")["assetinfos"][0]["assetId"] == 49070
    fresh.store.inject("unplug", {"asset": "M105 Optical Mouse"})
    assert fresh.imi.ok("GET", "/assetinfo/thinclients/27")["assetinfos"] == []
    events = fresh.imi.ok("GET", "/assethistory/assets/49070")["assethistories"]
    assert [event["event"]["identifier"] for event in events] == ["add", "remove"]
    assert events[0]["eventTimeStamp"] == int(fresh.world.time * 1000)
    with pytest.raises(ValueError, match="no asset"):
        fresh.store.inject("plug", {"asset": "none", "device": "Front Desk"})
    with pytest.raises(ValueError, match="no account"):
        fresh.store.inject("account_removed", {"account": "none"})
