# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the states of many lines at once; every trouble with a line becomes that line's verdict: running."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.judge import LineState, judge, unread
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.manual import read_manual
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.opcua import read_line, require_library
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.source import Source, parse_source

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def read_lines(
    lines: Mapping[str, Any],
    names: Iterable[str] | None,
    *,
    records: str | None,
    allowed_signers: str | None,
    clock: Callable[[], float],
) -> dict[str, LineState]:
    """Read and judge lines, all at the same time.

    An OPC UA line with since_node takes one read, at most about 15 s if its server is silent. Without since_node a
    stopped line is watched for min_dwell_s.

    Args:
        lines: ``site_lines``: name -> {"state_source": {...}}.
        names: the lines to read; None for all.
        records: the site's records folder, for manual states.
        allowed_signers: whose signatures count, for manual states.
        clock: the controller's clock, seconds since the epoch.

    Returns:
        The state by line name. A line that is unknown, badly described, unreachable or doubtful is running, and its
        reason says why.

    Raises:
        OtedgeError: a line speaks OPC UA and the library for it is missing.
    """
    wanted = list(dict.fromkeys(lines if names is None else names))
    found: dict[str, LineState] = {}
    remote: dict[str, Source] = {}
    for name in wanted:
        try:
            source = _source(lines, name)
        except OtedgeError as exc:
            found[name] = unread(str(exc))
            continue
        if source.type == "manual":
            found[name] = read_manual(name, source, records, allowed_signers, clock())
        else:
            remote[name] = source
    if remote:
        require_library()
        found.update(_in_own_loop(remote, clock))
    return {name: found[name] for name in wanted}


def _source(lines: Mapping[str, Any], name: str) -> Source:
    if not _SAFE_NAME.fullmatch(name):
        raise OtedgeError(f"{name!r} is no name of a line.", fix="Use letters, digits and . _ -")
    line = lines.get(name)
    if not isinstance(line, Mapping):
        raise OtedgeError(f"There is no line {name} in the site model.", fix="Describe it in site_lines.")
    return parse_source(line.get("state_source"))


def _in_own_loop(sources: Mapping[str, Source], clock: Callable[[], float]) -> dict[str, LineState]:
    """Run in a thread of its own: the caller may already have an event loop."""
    found: dict[str, LineState] = {}
    failures: list[BaseException] = []

    def work() -> None:
        try:
            found.update(asyncio.run(_read_all(sources, clock)))
        except BaseException as exc:
            failures.append(exc)

    thread = threading.Thread(target=work, name="line-state", daemon=True)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return found


async def _read_all(sources: Mapping[str, Source], clock: Callable[[], float]) -> dict[str, LineState]:
    states = await asyncio.gather(*(_one(source, clock) for source in sources.values()))
    return dict(zip(sources, states, strict=True))


async def _one(source: Source, clock: Callable[[], float]) -> LineState:
    try:
        reading = await read_line(source)
    except OtedgeError as exc:
        return unread(str(exc))
    return judge(reading, source, clock())
