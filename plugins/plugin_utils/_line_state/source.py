# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the state of a line comes from, as the site model says it; no state number is known here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError

# At most a minute old, stopped for five minutes at least: reference ot-segmentation, section 8. A site may tighten.
DEFAULT_MAX_AGE_S = 60.0
DEFAULT_MIN_DWELL_S = 300.0
TYPES = ("opcua", "manual")


@dataclass(frozen=True)
class Source:
    """A state source that is understood.

    Args:
        type: ``opcua`` or ``manual``.
        stopped: the names of states in which the line counts as stopped.
        endpoint: ``opc.tcp://host:port[/path]``.
        node: node id of the state value.
        since_node: node id of the time the line is in this state since; empty: dwell is observed.
        states: value as text -> name of the state.
        max_age_s: oldest source time that is believed, seconds.
        min_dwell_s: how long the line must have been stopped, seconds.
        signers: identities that may sign a manual state; empty: whoever the allowed signers file accepts.
    """

    type: str
    stopped: frozenset[str]
    endpoint: str = ""
    node: str = ""
    since_node: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    max_age_s: float = DEFAULT_MAX_AGE_S
    min_dwell_s: float = DEFAULT_MIN_DWELL_S
    signers: tuple[str, ...] = ()


def parse_source(raw: Any) -> Source:
    """Read ``site_lines.<line>.state_source``.

    Raises:
        InputError: everything that is wrong with it, at once.
    """
    if not isinstance(raw, Mapping):
        raise InputError("The line has no state_source.", fix="Give it one of type opcua or manual.")
    problems: list[str] = []
    kind = raw.get("type")
    if kind not in TYPES:
        problems.append(f"type is {kind!r}, not one of {', '.join(TYPES)}")
    states = raw.get("state_map") or {}
    if not isinstance(states, Mapping):
        problems.append("state_map is not a mapping of values to names")
        states = {}
    names = {str(key): str(value) for key, value in states.items()}
    stopped = _texts(raw, "stopped_values", problems)
    if not stopped:
        problems.append("stopped_values names no state")
    if kind == "opcua":
        problems += _opcua_problems(raw, names, stopped)
    source = Source(
        type=str(kind),
        stopped=frozenset(stopped),
        endpoint=str(raw.get("endpoint") or ""),
        node=str(raw.get("node") or ""),
        since_node=str(raw.get("since_node") or ""),
        states=names,
        max_age_s=_seconds(raw, "max_age_s", DEFAULT_MAX_AGE_S, problems),
        min_dwell_s=_seconds(raw, "min_dwell_s", DEFAULT_MIN_DWELL_S if kind == "opcua" else 0.0, problems),
        signers=tuple(_texts(raw, "signers", problems)),
    )
    if problems:
        raise InputError(f"The state_source is not understood: {'; '.join(problems)}.", fix="Correct it in site_lines.")
    return source


def _opcua_problems(raw: Mapping[str, Any], names: Mapping[str, str], stopped: list[str]) -> list[str]:
    needed: dict[str, Callable[[str], bool]] = {
        "endpoint": lambda text: text.startswith("opc.tcp://"),
        "node": lambda text: "=" in text,
    }
    problems = [f"{key} is {raw.get(key)!r}" for key, good in needed.items() if not good(str(raw.get(key) or ""))]
    if not names:
        problems.append("state_map is empty, and state numbers mean nothing without one")
    missing = [name for name in stopped if name not in names.values()]
    if names and missing:
        problems.append(f"stopped_values has {', '.join(missing)}, which state_map does not know")
    return problems


def _texts(raw: Mapping[str, Any], key: str, problems: list[str]) -> list[str]:
    value = raw.get(key)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        problems.append(f"{key} is not a list")
        return []
    return [str(entry) for entry in value]


def _seconds(raw: Mapping[str, Any], key: str, default: float, problems: list[str]) -> float:
    value = raw.get(key)
    if value is None:
        return default
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = -1.0
    if isinstance(value, bool) or not 0 <= seconds <= 86400:
        problems.append(f"{key} is {value!r}, not a number of seconds from 0 to 86400")
        return default
    return seconds
