# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every resource, verb and facet of IMI v3 as the manual's examples show them, over the wire by plain requests."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums.router import _PARTS

SHORT = {
    "id", "unitID", "mac", "firmwareID", "networkAdapters", "deviceAttributes", "lastIP", "batteryLevel", "name",
    "parentID", "movedToBin", "objectType", "links",
}  # fmt: skip
PLAIN = {"id", "name", "parentID", "movedToBin", "objectType", "links"}
PROFILE = PLAIN | {"firmwareID", "isMasterProfile", "overridesSessions"}
TC, DIR = "/thinclients", "/directories/tcdirectories"

# path -> keys of the (first) object; a path with and without the slash at its end is one resource.
READS = {
    TC: SHORT,
    f"{TC}/95": SHORT | {"lastUser"},
    f"{TC}/577/assignments/profiles": {"assignee", "receiver", "assignmentPosition", "links"},
    "/thinclientview/900": SHORT,
    DIR: PLAIN,
    f"{DIR}/15592": PLAIN,
    f"{DIR}/503/assignments/profiles": {"assignee", "receiver", "assignmentPosition", "links"},
    "/profiles": PROFILE,
    "/profiles/6585": PROFILE,
    "/profiles/538/assignments/thinclients": {"assignee", "receiver", "assignmentPosition", "links"},
    "/profiles/537/assignments/tcdirectories": {"assignee", "receiver", "assignmentPosition", "links"},
    "/masterprofiles": PROFILE,
    "/masterprofiles/72054": PROFILE,
    "/directories/profiledirectories": PLAIN,
    "/directories/profiledirectories/20453": PLAIN,
    "/directories/masterprofiledirectories": PLAIN,
    "/directories/masterprofiledirectories/72101": PLAIN,
    "/firmwares": {"FwResource"},
    "/firmwares/4": {"id", "product", "version", "firmwareType", "links"},
    "/assetinfo": {"assetinfos", "links"},
    "/assetinfo/assets/49067": {"assetinfos", "links"},
    "/assetinfo/thinclients/47922": {"assetinfos", "links"},
    "/assethistory": {"assethistories", "links"},
    "/assethistory/assets/49067": {"assethistories", "links"},
    "/assethistory/thinclients/000BCA050027": {"assethistories", "links"},
    "/serverstatus": {
        "rmGuiServerVersion", "buildNumber", "activeMQVersion", "derbyVersion", "serverUUID", "server", "links",
    },
}  # fmt: skip


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("path", READS)
def test_reads(contract: Any, path: str, slash: str) -> None:
    shown = contract.imi.ok("GET", path + slash)
    first = shown[0] if isinstance(shown, list) else shown
    assert set(first) == READS[path]


def _assign(profile: str, kind: str, receiver: str) -> list[dict[str, Any]]:
    return [{"assignee": {"id": profile, "type": "profile"}, "receiver": {"id": receiver, "type": kind}}]


WRITES: list[tuple[str, str, Any]] = [
    ("PUT", TC, {"mac": "0E0000000000", "firmwareID": "6"}),
    ("PUT", f"{TC}/95", {"name": "n"}),
    ("POST", f"{TC}?command=wakeup", [{"id": "95", "type": "tc"}]),
    ("PUT", f"{TC}/95/assignments/profiles", _assign("538", "tc", "95")),
    ("PUT", DIR, {"name": "n"}),
    ("PUT", f"{DIR}/76863", {"name": "n"}),
    ("PUT", f"{DIR}/15592/assignments/profiles", _assign("538", "tcdirectory", "15592")),
    ("PUT", "/profiles/538", {"name": "n"}),
    ("PUT", "/profiles/529/assignments/thinclients", _assign("529", "tc", "95")),
    ("PUT", "/profiles/529/assignments/tcdirectories", _assign("529", "tcdirectory", "15592")),
    ("DELETE", "/profiles/529/assignments/thinclients/95", None),
    ("DELETE", "/profiles/529/assignments/tcdirectories/15592", None),
    ("DELETE", "/profiles/529", None),
    ("DELETE", f"{DIR}/76863", None),
    ("DELETE", f"{TC}/27", None),  # it does not answer, so it is still there
    ("DELETE", f"{TC}/27/deletetcoffline", None),
    ("PUT", "/template", {"name": "k", "type": "StringType"}),
    ("PUT", "/template/{new}/value", {"value": "v", "description": "", "type": "StringType"}),
    ("GET", "/template/{key}/read", None),
    ("PUT", "/template/assign/tc", {"tcId": 95, "template": [{"templateId": "{key}", "valueId": "{new}"}]}),
    ("PUT", "/template/assign/dir", {"dirId": 15592, "template": [{"templateId": "{key}", "valueId": "{new}"}]}),
]


