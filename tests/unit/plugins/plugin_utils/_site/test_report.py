# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.plan import build_plan
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report import Inputs, build
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report_html import render

EVIL = "<script>alert('x')</script>&\""
VOID = {"meta", "br"}


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action", "onclick")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _entry(seq: int, subject: str, data: dict[str, Any], outcome: str = "", action: str = "") -> dict[str, Any]:
    time = f"2027-05-01T02:00:0{seq}.000Z"
    return {
        "seq": seq,
        "time": time,
        "subject": subject,
        "data": data,
        "outcome": outcome,
        "action": action,
        "hash": f"{seq:064d}",
    }


@pytest.fixture
def given(model: dict[str, Any], assessments: dict[str, Any]) -> Inputs:
    plan = build_plan(model, assessments)
    return Inputs(
        plan=plan,
        plan_hash="f" * 64,
        model=model,
        stations={
            "op1": {
                "stage": "verified",
                "phase": "after",
                "reasons": [{"code": "a", "text": EVIL}],
                "observations": {"phase": "before"},
            },
            "hmi1": {"stage": "legacy", "phase": "after", "reasons": [], "observations": {"phase": None}},
        },
        entries=[
            _entry(
                1,
                "op1",
                {
                    "gates": {
                        "window": {"open": False, "read": EVIL, "needs": "later"},
                        "stop": {"open": True, "read": "", "needs": ""},
                    }
                },
            ),
            _entry(2, "sw-l1", {"error": "unknown line"}, "refused", "segment"),
            _entry(3, "hmi1", {}, "done", "exception"),
        ],
        exceptions={"hmi1": {"owner": "ot-plant-a", "review_by": "2027-04-30", "exit_condition": EVIL}},
        releases=[
            {
                "role": "ot",
                "signer": "ot@plant-a",
                "not_before": "a",
                "not_after": "b",
                "signed": True,
                "waivers": [{"gate": "backup", "station": "op1", "reason": EVIL}],
            }
        ],
    )


def test_content(given: Inputs) -> None:
    report = build(given)
    assert report["as_of"] == "2027-05-01T02:00:03.000Z"
    assert report["numbers"] == {
        "stations": 2,
        "migrate": 1,
        "contain": 1,
        "retire": 0,
        "defer": 0,
        "verified": 1,
        "contained": 0,
        "remaining": 1,
    }
    assert report["waves"][0]["counts"] == {
        "planned": 1,
        "staged": 1,
        "converting": 1,
        "thin_client": 1,
        "verified": 1,
        "contained": 0,
    }
    assert [(row["station"], row["gate"]) for row in report["refused"]] == [("op1", "window"), ("sw-l1", "segment")]
    cell = report["conduits"]["cells"]["OPZ"]["SUP"]
    assert (cell["services"], cell["weight"], cell["flags"]) == (1, 1, [])
    assert [(item["id"], item["services"]) for item in cell["conduits"]] == [("opz-sup", ["tcp 443"])]
    assert report["exceptions"][0]["overdue"] is True
    assert report["evidence"]["verified"] is True and report["evidence"]["count"] == 3


def test_page_is_well_formed_self_contained_and_escaped(given: Inputs) -> None:
    text = render(build(given))
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == [] and page.links == []
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert "http" not in text and "url(" not in text and "@import" not in text
    assert page.text.count(EVIL) == 4
    for words in ("plant-a", "op1", "verified", "wave-1", "opz-sup", "3 entries", "(wanted: after)", "overdue"):
        assert words in page.text


def test_the_map_says_in_words_what_its_shades_say(given: Inputs) -> None:
    zones = [
        {"id": "OPZ", "kind": "OPZ", "level": 2, "cidrs": ["10.20.1.0/26"]},
        {"id": "CEL", "kind": "CEL", "level": 1, "cidrs": ["10.20.11.0/24"]},
        {"id": "ENT", "kind": "ENT", "level": 4, "cidrs": ["10.0.0.0/8"]},
        {"id": EVIL, "kind": "SUP", "level": 3, "cidrs": ["10.20.50.0/24"]},
        {"id": "SAF", "kind": "SAF", "level": 1, "cidrs": ["10.20.12.0/24"]},
    ]
    many = [{"service": name} for name in ("rdp", "https", "ssh", "dns")]
    box = {"valid_from": "2026-12-05T02:00:00Z", "valid_to": "2026-12-05T06:00:00Z"}
    conduits = [
        {"id": "a", "from": "OPZ", "to": EVIL, "services": many[:1], "phases": ["after"], **box},
        {"id": "b", "from": "OPZ", "to": "CEL", "services": many, "phases": ["after"]},
        {"id": "c", "from": "OPZ", "to": "ENT", "services": many[:2], "phases": ["after"]},
    ]
    given.model = {**given.model, "zones": zones, "conduits": conduits}
    report = build(given)
    row = report["conduits"]["cells"]["OPZ"]
    assert {to: (cell["weight"], cell["flags"]) for to, cell in row.items()} == {
        EVIL: (1, []),
        "CEL": (3, ["must never speak"]),
        "ENT": (2, ["skips the industrial DMZ"]),
    }
    assert report["conduits"]["silent"] == ["SAF"]
    text = render(report)
    page = Page()
    page.feed(text)
    assert page.open == [] and page.links == [] and EVIL in page.text
    for words in ("1 service", "4 services", "2 services", "must never speak", "level 2", "for hours only", "SAF"):
        assert words in page.text
    assert '<td class="w3 flag">' in text and '<td class="w1">' in text


def test_what_lists_had_matched_is_told_by_station(given: Inputs) -> None:
    def swap(seq: int, before: str | None, now: str, **counters: Any) -> dict[str, Any]:
        binding = {"name": "op1", "interface": "Gi1/0/1", "before": before, "list": now, "changed": before != now}
        data = {"bindings": [binding], "counters": counters}
        return _entry(seq, "sw-l1", data, action="bind lists") | {"kind": "intent"}

    one = [{"entry": "permit tcp any any eq 443", "hits": 7}, {"entry": f"deny {EVIL}", "hits": 0}]
    given.entries = [
        swap(4, None, "OTE_op1_in_1"),
        swap(5, "OTE_op1_in_1", "OTE_op1_in_2", OTE_op1_in_1=one),
        swap(6, "OTE_op1_in_2", "OTE_op1_in_2", OTE_op1_in_2=[{"entry": "permit ip any any", "hits": None}]),
    ]
    report = build(given)
    assert report["hits"] == [
        {
            "station": "op1", "switch": "sw-l1", "list": "OTE_op1_in_1", "since": "2027-05-01T02:00:04.000Z",
            "time": "2027-05-01T02:00:05.000Z", "hits": 7, "counted": 2, "unused": [f"deny {EVIL}"],
        }
    ]  # fmt: skip
    page = Page()
    page.feed(render(report))
    assert page.open == [] and "1 of 2" in page.text and EVIL in page.text and "no proof of no traffic" in page.text


def test_same_inputs_same_bytes(given: Inputs) -> None:
    first = render(build(given))
    given.stations = dict(reversed(list(given.stations.items())))
    given.exceptions = dict(given.exceptions)
    assert render(build(given)) == first


def test_a_broken_chain_is_said(given: Inputs) -> None:
    given.chain_problem = "line 4 is damaged or was changed"
    text = render(build(given))
    assert "broken" in text and "line 4 is damaged" in text


def test_an_empty_site_renders() -> None:
    page = Page()
    page.feed(render(build(Inputs())))
    assert "no evidence yet" in page.text and page.open == []
