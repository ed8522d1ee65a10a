# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsStore


@pytest.fixture
def tree(imi: Any) -> dict[str, str]:
    top = imi.ok("PUT", "/directories/tcdirectories", {"name": "plant-a"})
    assert top == {"message": "Directory successfully inserted.", "id": top["id"], "name": "plant-a"}
    sub = imi.ok("PUT", "/directories/tcdirectories/", {"name": "line-1", "parentID": top["id"]})
    assert sub["parentID"] == top["id"]
    return {"top": top["id"], "sub": sub["id"]}


@pytest.fixture
def profiles(imi: Any) -> dict[str, str]:
    return {row["name"]: row["id"] for row in imi.ok("GET", "/profiles")}


def assignment(profile: str, kind: str, receiver: str | int) -> dict[str, Any]:
    return {"assignee": {"id": profile, "type": "profile"}, "receiver": {"id": receiver, "type": kind}}


def test_directories(imi: Any, tree: dict[str, str], make_device: Callable[..., str]) -> None:
    one = make_device(1, parentID=tree["sub"])
    rows = {row["id"]: row for row in imi.ok("GET", "/directories/tcdirectories?facets=children")}
    assert [child["id"] for child in rows[tree["top"]]["DirectoryChildren"]] == [tree["sub"]]
    [child] = rows[tree["sub"]]["DirectoryChildren"]
    assert (child["objectType"], child["id"], child["link"]["rel"]) == ("tc", one, "tc")
    assert "name" not in child
    shown = imi.ok("GET", f"/directories/tcdirectories/{tree['sub']}")
    assert "DirectoryChildren" not in shown
    assert (shown["parentID"], shown["movedToBin"], shown["objectType"]) == (tree["top"], False, "tcdirectory")
    renamed = imi.ok("PUT", f"/directories/tcdirectories/{tree['sub']}", {"name": "line-2"})
    assert renamed == {"message": "Updated directory successfully."}


def test_empty_directory_has_no_children_key(imi: Any, tree: dict[str, str]) -> None:
    assert "DirectoryChildren" not in imi.ok("GET", f"/directories/tcdirectories/{tree['sub']}?facets=children")


def test_delete_only_when_empty(imi: Any, tree: dict[str, str]) -> None:
    url = "/directories/tcdirectories/"
    assert imi.fails("DELETE", url + tree["top"]) == (400, "ITG-0A006")
    assert imi.ok("DELETE", url + tree["sub"]) == {"message": "Deletion successful."}
    assert imi.ok("DELETE", url + tree["top"]) == {"message": "Deletion successful."}
    assert imi.fails("DELETE", url + tree["top"]) == (404, "ITG-0A002")
    assert imi.fails("DELETE", url + "-1") == (404, "ITG-0A002")


@pytest.mark.parametrize(
    ("path", "body", "expect"),
    [
        ("", {}, (400, "ITG-0A013")),
        ("", {"name": ""}, (400, "ITG-0A013")),
        ("", {"name": "x", "parentID": "999"}, (400, "ITG-0A016")),
        ("/999", {"name": "x"}, (404, "ITG-0A002")),
        ("/999?operation=move", [{"id": "1", "type": "tc"}], (404, "ITG-0A002")),
        ("/-1?operation=move", [], (400, "ITG-0A012")),
        ("/-1?operation=copy", [{"id": "1", "type": "tc"}], (400, "ITG-0A004")),
        ("/-1?operation=move", [{"id": "x", "type": "tc"}], (400, "ITG-0A010")),
    ],
)
def test_directory_refusals(imi: Any, path: str, body: Any, expect: tuple[int, str]) -> None:
    assert imi.fails("PUT", f"/directories/tcdirectories{path}", body) == expect


def test_move_answers_by_id(imi: Any, tree: dict[str, str], make_device: Callable[..., str]) -> None:
    ids = [make_device(number) for number in range(6)]
    order = [{"id": one, "type": "tc"} for one in ids] + [{"id": "9999", "type": "tc"}]
    results = imi.ok("PUT", f"/directories/tcdirectories/{tree['sub']}?operation=move", order)
    assert {row["id"]: row["results"] for row in results} == {
        **dict.fromkeys(ids, "successful"),
        "9999": "does_not_exist",
    }
    assert [row["id"] for row in results] != [row["id"] for row in order]
    assert {row["parentID"] for row in imi.ok("GET", "/thinclients")} == {tree["sub"]}


