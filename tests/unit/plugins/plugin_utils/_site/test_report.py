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
    assert report["conduits"]["cells"]["OPZ"]["SUP"] == ["opz-sup (tcp 443)"]
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
