# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From any state and any list one run converges and the second changes nothing; also when it breaks in the middle."""

from __future__ import annotations

import copy
import json
import threading
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import apply_devices
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import DevicePlan
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices import plan_present
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices_absent import plan_absent
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError, refusal
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.exclusive import Terms
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import Outcome, reconcile
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import wanted_devices
from ansible_collections.otedge.endpoint.plugins.modules.ums_devices import read_current
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import (
    FakeModule,
    FakeTalk,
    FakeUms,
)
from hypothesis import given, settings
from hypothesis import strategies as st

FIRMWARE = {"product": "IGEL OS 12", "version": "12.9.0"}
MACS = [f"0A00000000{number:02X}" for number in range(9)]
PLACES = ["/", "plant-a", "plant-a/line-1", "plant-b"]
COUNTRY = {"identifier": "country", "name": "Country", "type": "range", "allowedValues": ["DE", "AT"]}


class ShakyTalk(FakeTalk):
    """The fake, breaking at the n-th write; notes every single thing that was really done."""

    def __init__(self, fake: FakeUms, parallel: int, breaks_at: int = 0, how: str = "") -> None:
        super().__init__(fake)
        self.parallel = parallel
        self.breaks_at = breaks_at
        self.how = how
        self.writes = 0
        self.done: list[tuple[str, ...]] = []
        self.lock = threading.Lock()

    def _do(self, method: str, path: str, query: dict[str, str], body: Any, what: str) -> Any:
        with self.lock:
            if method == "GET":
                return super()._do(method, path, query, body, what)
            self.writes += 1
            breaks = self.writes == self.breaks_at
            if breaks and self.how == "unavailable":
                raise refusal(what, "https://fake", 503, None)
            if breaks and self.how == "session":
                raise UmsError("the session was lost", error_code="ITG-0B004", status=401)
            answer = super()._do(method, path, query, body, what)
            if query:
                self.done += [("move", path, item["id"]) for item in body]
            else:
                self.done.append((method, path, json.dumps(body)))
            if breaks:
                raise TalkError("no answer")
            return answer


records = st.lists(
    st.fixed_dictionaries(
        {
            "mac": st.sampled_from(MACS),
            "stick": st.sampled_from([False, False, False, True]),
            "name": st.sampled_from(["", "a", "b"]),
            "place": st.integers(0, 3),
            "ip": st.sampled_from(["", "", "10.0.0.1"]),
            "bin": st.sampled_from([False] * 7 + ["true"]),
            "online": st.sampled_from([False] * 3 + [True]),
            "country": st.sampled_from(["", "DE"]),
        }
    ),
    max_size=9,
)
wishes = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from([None, "a", "b"]),
            "directory": st.sampled_from([None, *PLACES]),
            "site": st.sampled_from([None, "", "x"]),
            "attributes": st.sampled_from([None, None, {"country": "AT"}, {"country": ""}]),
            "others": st.integers(0, 2),
            "stick": st.sampled_from([None, None, None, 0, 1]),
        }
    ),
    min_size=1,
    max_size=5,
)


def site(found: list[dict[str, Any]]) -> FakeUms:
    fake = FakeUms()
    plant = fake.add_directory("plant-a")
    parents = ["-1", plant, fake.add_directory("line-1", plant), fake.add_directory("plant-b")]
    fake.add_firmware("IGEL OS 12", "12.9.0")
    fake.attributes = [COUNTRY]
    for number, row in enumerate(found):
        unit = f"8564{number:014d}" if row["stick"] else row["mac"]
        if unit not in {known["unitID"] for known in fake.devices.values()}:
            fake.add_device(
                row["mac"],
                unitID=unit,
                name=row["name"],
                parentID=parents[row["place"]],
                lastIP=row["ip"],
                movedToBin=row["bin"],
                online=row["online"] and bool(row["ip"]),  # who is online has connected
                deviceAttributes=[{"identifier": "country", "value": row["country"]}],
            )
    return fake


