# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The style of the report: light and dark, wide and narrow, on paper; no font or picture from elsewhere."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #566372; --line: #d7dee6; --good: #1c7c4a; --bad: #b3261e;
  --warn: #8a5a00; --back: #f5f7f9; --card: #ffffff; --w1: #e3eefb; --w2: #bcd6f5; --w3: #8dbaec; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #a5b1be; --line: #38434f; --good: #6fd3a0;
  --bad: #ff9d94; --warn: #f0c069; --back: #12171d; --card: #1b222a; --w1: #1f3147; --w2: #26466c; --w3: #2f5c93; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 32px 0 8px; }
p.sub { color: var(--soft); margin: 0 0 16px; }
code { font: 13px ui-monospace, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 12px; margin: 16px 0; }
.number { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; }
.number b { display: block; font-size: 26px; line-height: 1.2; } .number span { color: var(--soft); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 8px 10px; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; white-space: nowrap; } tbody tr:last-child > * { border-bottom: 0; }
td:first-child { white-space: nowrap; }
.tag { display: inline-block; padding: 0 8px; border-radius: 10px; border: 1px solid currentColor;
  white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); } .soft { color: var(--soft); }
ul { margin: 0; padding-left: 18px; } summary { cursor: pointer; }
.map th { color: var(--ink); background: var(--card); } .map th small { display: block; color: var(--soft); }
.map th[scope=row], .map .corner { position: sticky; left: 0; background: var(--card);
  border-right: 1px solid var(--line); color: var(--soft); }
.map th[scope=row] { color: var(--ink); }
.map td { border-right: 1px solid var(--line); min-width: 120px; white-space: normal; }
.map td b, .map td strong, .map td small { display: block; }
.map td ul { list-style: none; padding: 0; font-size: 13px; }
.w0 { color: var(--soft); } .w1 { background: var(--w1); } .w2 { background: var(--w2); } .w3 { background: var(--w3); }
.map .flag, .legend .flag { outline: 2px solid var(--bad); outline-offset: -3px; } .flag strong { color: var(--ink); }
.flag strong::before { content: "! "; }
.legend { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 8px; font-size: 13px; }
.legend span { padding: 2px 10px; border: 1px solid var(--line); border-radius: 6px; }
@media (max-width: 600px) { main { padding: 12px; } th, td { padding: 6px 8px; } .map td { min-width: 104px; } }
@media print { body { background: #fff; } .scroll { overflow: visible; } .map th[scope=row] { position: static; } }
"""