def test_no_directory_moves_into_itself(imi: Any, tree: dict[str, str]) -> None:
    order = [{"id": tree["top"], "type": "tcdirectory"}]
    [row] = imi.ok("PUT", f"/directories/tcdirectories/{tree['sub']}?operation=move", order)
    assert row["results"] != "successful"
    order = [{"id": tree["sub"], "type": "tcdirectory"}]
    [row] = imi.ok("PUT", "/directories/tcdirectories/-1?operation=move", order)
    assert row["results"] == "successful"


def test_inherited_assignments_show_in_d9_and_t7_in_different_orders(
    imi: Any, tree: dict[str, str], profiles: dict[str, str], make_device: Callable[..., str]
) -> None:
    one = make_device(1, parentID=tree["sub"])
    base, role, kiosk = profiles["base-plant-a"], profiles["role-operator"], profiles["role-kiosk"]
    imi.ok("PUT", f"/directories/tcdirectories/{tree['top']}/assignments/profiles",
           [assignment(base, "tcdirectory", tree["top"])])  # fmt: skip
    imi.ok("PUT", f"/profiles/{role}/assignments/tcdirectories", [assignment(role, "tcdirectory", tree["sub"])])
    told = imi.ok("PUT", f"/thinclients/{one}/assignments/profiles/", [assignment(kiosk, "tc", int(one))])
    assert told == {"message": "1 asssignments successfully assigned to device <{1}>"}

    def seen(path: str) -> list[tuple[str, str, str, int]]:
        rows = imi.ok("GET", path)
        return [(row["assignee"]["id"], row["receiver"]["type"], row["receiver"]["id"], row["assignmentPosition"])
                for row in rows]  # fmt: skip

    assert seen(f"/thinclients/{one}/assignments/profiles") == [
        (kiosk, "tc", one, 0),
        (role, "tcdirectory", tree["sub"], 1),
        (base, "tcdirectory", tree["top"], 2),
    ]
    assert seen(f"/directories/tcdirectories/{tree['sub']}/assignments/profiles") == [
        (role, "tcdirectory", tree["sub"], 0),
        (base, "tcdirectory", tree["top"], 1),
    ]
    assert seen(f"/profiles/{kiosk}/assignments/thinclients") == [(kiosk, "tc", one, 0)]
    assert seen(f"/profiles/{base}/assignments/thinclients") == []
    assert seen(f"/profiles/{base}/assignments/tcdirectories") == [(base, "tcdirectory", tree["top"], 0)]


def test_d9_order_is_nearest_first_and_t7_top_first(
    imi: Any, tree: dict[str, str], profiles: dict[str, str], make_device: Callable[..., str]
) -> None:
    low = imi.ok("PUT", "/directories/tcdirectories", {"name": "cell", "parentID": tree["sub"]})["id"]
    one = make_device(1, parentID=low)
    for profile, folder in zip(profiles.values(), (tree["top"], tree["sub"], low), strict=True):
        imi.ok("PUT", f"/profiles/{profile}/assignments/tcdirectories", [assignment(profile, "tcdirectory", folder)])
    of_device = [row["receiver"]["id"] for row in imi.ok("GET", f"/thinclients/{one}/assignments/profiles")]
    path = f"/directories/tcdirectories/{low}/assignments/profiles"
    assert of_device == [low, tree["sub"], tree["top"]]
    assert [row["receiver"]["id"] for row in imi.ok("GET", path)] == [low, tree["top"], tree["sub"]]


def test_unassign_only_from_the_profile_side(
    imi: Any, profiles: dict[str, str], make_device: Callable[..., str], tree: dict[str, str]
) -> None:
    one, base = make_device(1), profiles["base-plant-a"]
    imi.ok("PUT", f"/profiles/{base}/assignments/thinclients", [assignment(base, "tc", one)] * 2)
    assert len(imi.ok("GET", f"/thinclients/{one}/assignments/profiles")) == 1
    assert imi.fails("DELETE", f"/thinclients/{one}/assignments/profiles") == (400, "ITG-0A011")
    gone = {"message": "deleted profile assignment"}
    assert imi.ok("DELETE", f"/profiles/{base}/assignments/thinclients/{one}") == gone
    assert imi.fails("DELETE", f"/profiles/{base}/assignments/thinclients/{one}") == (400, "ITG-0A021")
    imi.ok("PUT", f"/profiles/{base}/assignments/tcdirectories", [assignment(base, "tcdirectory", tree["sub"])])
    assert imi.ok("DELETE", f"/profiles/{base}/assignments/tcdirectories/{tree['sub']}") == gone