def listed(wanted: list[dict[str, Any]], macs: list[str]) -> list[dict[str, Any]]:
    """Give each wish the next MACs, no MAC and no unit id to two."""
    left, items = list(macs), []
    units: set[str | None] = set()
    for wish in wanted:
        own, left = left[: 1 + wish["others"]], left[1 + wish["others"] :]
        if own:
            unit = None if wish["stick"] is None else f"8564{wish['stick']:014d}"
            if unit in units:
                continue
            units |= {unit} - {None}
            items.append({**wish, "mac": own[0], "candidate_macs": own[1:], "firmware": FIRMWARE, "unit_id": unit})
    return items


class Run:
    """One task: its list and terms, run against the fake."""

    def __init__(self, fake: FakeUms, items: list[dict[str, Any]], state: str, parallel: int) -> None:
        self.fake, self.state, self.parallel = fake, state, parallel
        self.wanted = wanted_devices(items)
        self.talk = ShakyTalk(fake, parallel)

    def plan(self) -> DevicePlan:
        ums = Ums(self.talk)
        current = read_current(ums, any(item.attributes for item in self.wanted))
        if self.state == "absent":
            return plan_absent(current, self.wanted)

        def online(device_id: str) -> bool | None:
            record = ums.device(device_id, "online")
            return False if record is None else record.online

        terms = Terms("plant-a", exclusive=self.state == "exclusive", max_deletions=9, online=online)
        return plan_present(current, self.wanted, terms=terms)

    def go(self, breaks_at: int = 0, how: str = "") -> Outcome[DevicePlan]:
        self.talk = ShakyTalk(self.fake, self.parallel, breaks_at, how)
        module: Any = FakeModule({"host": "ums"})
        return reconcile(module, "x", self.plan, lambda plan: apply_devices(Ums(self.talk), plan.change.steps))


def inside(before: dict[str, Any], fake: FakeUms, state: str, macs: set[str]) -> set[str]:
    """Give the ids that a task may touch: those of the list, and with exclusive those below plant-a."""
    below = {key for key, row in fake.directories.items() if row["name"] in ("plant-a", "line-1")}
    return {
        key
        for key, row in before.items()
        if row["unitID"] in macs
        or row["mac"] in macs
        or (state == "exclusive" and row["parentID"] in below and not row["online"])
    }


tasks = st.fixed_dictionaries(
    {
        "found": records,
        "wanted": wishes,
        "macs": st.permutations(MACS),
        "state": st.sampled_from(["present", "exclusive", "absent"]),
        "parallel": st.sampled_from([1, 1, 4]),
        "breaks_at": st.integers(0, 8),
        "how": st.sampled_from(["unavailable", "session", "lost answer"]),
    }
)


@given(tasks)
@settings(max_examples=300, deadline=None)
def test_one_run_or_a_broken_one_and_another_converge(task: dict[str, Any]) -> None:
    fake, state = site(task["found"]), task["state"]
    items = listed(task["wanted"], task["macs"])
    before, tree = copy.deepcopy(fake.devices), copy.deepcopy(fake.directories)
    run = Run(fake, items, state, task["parallel"])
    try:
        first = run.plan()
    except OtedgeError:
        assert fake.devices == before and fake.writes == []
        return
    try:
        run.go(task["breaks_at"], task["how"])
        done = run.talk.done
    except OtedgeError as exc:
        done = run.talk.done
        told = [row for key in ("written", "failed", "unknown", "left") for row in exc.details[key]]
        assert told or run.talk.writes
        assert "un it again" in exc.fix or not exc.details["left"]
        run.go()
        done = done + run.talk.done
    assert len(set(done)) == len(done), "nothing is written twice"
    assert (not done) == (not first.change.changed)
    last = run.go()
    assert not last.first.change.changed and run.talk.done == []
    touchable = inside(before, fake, state, {key for item in run.wanted for key in (*item.macs, item.unit_id or "")})
    for key, row in before.items():
        if key not in touchable or row["movedToBin"]:
            assert fake.devices[key] == row, "what lies outside the list and its directory is not touched"
        if key not in fake.devices and state != "absent":
            assert not row["online"], "no device that is online goes"
    assert fake.directories == tree
    if state != "absent":
        assert last.first.drift["missing"] == []
        assert not any(row["corrected"] for row in last.first.drift["differences"])
        assert {row["action"] for row in last.first.drift["strangers"]} <= {"left"}
