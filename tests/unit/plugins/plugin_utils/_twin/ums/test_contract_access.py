# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions, rights, editions and direct Basic of the simulated UMS (reference ums-imi-v3, sections 1 and 2)."""

from __future__ import annotations

from typing import Any

import pytest

TC = "/thinclients"


def test_the_cookie_works_however_it_is_sent(contract: Any) -> None:
    one = contract.guest()
    reply = one.call("POST", "/login", auth=("reader", "r"))
    session = reply.cookies["JSESSIONID"]
    assert reply.json() == {"message": f"JSESSIONID={session}"}
    assert one.call("GET", TC).status_code == 200  # the jar of requests
    one.http.cookies.clear()
    for cookie in (f"JSESSIONID={session}", f"other=1; JSESSIONID={session}"):
        assert one.call("GET", TC, headers={"Cookie": cookie}).status_code == 200
    assert one.call("POST", "/logout/", headers={"Cookie": f"JSESSIONID={session}"}).json() == {
        "message": "Logout successful"
    }


def test_sessions_of_one_account_are_apart(contract: Any) -> None:
    first, second = contract.other("reader", "r"), contract.other("reader", "r")
    first.ok("POST", "/logout")
    assert first.fails("GET", TC) == (401, "ITG-0B004")
    assert second.ok("GET", TC)


def test_no_rights_sees_empty_lists_and_may_nothing(contract: Any) -> None:
    one = contract.other("nobody", "n")
    for path in (TC, "/directories/tcdirectories", "/profiles", "/masterprofiles", "/directories/profiledirectories"):
        assert one.ok("GET", path) == []
    assert one.ok("GET", "/firmwares") == {"FwResource": []}
    assert one.ok("GET", "/assetinfo")["assetinfos"] == []
    assert one.fails("GET", f"{TC}/95") == (401, "ITG-0B005")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", TC, {"mac": "0E0000000001", "firmwareID": "6"}),
        ("PUT", f"{TC}/27", {"name": "x"}),
        ("DELETE", f"{TC}/27", None),
        ("DELETE", f"{TC}/27/deletetcoffline", None),
        ("PUT", "/directories/tcdirectories", {"name": "x"}),
        ("PUT", "/directories/tcdirectories/15592", {"name": "x"}),
        ("PUT", "/directories/tcdirectories/15592?operation=move", [{"id": "27", "type": "tc"}]),
        ("DELETE", "/directories/tcdirectories/72327", None),
        ("PUT", "/profiles/529", {"name": "x"}),
        ("DELETE", "/profiles/529", None),
        ("DELETE", "/profiles/538/assignments/thinclients/577", None),
        ("PUT", "/template", {"name": "x", "type": "StringType"}),
        *(
            ("POST", f"{TC}?command={command}", [{"id": "47922", "type": "tc"}])
            for command in ("reboot", "shutdown", "wakeup", "settings2tc", "tcreset2facdefs")
        ),
    ],
)
def test_a_reader_changes_nothing(contract: Any, method: str, path: str, body: Any) -> None:
    before = contract.store.dump()
    assert contract.other("reader", "r").fails(method, path, body) == (401, "ITG-0B005")
    assert contract.store.dump() == before


def test_rights_are_apart(fresh: Any) -> None:
    one = fresh.other("assigner", "a")
    [row] = one.ok("PUT", "/directories/tcdirectories/15592?operation=move", [{"id": "27", "type": "tc"}])
    assert row["results"] == "successful"
    one.ok("DELETE", "/profiles/538/assignments/thinclients/577")
    assert one.fails("PUT", f"{TC}/27", {"name": "x"}) == (401, "ITG-0B005")


def test_editions(contract: Any) -> None:
    with contract.set(edition="essential"):
        one = contract.other("reader", "r")
        assert one.ok("GET", "/serverstatus")
        assert one.fails("GET", TC) == (400, "ITG-0C001")
        one.ok("POST", "/logout")
    for edition in ("standard", "enterprise", "healthcare", "government"):
        with contract.set(edition=edition):
            assert contract.imi.ok("GET", "/masterprofiles")
            reply = contract.imi.call("GET", "/assethistory")
        assert reply.status_code == (400 if edition == "standard" else 200)


def test_direct_basic_only_behind_its_switch(contract: Any) -> None:
    one = contract.guest()
    assert one.fails("GET", TC, auth=("reader", "r")) == (401, "ITG-0B003")
    with contract.set(direct_basic=True):
        assert one.call("GET", TC, auth=("reader", "r")).status_code == 200
        assert one.fails("GET", TC, auth=("reader", "x")) == (401, "ITG-0B002")
        assert one.fails("GET", TC) == (401, "ITG-0B003")


def test_an_account_of_one_part_of_the_tree(fresh: Any) -> None:
    one = fresh.other("bremen", "b")
    directories = "/directories/tcdirectories"
    assert [row["id"] for row in one.ok("GET", TC)] == ["577"]
    assert [row["id"] for row in one.ok("GET", directories)] == ["503", "504"]
    assert one.ok("PUT", f"{TC}/577", {"name": "x"})
    assert one.ok("PUT", directories, {"name": "x", "parentID": "504"})
    device = {"mac": "0E0000000002", "firmwareID": "6"}
    refused = (401, "ITG-0B005")
    for method, path, body in (
        ("GET", f"{TC}/95", None),
        ("DELETE", f"{TC}/95/deletetcoffline", None),
        ("GET", f"{directories}/502", None),
        ("GET", "/assetinfo/thinclients/47922", None),
        ("PUT", TC, device),
        ("PUT", TC, {**device, "parentID": "502"}),
        ("PUT", directories, {"name": "x"}),
        ("POST", f"{TC}?command=wakeup", [{"id": "577", "type": "tc"}, {"id": "95", "type": "tc"}]),
        ("PUT", f"{directories}/504?operation=move", [{"id": "95", "type": "tc"}]),
        ("PUT", f"{directories}/-1?operation=move", [{"id": "577", "type": "tc"}]),
        ("DELETE", "/profiles/529/assignments/tcdirectories/502", None),
        ("PUT", "/profiles/529/assignments/thinclients",
         [{"assignee": {"id": "529", "type": "profile"}, "receiver": {"id": "95", "type": "tc"}}]),
    ):  # fmt: skip
        assert one.fails(method, path, body) == refused, path
    # What it cannot see is there all the same.
    assert one.fails("PUT", TC, {**device, "mac": "00E0C514325B", "parentID": "504"}) == (400, "ITG-0A008")
