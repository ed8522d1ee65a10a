# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an Aruba AOS-CX switch says about itself, read into plain state. Pure: text in, state out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_aoscx import (
    Groups,
    parse_lists,
    sections,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.config_text import without_banners
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Hits, Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    IPV4,
    IPV6,
    Config,
    Interface,
    Timer,
    way_of,
)

# A list without entries that is only there while a change of ours waits for its confirm. The configuration that a
# revert timer brings back does not have it, so it goes with the change.
MARKER = "OTE_revert_timer"
_UNMARK = f"show access-list ip {MARKER} commands; when nobody is at work: no access-list ip {MARKER}"
# The VLAN itself, which filters bridged packets too; ``vlan N`` is its interface, which filters only routed ones.
VLAN_CONTEXT = "context vlan "
_LAST_VLAN = 4094
# What the commands call a family.
WORDS = {IPV4: "ip", IPV6: "ipv6"}
_BIND = re.compile(r"apply access-list (ip|ipv6) (\S+) (\S+)$")
_WARNING = re.compile(r"user configuration (?:does not match active|currently being processed)")
# A row of the table of capacities: its name, the value and the maximum.
_ROOM = re.compile(r"^\s*Number of Access Control Entries\b.*?\s(\d+)\s+(\d+)\s*$", re.MULTILINE)
_HIT = re.compile(r"\s*(\d+|-)\s+(\d+)\s+((?:permit|deny)\s.*)$")


def interface_name(name: str) -> str:
    """Spell an interface as this collection does: ``1/1/1``, ``lag 1``, ``vlan 10`` (SVI), ``context vlan 10``."""
    spelled = " ".join(name.lower().removeprefix("interface ").split())
    found = re.fullmatch(r"(context vlan|vlan-context|vlan|lag) ?(\d+)", spelled)
    if found:
        return f"{found[1].replace('vlan-context', 'context vlan')} {found[2]}"
    return spelled


def parse_config(text: str) -> Config:
    """Read a running or startup configuration."""
    text = without_banners(text)
    interfaces: dict[str, Interface] = {}
    elsewhere: set[str] = set()
    for head, body in sections(text):
        if head.startswith("interface "):
            port = _interface(interface_name(head), body)
            interfaces[port.name] = port
        elif re.fullmatch(r"vlan [\d,-]+", head):
            interfaces |= {port.name: port for port in _vlans(head.split()[1], body)}
        elif not head.startswith(("access-list ", "object-group ")):
            elsewhere.update(word for line in (head, *body) for word in line.split())
        for line in body:
            bound = _BIND.match(line)
            if bound and not _direction(head, bound[3]):
                elsewhere.add(bound[2])
    lists = parse_lists(text).without(MARKER)
    # The platform routes between its VLAN interfaces without being told to.
    return Config(lists, interfaces, True, frozenset(elsewhere))


def _vlans(numbers: str, body: list[str]) -> Iterator[Interface]:
    """Give the contexts of a section of VLANs; those that say nothing stand together, as in ``vlan 1,10-12``."""
    for part in numbers.split(","):
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if found:
            for number in range(int(found[1]), min(int(found[2] or found[1]), _LAST_VLAN) + 1):
                yield _interface(f"{VLAN_CONTEXT}{number}", body)


def _direction(head: str, word: str) -> str:
    """Give in or out for a binding where the platform takes it, else ""."""
    return _WORDS.get((head.startswith("interface vlan"), word), "")


# (is it a VLAN interface, the word of the configuration) -> the direction
_WORDS = {(True, "routed-in"): "in", (True, "routed-out"): "out", (False, "in"): "in", (False, "out"): "out"}


def direction_word(interface: str, direction: str) -> str:
    """Give the word of ``apply access-list`` for a direction."""
    return f"routed-{direction}" if interface.startswith("vlan ") else direction


def _interface(name: str, body: list[str]) -> Interface:
    lists: dict[str, str] = {}
    group = ""
    for line in body:
        bound = _BIND.match(line)
        direction = _direction(f"interface {name}", bound[3]) if bound else ""
        member = re.fullmatch(r"lag (\d+)", line)
        if bound and direction:
            lists[way_of(direction, IPV6 if bound[1] == WORDS[IPV6] else IPV4)] = bound[2]
        elif member:
            group = member[1]
    bridged = any(line.startswith("vlan access ") for line in body)
    return Interface(name, lists, group, access=bridged and not any(line.startswith("vlan trunk ") for line in body))


def parse_marker(text: str) -> Timer | None:
    """Find the mark that a run of ours leaves while its revert timer runs; see driver_aoscx.py."""
    for head, body in sections(text):
        if head == f"access-list ip {MARKER}":
            user = re.search(r"comment revert timer of (\S+)", "\n".join(body))
            return Timer(user[1] if user else "", "\n".join((head, *body)), _UNMARK)
    return None


def parse_active(name: str, active: str, typed: str, groups: Groups | None = None) -> AccessList | None:
    """Give a list as the hardware has it; what was typed and is not active is a line that is not understood.

    Args:
        name: the list.
        active: what ``show access-list ip NAME commands`` prints.
        typed: the same with ``configuration``.
        groups: object groups, which neither prints.
    """
    found, wanted = parse_lists(active, groups).get(name), parse_lists(typed, groups).get(name)
    if found is None or wanted is None:
        return None
    notes = warnings(f"{active}\n{typed}", [name])
    if not notes and not (found.opaque or wanted.opaque) and not _same(found, wanted):
        notes = [f"access-list {WORDS[found.family]} {name}: what is active is not what is configured"]
    return AccessList(name, found.kind, (*found.entries, *(Opaque(note) for note in notes)))


def _same(found: AccessList, wanted: AccessList) -> bool:
    if bool(found.rules) != bool(wanted.rules):
        return False
    return not found.rules or compare(found.rules, wanted.rules).equal


def is_busy(text: str) -> bool:
    """True while the switch still works on what was typed."""
    return "currently being processed" in text


def warnings(text: str, names: Iterable[str] = ()) -> list[str]:
    """Give the notes about lists whose configuration is not active; of these lists only, if any are named."""
    wanted = set(names)
    found = [line.strip().lstrip("! ").strip() for line in text.splitlines() if _WARNING.search(line)]
    return list(dict.fromkeys(line for line in found if not wanted or wanted & set(line.split())))


def parse_privilege(text: str) -> int | None:
    """Read ``show user information``; None where it does not tell."""
    found = re.search(r"[Pp]rivilege level\s*:\s*(\d+)", text)
    return int(found[1]) if found else None


def parse_hits(text: str) -> list[Hits]:
    """Read ``show access-list hitcounts``: entries in order, with the hits of all places where the list is bound."""
    entries: dict[int, str] = {}
    counts: dict[int, int | None] = {}
    for line in text.splitlines():
        found = _HIT.match(line)
        if not found:
            continue
        number = int(found[2])
        entries[number] = found[3].strip()
        if found[1] != "-":
            counts[number] = (counts.get(number) or 0) + int(found[1])
    return [Hits(entries[number], counts.get(number)) for number in sorted(entries)]


def parse_room(text: str) -> Room | None:
    """Read ``show capacities-status``: entries that may be configured on the whole switch; None where it has no row."""
    rows = [(int(row[1]), int(row[2])) for row in _ROOM.finditer(text)]
    if not rows:
        return None
    maximum, used = min(((high, low) for low, high in rows), key=lambda row: row[0] - row[1])
    return Room(used, maximum)
