# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What takes a change back on Cisco IOS and IOS-XE where there is no archive: an EEM applet, or a restart.

Reference switch-acl.md section 2.1. Pure: text in, lines and state out. An applet carries the old bindings in its
actions, runs without any session and touches nothing else. Its actions run in the order of their labels as text
(vendor's guide), so all labels are of one length. It counts down once, and stays configured after it has run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import OURS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    IPV4,
    IPV6,
    Config,
    Interface,
    Timer,
    way_of,
)

ARCHIVE, APPLET, RELOAD, NONE = "archive", "eem", "reload", "none"
PREFIX = "OTEDGE_REVERT_"
POLICIES = "show event manager policy registered"
SCHEDULED = "show reload"
# An applet may run for 20 s (reference): this many lines, at a quarter of a second each, leave room for a busy switch.
MOST_LINES = 40
_USER = 12
_NAME = re.compile(rf"\b{PREFIX}(\w+)_([0-9a-f]{{8}})(?:_\d+)?\b")
_HEAD = re.compile(rf"event manager applet ({PREFIX}\w+)")
_ACTION = re.compile(r'\s*action (\S+) cli command "(.*)"\s*$')
_BOUND = re.compile(r"(no )?(ip access-group|ipv6 traffic-filter) (\S+) (in|out)$")
# Lines of a configuration that change without anybody configuring.
_PASSING = re.compile(r"^(?:!|Building configuration|Current configuration|Using \d+|ntp clock-period|\s*$)")


def tag(user: str, token: str) -> str:
    """Give the name of what one run arms: it tells whose it is."""
    return f"{PREFIX}{_short(user)}_{token}"


def _short(user: str) -> str:
    """Give a user's part in names; one that is not the whole user name has a hash, to tell those alike apart."""
    clean = re.sub(r"[^A-Za-z0-9]", "", user)
    if clean == user and len(clean) <= _USER:
        return clean
    return f"{clean[: _USER - 4]}{hashlib.sha256(user.encode()).hexdigest()[:4]}"


def owner(name: str, user: str) -> str:
    """Give the user as a timer tells it: the given one if the name is of a run of theirs."""
    found = _NAME.match(name)
    known = found[1] if found else ""
    return user if known and known == _short(user) else known


def tags(text: str) -> list[str]:
    """Name every timer of a run that a text mentions, each once."""
    return list(dict.fromkeys(found[0] for found in _NAME.finditer(text)))


def applets(name: str, old: Sequence[str], minutes: int, *, bypass: bool) -> dict[str, list[str]]:
    """Give the lines of the applets that bind the old lists again, by name; more than one where there are many lines.

    Args:
        name: what tag() gave.
        old: the lines that bind the old lists, an interface line before each.
        minutes: until they run.
        bypass: their commands are not to be authorized by a server, which would not know who asks.
    """
    made: dict[str, list[str]] = {}
    pairs = [old[at : at + 2] for at in range(0, len(old), 2)]
    per = MOST_LINES // 2
    for part in range(0, len(pairs), per):
        commands = [
            "enable",
            "configure terminal",
            *(line for pair in pairs[part : part + per] for line in pair),
            "end",
        ]
        one = f"{name}_{part // per}"
        made[one] = [
            f"event manager applet {one}{' authorization bypass' if bypass else ''}",
            f"event timer countdown time {60 * minutes}",
            *(f'action {100 + index} cli command "{command}"' for index, command in enumerate(commands)),
        ]
    return made


def needs_bypass(running: str) -> bool:
    """True if a server authorizes commands and nobody has said as whom applets run."""
    lines = [line.strip() for line in running.splitlines()]
    if any(line.startswith("event manager session cli username ") for line in lines):
        return False
    return any(line.startswith(("aaa authorization commands", "aaa authorization config-commands")) for line in lines)


def configured(running: str) -> dict[str, list[str]]:
    """Give the commands of every applet of a run in a configuration, in the order in which they are carried out."""
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] | None = None
    for line in running.splitlines():
        head, action = _HEAD.match(line), _ACTION.match(line)
        if head:
            current = found.setdefault(head[1], {})
        elif line[:1] not in (" ", ""):
            current = None
        elif action and current is not None:
            current[action[1]] = action[2]
    return {name: [actions[label] for label in sorted(actions)] for name, actions in found.items()}


def due(commands: Sequence[str], running: Config) -> list[str]:
    """Give the lines of an applet that are still to be typed: those whose port has another list of ours by now.

    A port that has a list by now that is not one of ours was changed by somebody since, and is left alone.
    """
    lines: list[str] = []
    port: Interface | None = None
    for command in commands:
        found = _BOUND.match(command)
        if command.startswith("interface "):
            port = running.interfaces.get(command.removeprefix("interface ").strip())
        elif found and port is not None:
            now = port.lists.get(way_of(found[4], IPV6 if found[2].startswith("ipv6") else IPV4))
            wanted = None if found[1] else found[3]
            if now != wanted and OURS.fullmatch(now or ""):
                lines += [f"interface {port.name}", command if wanted else f"no {found[2]} {now} {found[4]}"]
    return lines


def pending_applet(text: str, user: str) -> Timer | None:
    """Find the applet of a run in what names applets; one of somebody else stops, so it is told first."""
    found = sorted(tags(text), key=lambda name: owner(name, user) == user)
    if not found:
        return None
    look = f"{POLICIES}; 'no event manager applet {found[0]}' takes it away"
    return Timer(owner(found[0], user), found[0], look)


def pending_reload(text: str, user: str) -> Timer | None:
    """Read ``show reload``; a restart that somebody else asked for is their way back."""
    if "eload scheduled" not in text:
        return None
    ours = next((owner(name, user) for name in tags(text)), "")
    by = re.search(r"\bby (\S+)", text)
    return Timer(ours or (f"at {by[1]}" if by else ""), text.strip(), SCHEDULED)


def same_text(running: str, startup: str) -> bool:
    """True if a restart would bring back exactly what runs, apart from notes and dates."""
    return _lasting(running) == _lasting(startup)


def _lasting(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if not _PASSING.match(line)]


def restored(running: Config, startup: Config) -> Mapping[tuple[str, str], tuple[str | None, str]]:
    """Give what a restart would bind where a list of ours is now: {(interface, direction): (then, now)}."""
    found: dict[tuple[str, str], tuple[str | None, str]] = {}
    for name, port in running.interfaces.items():
        saved = startup.interfaces.get(name)
        for way, now in port.lists.items():
            then = saved.lists.get(way) if saved else None
            if OURS.fullmatch(now) and then != now:
                found[name, way] = (then, now)
    return found


def commands_of(lines: Sequence[str]) -> list[str]:
    """Give the commands of an applet as it is typed."""
    return [found[2] for line in lines if (found := _ACTION.match(line))]
