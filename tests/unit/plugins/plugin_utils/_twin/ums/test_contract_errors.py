# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every error code of IMI v3, asked for over the wire by plain requests (reference ums-imi-v3, section 8)."""

from __future__ import annotations

import contextlib
from typing import Any, NamedTuple

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums.errors import TABLE

# Written down from the manual's table, not taken from the code.
DOCUMENTED = (
    *(f"ITG-0A0{number:02}" for number in range(1, 25)),
    *(f"ITG-0B00{number}" for number in range(1, 8)),
    "ITG-0C001",
    "ITG-0C002",
    *(f"ITG-FF00{number}" for number in range(1, 7)),
)
MAC = "0B0000000001"
TC, DIR = "/thinclients", "/directories/tcdirectories"


def pair(profile: str, kind: str, receiver: Any, what: str = "profile") -> list[dict[str, Any]]:
    return [{"assignee": {"id": profile, "type": what}, "receiver": {"id": receiver, "type": kind}}]


class Case(NamedTuple):
    code: str
    status: int
    method: str
    path: str
    body: Any = None
    who: str = "svc-imi"  # "" is nobody, "cookie" somebody with a wrong cookie
    fault: str = ""
    given: dict[str, Any] = {}  # settings of the UMS, or arguments of the fault
    args: dict[str, Any] = {}  # of the request