def test_every_verb_of_every_resource_once(fresh: Any) -> None:
    names: dict[str, str] = {}
    done = {("GET", path) for path in READS}
    for path in READS:
        fresh.imi.ok("GET", path)
    for method, path, body in WRITES:
        if isinstance(body, dict) and "template" in body:
            body["template"] = [{key: names[value[1:-1]] for key, value in pair.items()} for pair in body["template"]]
        answer = fresh.imi.ok(method, path.format(**names), body)
        if isinstance(answer, dict) and "id" in answer:
            names["new"] = answer["id"]
        if path == "/template":
            names["key"] = names["new"]
        done.add((method, path.partition("?")[0]))
    missing = [
        (method, pattern)
        for pattern, handlers in _PARTS.items()
        for method in handlers
        if not any(verb == method and re.fullmatch(f"/{pattern}", path) for verb, path in done)
    ]
    assert missing == []


def test_ids_are_strings_but_not_everywhere(contract: Any) -> None:
    shown = contract.imi.ok("GET", f"{TC}/95?facets=details")
    assert [type(shown[key]) for key in ("id", "parentID", "firmwareID", "cpuSpeed", "totalUsagetime")] == [
        str, str, str, int, str,
    ]  # fmt: skip
    assert shown["isThinClientRegistered"] == "false" and shown["movedToBin"] is False
    [asset] = contract.imi.ok("GET", "/assetinfo/assets/49067")["assetinfos"]
    assert (asset["tcId"], asset["assetId"], asset["deviceId"]) == (47922, 49067, "046a:0023")
    assert asset["categoryList"]["categoryList"][0].keys() == {"categoryId", "categoryName"}
    detail = asset["detailList"]["detailList"][0]
    assert isinstance(detail["attrId"], int) and (detail["detailKey"], detail["detailValue"]) == ("bcdDevice", "2.20")
    assert contract.imi.ok("GET", "/assetinfo/assets/49070")["assetinfos"][0]["tcId"] == -1
    assert contract.imi.ok("GET", "/assethistory/thinclients/000BCA050027")["assethistories"] == [
        {"historyId": 26, "unitId": "000BCA050027", "assetId": 49067, "eventTimeStamp": 1500380741000,
         "event": {"identifier": "add_on_boot"}},
    ]  # fmt: skip
    assert contract.imi.ok("GET", "/assethistory/thinclients/47922")["assethistories"] == []


