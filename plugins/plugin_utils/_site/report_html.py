# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Render the report as one self-contained HTML page: no script, no outside request, everything escaped. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report import FUNNEL
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report_matrix import render_matrix
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report_style import STYLE

_TONES = {
    "verified": "good",
    "contained": "good",
    "migrate": "good",
    "contain": "warn",
    "armed": "bad",
    "unreachable": "bad",
    "defer": "warn",
}
_LABELS = {
    "stations": "stations",
    "migrate": "to migrate",
    "contain": "to contain",
    "retire": "to retire",
    "defer": "deferred",
    "verified": "verified",
    "contained": "contained",
    "remaining": "remaining",
}


_NOTE = (
    '<p class="soft">Read when the switch was last written; a list that is bound anew counts from zero. '
    "Hits in hardware may not be counted on every model: none counted is no proof of no traffic.</p>"
)


def render(report: Mapping[str, Any]) -> str:
    """Give the page for the content of report.build()."""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Rollout of {escape(report['site'])}</title>",
        f"<style>{STYLE}</style></head><body><main>",
        f"<h1>Rollout of {escape(report['site'])}</h1>",
        f'<p class="sub">As of {escape(report["as_of"] or "no evidence yet")}. '
        f"Plan <code>{escape(report['plan_hash'] or 'none')}</code></p>",
        _numbers(report["numbers"]),
        _section("Waves", ["Wave", "Window", *(step.replace("_", " ") for step in FUNNEL)], _waves(report["waves"])),
        _section(
            "Stations",
            ["Station", "Line", "Role", "Zone", "Wave", "Disposition", "Stage", "Port rules", "Why"],
            [_station(row) for row in report["stations"]],
        ),
        _section("Gates that refused", ["Time", "On", "Gate", "Read", "Needs"], _refused(report["refused"])),
        _section(
            "Releases", ["Role", "Signer", "Valid from", "Valid until", "Signature", "Waivers"], _releases(report)
        ),
        render_matrix(report["conduits"]),
        _hits(report["hits"]),
        _section("Exceptions", ["Station", "Owner", "Review by", "Exit condition"], _exceptions(report["exceptions"])),
        _evidence(report["evidence"]),
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _tag(text: str, tone: str = "") -> str:
    tone = tone or _TONES.get(text, "soft")
    return f'<span class="tag {tone}">{escape(text.replace("_", " "))}</span>'


def _numbers(numbers: Mapping[str, int]) -> str:
    cells = "".join(
        f'<div class="number"><b>{numbers[key]}</b><span>{escape(label)}</span></div>'
        for key, label in _LABELS.items()
        if key in numbers
    )
    return f'<div class="numbers">{cells}</div>'


def _section(title: str, heads: Iterable[str], rows: list[list[str]]) -> str:
    """Give a heading and a table; the cells are HTML already."""
    if not rows:
        return f'<h2>{escape(title)}</h2><p class="soft">None.</p>'
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    return f"<h2>{escape(title)}</h2>{table}"


def _waves(waves: list[dict[str, Any]]) -> list[list[str]]:
    return [
        [escape(wave["id"]), escape(wave["window"]), *(str(wave["counts"][step]) for step in FUNNEL)] for wave in waves
    ]


def _station(row: Mapping[str, Any]) -> list[str]:
    wanted, phase = str(row["wanted_phase"]), str(row["phase"])
    ports = escape(phase) + (
        f' <span class="warn">(wanted: {escape(wanted)})</span>' if wanted not in ("", "none", phase) else ""
    )
    reasons = "<br>".join(escape(text) for text in [*row["why"], *row["stage_why"]])
    plain = [escape(str(row[key])) for key in ("line", "role", "zone", "wave")]
    name = f"<b>{escape(row['name'])}</b>"
    return [name, *plain, _tag(str(row["disposition"])), _tag(str(row["stage"])), ports, reasons]


def _refused(rows: list[dict[str, str]]) -> list[list[str]]:
    return [[escape(row[key]) for key in ("time", "station", "gate", "read", "needs")] for row in rows]


def _releases(report: Mapping[str, Any]) -> list[list[str]]:
    found = []
    for item in report["releases"]:
        waivers = "<br>".join(
            escape(f"{waiver.get('station')}: {waiver.get('gate')}: {waiver.get('reason')}")
            for waiver in item.get("waivers") or []
            if isinstance(waiver, Mapping)
        )
        signed = _tag("file present", "good") if item.get("signed") else _tag("not signed", "bad")
        plain = [escape(str(item.get(key) or "")) for key in ("role", "signer", "not_before", "not_after")]
        found.append([*plain, signed, waivers or '<span class="soft">none</span>'])
    return found


def _hits(rows: list[dict[str, Any]]) -> str:
    """Give what the lists of stations had matched, with the entries that nothing had, folded."""
    cells = []
    for row in rows:
        unused = "".join(f"<li><code>{escape(entry)}</code></li>" for entry in row["unused"])
        folded = f"<details><summary>{len(row['unused'])} of {row['counted']}</summary><ul>{unused}</ul></details>"
        plain = [
            escape(row["switch"]),
            f"<code>{escape(row['list'])}</code>",
            escape(row["since"]),
            escape(row["time"]),
        ]
        plain.append(str(row["hits"]))
        cells.append([f"<b>{escape(row['station'])}</b>", *plain, folded if unused else "none"])
    heads = ["Station", "Switch", "List", "Bound", "Read", "Hits", "Entries that nothing matched"]
    return _section("What lists had matched", heads, cells) + (_NOTE if rows else "")


def _exceptions(rows: list[dict[str, Any]]) -> list[list[str]]:
    return [
        [
            escape(row["station"]),
            escape(row["owner"]),
            escape(row["review_by"]) + (" " + _tag("overdue", "bad") if row["overdue"] else ""),
            escape(row["exit_condition"]),
        ]
        for row in rows
    ]


def _evidence(evidence: Mapping[str, Any]) -> str:
    if evidence["verified"]:
        state = f"{_tag('verified', 'good')} {evidence['count']} entries, each bound to the one before it."
    else:
        state = (
            f"{_tag('broken', 'bad')} {escape(evidence['problem'])}; "
            f"{evidence['count']} entries before the break can be trusted."
        )
    return (
        f"<h2>Evidence chain</h2><p>{state}</p><p>Last hash <code>{escape(evidence['last_hash'] or 'none')}</code></p>"
    )
