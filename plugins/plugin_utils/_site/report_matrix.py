# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conduits of the report as a map from zone to zone: shaded by how much is allowed, and in words too. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_TITLE = "<h2>Conduits, from row to column</h2>"


def render_matrix(found: Mapping[str, Any]) -> str:
    """Give heading, legend and table for matrix.heat(); every shade and every flag stands there as text as well."""
    if not found["from"]:
        return f'{_TITLE}<p class="soft">None: everything between zones is denied.</p>'
    head = "".join(f'<th scope="col">{_zone(found, name)}</th>' for name in found["to"])
    body = "".join(
        f'<tr><th scope="row">{_zone(found, start)}</th>'
        + "".join(_cell(start == to, found["cells"].get(start, {}).get(to)) for to in found["to"])
        + "</tr>"
        for start in found["from"]
    )
    silent = ""
    if found["silent"]:
        names = escape(", ".join(found["silent"]))
        silent = f'<p class="soft">No conduit names {names}: everything from and to there is denied.</p>'
    return (
        f"{_TITLE}{_LEGEND}"
        f'<div class="scroll" tabindex="0" role="region" aria-label="Conduits from zone to zone"><table class="map">'
        f'<thead><tr><td class="corner">from \\ to</td>{head}</tr></thead><tbody>{body}</tbody></table></div>{silent}'
    )


_LEGEND = (
    '<p class="legend"><span class="w0">denied</span><span class="w1">one service</span>'
    '<span class="w2">two or three</span><span class="w3">more than three</span>'
    '<span class="flag">against the zone concept</span></p>'
)


def _zone(found: Mapping[str, Any], name: str) -> str:
    about = found["zones"].get(name) or {}
    level = about.get("level")
    parts = [str(about.get("kind") or "")] + ([f"level {level:g}"] if level is not None else [])
    text = " · ".join(part for part in parts if part)
    return escape(name) + (f"<small>{escape(text)}</small>" if text else "")


def _cell(own: bool, cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return f'<td class="w0">{"within" if own else "denied"}</td>'
    part = f"<small>in part: {escape(', '.join(cell['part']))}</small>" if cell["part"] else ""
    if not cell["conduits"]:
        return f'<td class="w0">denied{part}</td>'
    count = cell["services"]
    flags = "".join(f"<strong>{escape(text)}</strong>" for text in cell["flags"])
    conduits = "".join(f"<li>{_conduit(item)}</li>" for item in cell["conduits"])
    number = f"<b>{count} service{'' if count == 1 else 's'}</b>"
    return f'<td class="w{cell["weight"]}{" flag" if flags else ""}">{number}{flags}<ul>{conduits}</ul>{part}</td>'


def _conduit(item: Mapping[str, Any]) -> str:
    services = escape(", ".join(item["services"]))
    boxed = ", for hours only" if item["boxed"] else ""
    outer = ", of an outer zone" if item["outer"] else ""
    return f"{escape(item['id'])} ({services}{boxed}{outer})"