def test_facets_of_devices(contract: Any) -> None:
    get = contract.imi.ok
    assert set(get("GET", f"{TC}?facets=short")[0]) == set(get("GET", f"{TC}?facets=a,b")[0]) == SHORT
    details = get("GET", f"{TC}/95?facets=details")
    assert (details["productId"], details["memorySize"], details["totalUptime"]) == ("UD3-LX 50cps", 1705, "1500380741")
    assert (details["batteryLevel"], details["biosDate"]) == (-1, "12/16/2015")
    never = get("GET", f"{TC}/577?facets=details")
    assert (never["cpuType"], never["cpuSpeed"], never["totalUsagetime"], never["totalUptime"]) == ("", 0, "-1", "-1")
    assert [get("GET", f"{TC}/{one}?facets=online")["online"] for one in (95, 47922)] == [False, True]
    secret = get("GET", f"{TC}/95?facets=shadow")["shadowSecret"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", secret["password"])
    assert secret["password"] != get("GET", f"{TC}/95?facets=shadow")["shadowSecret"]["password"]
    adapters = get("GET", f"{TC}/36115?facets=networkadapters")
    assert adapters["networkAdapters"] == [{"type": "lan", "mac": "00E0C520986A", "name": "enp1s0", "state": "up"}]
    assert "batteryLevel" not in adapters
    assert get("GET", f"{TC}/95?facets=networkadapters")["networkAdapters"] == []  # too old for it
    assert get("GET", f"{TC}/455?facets=deviceattributes")["deviceAttributes"] == [
        {"name": "Country", "identifier": "country", "value": "DE", "type": "range", "allowedValues": ["DE", "US"]},
        {"name": "Seat", "identifier": "seat", "value": "", "type": "string"},
        {"name": "Locked", "identifier": "locked", "value": "", "type": "string"},
    ]
    [login] = get("GET", f"{TC}/47922?facets=loginhistory")["userLoginHistory"]
    assert (login["loginresult"], login["logofftime"], login["logontype"]) == (0, "", "kerberos")


def test_doubled_slashes_are_one(contract: Any) -> None:
    contract.imi.url += "/"
    try:
        assert contract.imi.ok("GET", f"{TC}/95")["id"] == "95"
    finally:
        contract.imi.url = contract.imi.url.removesuffix("/")


def test_one_mac_two_units(contract: Any) -> None:
    rows = [row for row in contract.imi.ok("GET", TC) if row["mac"] == "00E0C520986A"]
    assert sorted(row["unitID"] for row in rows) == ["00E0C520986A", "85641000E583142622"]


def test_the_bin_is_in_the_lists_and_views_are_without_it(contract: Any) -> None:
    in_bin = {row["id"] for row in contract.imi.ok("GET", TC) if row["movedToBin"]}
    assert in_bin == {"6899"}
    assert "50000" in {row["id"] for row in contract.imi.ok("GET", DIR) if row["movedToBin"]}
    assert "6592" in {row["id"] for row in contract.imi.ok("GET", "/profiles") if row["movedToBin"]}
    assert {row["id"] for row in contract.imi.ok("GET", "/thinclientview/900")} == {"27", "47922"}
    [one] = contract.imi.ok("GET", "/thinclientview/901?facets=details")
    assert (one["id"], one["productId"]) == ("95", "UD3-LX 50cps")
    assert "userLoginHistory" not in contract.imi.ok("GET", "/thinclientview/900?facets=loginhistory")[0]


def test_children_and_links(contract: Any) -> None:
    pool = contract.imi.ok("GET", f"{DIR}/15592?facets=children")
    assert [(child["objectType"], child["id"], child["link"]["rel"]) for child in pool["DirectoryChildren"]] == [
        ("tcdirectory", "72327", "tcdirectory"),
        ("tc", "6899", "tc"),
    ]
    assert {"rel": "Parent", "href": "root"} in pool["links"]
    assert "DirectoryChildren" not in contract.imi.ok("GET", f"{DIR}/72327?facets=children")
    listed = contract.imi.ok("GET", "/directories/profiledirectories?facets=children")
    found = {row["id"]: row.get("DirectoryChildren") for row in listed}
    assert [child["objectType"] for child in found["20453"]] == ["profile"] and found["20707"] is None


def test_recorded_assignments_of_a_device(contract: Any) -> None:
    rows = contract.imi.ok("GET", f"{TC}/577/assignments/profiles")
    assert [(row["assignee"]["id"], row["receiver"]["id"], row["assignmentPosition"]) for row in rows] == [
        ("538", "577", 0), ("537", "503", 1), ("529", "502", 2), ("535", "502", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [int, str])
def test_device_from_first_to_last(contract: Any, number: Any) -> None:
    one = contract.imi
    mac = f"0C000000000{number is int:d}"
    body = {
        "mac": mac,
        "firmwareID": number(6),
        "name": "My Name",
        "parentID": number(76462),
        "site": "",
        "comment": "",
    }
    body["deviceAttributes"] = [{"identifier": "country", "value": "US"}]
    made = one.ok("PUT", "/thinclients", body)
    new = made.pop("id")
    assert made == {"message": "Device successfully inserted.", "name": "My Name", "parentID": "76462"}
    shown = one.ok("GET", f"{TC}/{new}?facets=deviceattributes")
    assert (shown["unitID"], shown["lastIP"], shown["deviceAttributes"][0]["value"]) == (mac, "", "US")
    change = {"department": "D", "serialNumber": "S", "deviceAttributes": [{"identifier": "country", "value": ""}]}
    assert one.ok("PUT", f"/thinclients/{new}", change) == {"message": "Update successful"}
    assert one.ok("GET", f"{TC}/{new}?facets=deviceattributes")["deviceAttributes"][0]["value"] == ""
    assigned = [{"assignee": {"id": number(529), "type": "profile"}, "receiver": {"id": number(new), "type": "tc"}}]
    told = one.ok("PUT", f"/thinclients/{new}/assignments/profiles/", assigned)
    assert told["message"] == "1 asssignments successfully assigned to device <{1}>"
    [entry] = one.ok("POST", "/thinclients/?command=wakeup", [{"id": number(new), "type": "tc"}])["CommandExecList"]
    assert entry["id"] == new and re.fullmatch(r"ID-.+-\d+-\d+-0", entry["execID"])
    assert (entry["state"], type(entry["exectime"])) == ("SUCCESS", str)
    [entry] = one.ok("DELETE", f"/thinclients/{new}")["CommandExecList"]
    assert entry["state"] == "FAILED" and "id" not in entry
    gone = one.ok("DELETE", f"/thinclients/{new}/deletetcoffline/")
    assert gone == {"message": "Offline deletion successful."}


@pytest.mark.parametrize(
    ("tree", "root", "member"),
    [
        ("tcdirectories", "-1", ("27", "tc")),
        ("profiledirectories", "-2", ("535", "profile")),
        ("masterprofiledirectories", "-14", ("72054", "masterprofile")),
    ],
)
def test_directory_from_first_to_last(contract: Any, tree: str, root: str, member: tuple[str, str]) -> None:
    one, path = contract.imi, f"/directories/{tree}"
    top = one.ok("PUT", path, {"name": "X"})
    assert top == {"message": "Directory successfully inserted.", "id": top["id"], "name": "X"}
    low = one.ok("PUT", path, {"name": "Y", "parentID": int(top["id"])})
    assert low["parentID"] == top["id"]
    assert one.ok("GET", f"{path}/{top['id']}")["parentID"] == root
    assert one.ok("PUT", f"{path}/{low['id']}/", {"name": "Z"}) == {"message": "Updated directory successfully."}
    order = [{"id": member[0], "type": member[1]}, {"id": 9, "type": member[1]}]
    moved = one.ok("PUT", f"{path}/{low['id']}?operation=move", order)
    assert sorted((row["id"], row["results"]) for row in moved) == [
        *sorted([("9", "does_not_exist"), (member[0], "successful")]),
    ]
    foreign = {"tc": "profile"}.get(member[1], "tc")
    [row] = one.ok("PUT", f"{path}/{low['id']}?operation=move", [{"id": "95", "type": foreign}])
    assert row == {"id": "95", "results": "does_not_exist"}
    assert one.fails("DELETE", f"{path}/{low['id']}") == (400, "ITG-0A006")
    one.ok("PUT", f"{path}/{root}?operation=move", [{"id": low["id"], "type": f"{tree[:-3]}y"}, order[0]])
    for each in (low, top):
        assert one.ok("DELETE", f"{path}/{each['id']}") == {"message": "Deletion successful."}


@pytest.mark.parametrize(("kind", "profile"), [("profile", "535"), ("masterprofile", "72054")])
def test_profile_assignments_from_its_side(contract: Any, kind: str, profile: str) -> None:
    one, path = contract.imi, f"/{kind}s/{profile}"
    assert one.ok("PUT", path, {"name": "N"}) == {"message": "Update successful"}
    for what, word, receiver in (("thinclients", "device", "455"), ("tcdirectories", "device directory", "72327")):
        to = {"thinclients": "tc", "tcdirectories": "tcdirectory"}[what]
        body = [{"assignee": {"id": profile, "type": kind}, "receiver": {"id": receiver, "type": to}}]
        told = one.ok("PUT", f"{path}/assignments/{what}", body)
        assert told["message"] == f"1 asssignments successfully assigned to {word} <{{1}}>"
        assert receiver in {row["receiver"]["id"] for row in one.ok("GET", f"{path}/assignments/{what}/")}
        gone = one.ok("DELETE", f"{path}/assignments/{what}/{receiver}")
        assert gone == {"message": "deleted profile assignment"}
    assert one.ok("GET", f"{path}/assignments/thinclients") == []


def test_profile_is_deleted_with_its_assignments(fresh: Any) -> None:
    one = fresh.imi
    assert one.ok("DELETE", "/profiles/529") == {"message": "Deleted profile with id 529"}
    assert "529" not in {row["assignee"]["id"] for row in one.ok("GET", f"{TC}/577/assignments/profiles")}
    assert one.ok("DELETE", "/masterprofiles/72054") == {"message": "Deleted profile with id 72054"}


def test_template_keys(contract: Any) -> None:
    one = contract.imi
    key = one.ok("PUT", "/template", {"name": "tk2", "type": "StringType", "parentID": 2643})
    new = key["id"]
    assert key == {
        "id": new, "name": "tk2", "parentID": "2643", "message": "Template key successfully created.",
    }  # fmt: skip
    value = one.ok("PUT", f"/template/{new}/value", {"value": "v", "description": "", "type": "StringType"})
    assert value == {"id": value["id"], "value": "v", "message": "Template value successfully created."}
    assert one.ok("GET", f"/template/{new}/read") == [
        {"id": int(value["id"]), "value": "v", "name": "tk2", "parentId": int(new), "description": "",
         "type": "StringType"}
    ]  # fmt: skip
    chosen = [{"templateId": int(new), "valueId": value["id"]}]
    told = one.ok("PUT", "/template/assign/tc", {"tcId": 95, "template": chosen})
    assert told == {"message": "Template value successfully assigned to device."}
    told = one.ok("PUT", "/template/assign/dir", {"dirId": "15592", "template": chosen})
    assert told == {"message": "Template value successfully assigned to device directory."}
    with contract.set(version="12.05.100"):
        other = contract.other("temporary", "t")
        assert other.fails("PUT", "/template", {"name": "a", "type": "StringType"}) == (401, "ITG-0B005")


def test_the_manuals_words(contract: Any) -> None:
    one = contract.imi
    with contract.set(messages="manual"):
        made = one.ok("PUT", TC, {"mac": "0D0000000000", "firmwareID": "6"})
        assert made["message"] == "Thin client successfully inserted."
        body = [{"assignee": {"id": "529", "type": "profile"}, "receiver": {"id": "76462", "type": "tcdirectory"}}]
        told = one.ok("PUT", f"{DIR}/76462/assignments/profiles", body)
        assert told["message"] == "1 asssignments successfully assigned to thinclient directory <76462>"
        assert one.ok("DELETE", f"{TC}/{made['id']}/deletetcoffline") == {"message": "Offline deletion successful"}
        one.ok("DELETE", "/profiles/529/assignments/tcdirectories/76462")


def test_never_more_helpful_than_the_real_one(contract: Any) -> None:
    everything = len(contract.imi.ok("GET", TC))
    for query in ("name=UD10", "mac=00E0C514325B", "limit=1", "fields=id", "filter=x"):
        assert len(contract.imi.ok("GET", f"{TC}?{query}")) == everything
    reply = contract.imi.call("GET", TC)
    assert not {"ETag", "Link", "X-Total-Count", "Last-Modified"} & set(reply.headers)


def test_older_servers_lack_fields(contract: Any) -> None:
    with contract.set(version="6.01.100"):
        shown = contract.imi.ok("GET", f"{TC}/95?facets=details")
    assert not {"lastUser", "isThinClientRegistered", "isConnectedViaReverseProxy", "lastContact"} & set(shown)