@pytest.mark.parametrize(
    "case",
    [
        ("/profiles/{base}/assignments/thinclients", "{role}", ("tc", "{one}"), "ITG-0A021"),
        ("/profiles/{base}/assignments/thinclients", "999", ("tc", "{one}"), "ITG-0A021"),
        ("/profiles/{base}/assignments/thinclients", "{base}", ("tcdirectory", "{sub}"), "ITG-0A019"),
        ("/profiles/{base}/assignments/thinclients", "{base}", ("tc", "999"), "ITG-0A019"),
        ("/thinclients/{one}/assignments/profiles", "{base}", ("tc", "999"), "ITG-0A019"),
    ],
)
def test_assign_refusals_assign_nothing(
    imi: Any,
    tree: dict[str, str],
    profiles: dict[str, str],
    make_device: Callable[..., str],
    case: tuple[str, str, tuple[str, str], str],
) -> None:
    path, profile, (kind, receiver), code = case
    words = {"base": profiles["base-plant-a"], "role": profiles["role-operator"], "one": make_device(1), **tree}
    good = assignment(words["base"], "tc", words["one"])
    bad = assignment(profile.format(**words), kind, receiver.format(**words))
    assert imi.fails("PUT", path.format(**words), [good, bad]) == (400, code)
    assert imi.ok("GET", f"/thinclients/{words['one']}/assignments/profiles") == []


def test_profiles_and_firmwares(imi: Any, profiles: dict[str, str]) -> None:
    base = profiles["base-plant-a"]
    shown = imi.ok("GET", f"/profiles/{base}")
    assert (shown["isMasterProfile"], shown["parentID"], shown["objectType"]) == (False, "-2", "profile")
    assert imi.ok("PUT", f"/profiles/{base}", {"name": "n"}) == {"message": "Update successful"}
    assert imi.fails("PUT", f"/profiles/{base}", {"firmwareID": "1"}) == (400, "ITG-0A013")
    assert imi.ok("DELETE", f"/profiles/{base}") == {"message": f"Deleted profile with id {base}"}
    rows = imi.ok("GET", "/firmwares")
    assert list(rows) == ["FwResource"]
    assert rows["FwResource"][0] == imi.ok("GET", "/firmwares/1") == {
        "id": "1", "product": "IGEL OS 12", "version": "12.9.0", "firmwareType": "LX", "links": [],
    }  # fmt: skip


def test_pending_until_pushed(
    imi: Any, store: UmsStore, tree: dict[str, str], profiles: dict[str, str], make_device: Callable[..., str]
) -> None:
    one = make_device(1, parentID=tree["sub"])
    store.register("001B1B000001", {"address": "10.20.1.11"})

    def state() -> str:
        return str(imi.ok("GET", f"/thinclients/{one}?facets=details")["configChanges"])

    assert state() == "APPLIED"
    base = profiles["base-plant-a"]
    imi.ok("PUT", f"/profiles/{base}/assignments/tcdirectories", [assignment(base, "tcdirectory", tree["top"])])
    assert state() == "PENDING"
    imi.ok("POST", "/thinclients?command=settings2tc", [{"id": one, "type": "tc"}])
    assert state() == "APPLIED"


def test_priority_profiles_are_the_same_under_another_name(
    imi: Any, store: UmsStore, hooks: Any, make_device: Callable[..., str]
) -> None:
    one = make_device(1)
    assert imi.ok("GET", "/masterprofiles") == []
    grown = UmsStore({**store.config, "master_profiles": ["Company Master Profile"]}, hooks, store.dump())
    store.profiles = grown.profiles
    [row] = imi.ok("GET", "/masterprofiles")
    assert (row["isMasterProfile"], row["objectType"], row["parentID"]) == (True, "masterprofile", "-14")
    assert row["name"] not in {shown["name"] for shown in imi.ok("GET", "/profiles")}
    assert imi.fails("GET", f"/profiles/{row['id']}") == (404, "ITG-FF006")
    body = [{"assignee": {"id": row["id"], "type": "masterprofile"}, "receiver": {"id": one, "type": "tc"}}]
    imi.ok("PUT", f"/masterprofiles/{row['id']}/assignments/thinclients", body)
    [shown] = imi.ok("GET", f"/thinclients/{one}/assignments/profiles")
    assert shown["assignee"] == {"id": row["id"], "type": "masterprofile"}
    body[0]["assignee"]["type"] = "profile"
    assert imi.fails("PUT", f"/thinclients/{one}/assignments/profiles", body) == (400, "ITG-0A021")
