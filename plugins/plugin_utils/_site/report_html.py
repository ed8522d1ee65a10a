# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Render the report as one self-contained HTML page: no script, no outside request, everything escaped. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report import FUNNEL

_STYLE = """
:root { color-scheme: light; --ink: #1d2733; --soft: #5b6877; --line: #d7dee6; --good: #1c7c4a; --bad: #b3261e;
  --warn: #8a5a00; --back: #f5f7f9; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 32px 0 8px; }
p.sub { color: var(--soft); margin: 0 0 16px; }
code { font: 13px ui-monospace, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 12px; margin: 16px 0; }
.number { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 12px; }
.number b { display: block; font-size: 26px; line-height: 1.2; } .number span { color: var(--soft); }
.scroll { overflow-x: auto; background: #fff; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 8px 10px; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; white-space: nowrap; } tbody tr:last-child td { border-bottom: 0; }
td:first-child { white-space: nowrap; }
.tag { display: inline-block; padding: 0 8px; border-radius: 10px; border: 1px solid currentColor;
  white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); } .soft { color: var(--soft); }
@media print { body { background: #fff; } .scroll { overflow: visible; } }
"""
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


def render(report: Mapping[str, Any]) -> str:
    """Give the page for the content of report.build()."""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Rollout of {escape(report['site'])}</title>",
        f"<style>{_STYLE}</style></head><body><main>",
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
        _conduits(report["conduits"]),
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


def _conduits(matrix: Mapping[str, Any]) -> str:
    rows = []
    for source in matrix["from"]:
        cells = matrix["cells"].get(source, {})
        rows.append(
            [
                f"<b>{escape(source)}</b>",
                *("<br>".join(escape(text) for text in cells.get(target, [])) for target in matrix["to"]),
            ]
        )
    return _section("Conduits (from row to column)", ["", *matrix["to"]], rows)


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
