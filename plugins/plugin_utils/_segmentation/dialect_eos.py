# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in the spelling of Arista EOS: render, and a strict parser of configurations and of the show commands.

A line that is not understood to its last word stays opaque (reference switch-acl.md sections 2.2, 3 and 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, Lists
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.eos_names import EOS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.list_text import ListText, by_key, read_body
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.prefix_entries import (
    EntryReader,
    family_of,
    render_entries,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule

HEADS = {"ipv4": "ip access-list", "ipv6": "ipv6 access-list"}
# Lists of the system, like default-control-plane-acl: shown, never edited (pitfall 20).
READ_ONLY = "readonly"

_CONFIG_HEAD = re.compile(r"(?P<ip>ip|ipv6) access-list (?:(?P<standard>standard) )?(?P<name>\S+)$")
_SHOW_HEAD = re.compile(
    r"(?P<standard>Standard )?(?P<ip>IP|IPV6) Access List (?P<name>\S+?)(?P<readonly> \[readonly\])?$", re.IGNORECASE
)
_COUNTER = re.compile(r"\s*\[match [^\]]*\]\s*$")
# Settings and facts that decide no packet; anything else that is no entry stays opaque.
_NOTES = re.compile(
    r"(?:(?:counters|statistics) per-entry|Total rules configured: \d+"
    r"|(?:Configured on|Active on)(?:\s+(?:Ingress|Egress|control plane|VTY|\S+ VRF))?\s*:.*)$"
)


def render(name: str, rules: Iterable[Rule]) -> list[str]:
    """Give the lines that build the list from nothing; entries are counted.

    Raises:
        InputError: rules of both families, or an IPv6 address that falls into too many prefixes.
    """
    rules = list(rules)
    return [f"{HEADS[family_of(rules)]} {name}", "counters per-entry", *render_entries(rules, EOS)]


def parse_lists(text: str) -> Lists:
    """Read every list by name; an IPv6 list with the name of an IPv4 one is found as ``NAME (ipv6)``.

    Args:
        text: a configuration, or what ``show ip access-lists`` and ``show ipv6 access-lists`` print.
    """
    found: dict[tuple[str, str], ListText] = {}
    current: ListText | None = None
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line.strip() or line.strip() == "!":
            continue
        if line[0].isspace():
            if current is not None:
                current.lines.append(line)
            continue
        head = _CONFIG_HEAD.match(line) or _SHOW_HEAD.match(line)
        current = ListText.of(found, head["name"], head["ip"].lower(), _kind(head)) if head else None
    return Lists(by_key(found), lambda _key, text: _read(text))


def _kind(head: re.Match[str]) -> str:
    if head.groupdict().get("readonly"):
        return READ_ONLY
    return "standard" if head["standard"] else "extended"


def _read(text: ListText) -> AccessList:
    reader = EntryReader(EOS, text.family, standard=text.kind == "standard")
    lines = (_COUNTER.sub("", line).strip() for line in text.lines)
    return AccessList(text.name, text.shown_kind, read_body(reader, lines, _NOTES))