CASES = [
    Case("ITG-0A001", 404, "GET", f"{TC}/1"),
    Case("ITG-0A001", 404, "PUT", f"{TC}/1", {"name": "x"}),
    Case("ITG-0A001", 404, "DELETE", f"{TC}/1"),
    Case("ITG-0A001", 404, "DELETE", f"{TC}/1/deletetcoffline"),
    Case("ITG-0A001", 404, "GET", f"{TC}/1/assignments/profiles"),
    Case("ITG-0A001", 400, "POST", f"{TC}?command=reboot", [{"id": "1", "type": "tc"}]),
    Case("ITG-0A001", 404, "PUT", "/template/assign/tc", {"tcId": 1, "template": [{"templateId": 1, "valueId": 1}]}),
    Case("ITG-0A001", 404, "GET", "/assetinfo/thinclients/1"),
    Case("ITG-0A001", 404, "DELETE", "/profiles/6585/assignments/thinclients/1"),
    Case("ITG-0A002", 404, "GET", f"{DIR}/1"),
    Case("ITG-0A002", 404, "GET", f"{DIR}/-1"),
    Case("ITG-0A002", 404, "GET", f"{DIR}/20453"),
    Case("ITG-0A002", 404, "PUT", f"{DIR}/1?operation=move", [{"id": "95", "type": "tc"}]),
    Case("ITG-0A002", 404, "GET", "/directories/profiledirectories/15592"),
    Case("ITG-0A002", 404, "DELETE", "/directories/masterprofiledirectories/20453"),
    Case("ITG-0A002", 404, "PUT", "/template/assign/dir", {"dirId": 1, "template": [{"templateId": 1, "valueId": 1}]}),
    Case("ITG-0A003", 400, "POST", f"{TC}?command=update", [{"id": "95", "type": "tc"}]),
    Case("ITG-0A003", 400, "POST", TC, [{"id": "95", "type": "tc"}]),
    Case("ITG-0A004", 400, "PUT", TC, [{"mac": MAC}]),
    Case("ITG-0A004", 400, "PUT", TC, {"mac": MAC, "firmwareID": "6", "name": 7}),
    Case("ITG-0A004", 400, "PUT", f"{TC}/95/assignments/profiles", [{"assignee": {"id": "529"}, "receiver": None}]),
    Case("ITG-0A004", 400, "POST", f"{TC}?command=reboot", [{"id": "95", "type": "tcdirectory"}]),
    Case("ITG-0A004", 400, "PUT", f"{TC}/95", {"deviceAttributes": "country"}),
    Case("ITG-0A005", 415, "PUT", TC, args={"data": b"{", "headers": {"Content-Type": "application/json"}}),
    Case("ITG-0A005", 415, "PUT", TC, args={"data": "mac=1"}),
    Case("ITG-0A006", 400, "DELETE", f"{DIR}/76462"),
    Case("ITG-0A006", 400, "DELETE", "/directories/profiledirectories/20453"),
    Case("ITG-0A007", 400, "PUT", TC, {"firmwareID": "6", "name": "x"}),
    Case("ITG-0A008", 400, "PUT", TC, {"mac": "00e0c514325b", "firmwareID": "6"}),
    Case("ITG-0A008", 400, "PUT", TC, {"mac": "00E0C5080834", "firmwareID": "6"}),  # it is in the bin
    Case("ITG-0A009", 400, "PUT", TC, {"mac": MAC}),
    Case("ITG-0A010", 400, "GET", f"{TC}/95x"),
    Case("ITG-0A010", 400, "GET", "/directories/profiledirectories/facets=children"),  # as the manual prints it
    Case("ITG-0A010", 400, "GET", "/assetinfo/assets/x"),
    Case("ITG-0A010", 400, "PUT", TC, {"mac": MAC, "firmwareID": "six"}),
    Case("ITG-0A011", 400, "PUT", "/profiles", {"name": "x"}),
    Case("ITG-0A011", 400, "PATCH", f"{TC}/95", {"name": "x"}),
    Case("ITG-0A011", 400, "POST", DIR, {"name": "x"}),
    Case("ITG-0A011", 400, "DELETE", f"{TC}/95/assignments/profiles"),
    Case("ITG-0A011", 400, "GET", "/template"),
    Case("ITG-0A012", 400, "POST", f"{TC}?command=reboot", []),
    Case("ITG-0A012", 400, "PUT", f"{DIR}/15592?operation=move", []),
    Case("ITG-0A012", 400, "PUT", "/template/assign/tc", {"tcId": 95, "template": []}),
    Case("ITG-0A013", 400, "PUT", f"{TC}/95", {}),
    Case("ITG-0A013", 400, "PUT", f"{TC}/95", {"parentID": "15592"}),
    Case("ITG-0A013", 400, "PUT", f"{TC}/455", {"deviceAttributes": [{"identifier": "locked", "value": "1"}]}),
    Case("ITG-0A013", 400, "PUT", f"{TC}/455", {"deviceAttributes": [{"identifier": "country", "value": "FR"}]}),
    Case("ITG-0A013", 400, "PUT", DIR, {"name": ""}),
    Case("ITG-0A013", 400, "PUT", "/template", {"name": "tk"}),
    Case("ITG-0A014", 400, "PUT", TC, {"mac": "00E0C514325", "firmwareID": "6"}),
    Case("ITG-0A014", 400, "PUT", TC, {"mac": "00:E0:C5:14:32:5B", "firmwareID": "6"}),
    Case("ITG-0A015", 400, "PUT", TC, {"mac": MAC, "firmwareID": "5"}),
    Case("ITG-0A015", 404, "GET", "/firmwares/5"),
    Case("ITG-0A016", 400, "PUT", TC, {"mac": MAC, "firmwareID": "6", "parentID": "1"}),
    Case("ITG-0A016", 400, "PUT", DIR, {"name": "x", "parentID": "20453"}),
    Case("ITG-0A017", 400, "PUT", TC, {"mac": MAC, "firmwareID": "6", "parentID": "50000"}),
    Case("ITG-0A017", 400, "PUT", f"{DIR}/50000?operation=move", [{"id": "95", "type": "tc"}]),
    Case("ITG-0A017", 400, "PUT", f"{DIR}/50000/assignments/profiles", pair("529", "tcdirectory", "50000")),
    Case("ITG-0A018", 400, "POST", f"{TC}?command=wakeup", [{"id": 6899, "type": "tc"}]),
    Case("ITG-0A018", 400, "PUT", f"{TC}/6899", {"name": "x"}),
    Case("ITG-0A018", 400, "PUT", f"{TC}/6899/assignments/profiles", pair("529", "tc", "6899")),
    Case("ITG-0A019", 400, "PUT", f"{TC}/95/assignments/profiles", pair("529", "tc", "27")),
    Case("ITG-0A019", 400, "PUT", "/profiles/529/assignments/tcdirectories", pair("529", "tc", "95")),
    Case("ITG-0A020", 404, "GET", "/devices"),
    Case("ITG-0A020", 404, "GET", f"{TC}/95/settings"),
    Case("ITG-0A020", 404, "GET", f"{DIR}/15592/facets"),
    Case("ITG-0A020", 404, "GET", "/serverstatus", fault="serverstatus_absent"),
    Case("ITG-0A021", 400, "PUT", f"{TC}/95/assignments/profiles", pair("72054", "tc", "95")),
    Case("ITG-0A021", 400, "PUT", "/profiles/529/assignments/thinclients", pair("535", "tc", "95")),
    Case("ITG-0A021", 400, "DELETE", "/profiles/529/assignments/thinclients/95"),
    Case("ITG-0A021", 400, "PUT", "/template/assign/tc", {"tcId": 95, "template": [{"templateId": 1, "valueId": 1}]}),
    Case("ITG-0A022", 400, "PUT", f"{TC}/95/assignments/profiles", pair("6592", "tc", "95")),
    Case("ITG-0A022", 400, "PUT", "/profiles/6592", {"name": "x"}),
    Case("ITG-0A023", 400, "DELETE", f"{DIR}/50705"),
    Case("ITG-0A024", 400, "PUT", f"{TC}/95", {"name": "sixteen-letters-"}, given={"adjust_network_name": True}),
    Case("ITG-0B001", 401, "POST", "/login", who=""),
    Case("ITG-0B002", 401, "POST", "/login", who="", args={"auth": ("svc-imi", "wrong")}),
    Case("ITG-0B002", 401, "POST", "/login", who="", args={"headers": {"Authorization": "Bearer x"}}),
    Case("ITG-0B003", 401, "GET", TC, who=""),
    Case("ITG-0B003", 401, "GET", TC, who="", args={"auth": ("reader", "r")}),
    Case("ITG-0B004", 401, "GET", TC, who="cookie"),
    Case("ITG-0B005", 401, "PUT", f"{TC}/95", {"name": "x"}, who="reader"),
    Case("ITG-0B006", 400, "GET", "/../thinclients"),
    Case("ITG-0B007", 401, "GET", TC, who="temporary"),
    Case("ITG-0C001", 400, "GET", TC, given={"edition": "essential"}),
    Case("ITG-0C001", 400, "GET", "/assetinfo", given={"edition": "standard"}),
    Case("ITG-0C001", 400, "GET", TC, fault="license"),
    Case("ITG-0C002", 400, "GET", "/../v4/thinclients"),
    Case("ITG-FF001", 500, "GET", TC, fault="error"),
    *(Case(f"ITG-FF00{n}", 500, "GET", TC, fault="error", given={"code": f"ITG-FF00{n}"}) for n in range(2, 7)),
    Case("ITG-FF006", 404, "GET", "/profiles/1"),
    Case("ITG-FF006", 404, "GET", "/profiles/72054"),
    Case("ITG-FF006", 404, "GET", "/thinclientview/1"),
    Case("ITG-FF006", 404, "GET", "/template/1/read"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.method}-{case.path}")
def test_code_and_status(contract: Any, case: Case) -> None:
    before = contract.store.dump()
    client = contract.imi if case.who == "svc-imi" else contract.guest()
    if case.who in ("reader", "temporary"):
        client.login(case.who, case.who[0])
    if case.who == "temporary":
        contract.store.inject("account_removed", {"account": "temporary"})
    if case.who == "cookie":
        client.http.headers["Cookie"] = "JSESSIONID=3FB2F3F6A089FE9029DFD6DAFEF146DC"
    with contextlib.ExitStack() as stack:
        if case.fault:
            stack.enter_context(contract.fault(case.fault, **case.given))
        else:
            stack.enter_context(contract.set(**case.given))
        url = client.url
        if case.path.startswith("/../"):
            client.url = url.removesuffix("/v3")
        reply = client.call(case.method, case.path.removeprefix("/.."), case.body, **case.args)
        client.url = url
    answer = reply.json()
    assert (reply.status_code, answer["errorCode"]) == (case.status, case.code), answer
    assert set(answer) == {"message", "errorCode", "time", "stackTrace"}
    assert all(isinstance(value, str) and value for value in answer.values())
    assert contract.store.dump() == before


def test_every_documented_code_is_asked_for() -> None:
    assert {case.code for case in CASES} == set(DOCUMENTED)
    assert set(TABLE) == set(DOCUMENTED)


def test_time_is_written_as_the_manual_has_it(contract: Any) -> None:
    told = contract.imi.call("GET", f"{TC}/1").json()
    assert told["time"] == "2026-10-14T17:46:40.000"
    assert told["message"] == "Thin client with ID 1 not found."
