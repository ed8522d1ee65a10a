# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a line's state over OPC UA: a session, the read service, nothing else; no controller is ever written to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.judge import Reading, is_stopped_value
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.source import Source

try:
    import asyncua
    from asyncua import ua
except ImportError as exc:
    ASYNCUA_ERROR: ImportError | None = exc
else:
    ASYNCUA_ERROR = None

CONNECT_S = 8.0
READ_S = 5.0
CLOSE_S = 2.0
OBSERVE_EVERY_S = 5.0
_FIX = "Check the server, the way to it from the controller, and endpoint in state_source."
_SEVERITY_AND_SUBCODE = 0xFFFF0000  # the rest of a status code is additional information: OPC 10000-4, 7.39


def require_library() -> None:
    """Fail if asyncua is missing."""
    if ASYNCUA_ERROR is not None:
        raise OtedgeError(
            "Cannot read line states over OPC UA: the Python library asyncua is missing on the controller.",
            fix="Install the collection's requirements-opcua.txt.",
        ) from ASYNCUA_ERROR


async def read_line(source: Source) -> Reading:
    """Read state and, if there is one, since_node in one request; without since_node watch until the dwell is over.

    Watching ends at the first value that is not a stopped one, so a running line costs one read.

    Raises:
        TalkError: the server does not answer in time, refuses us, or does not know a node id's form.
    """
    logging.getLogger("asyncua").addHandler(logging.NullHandler())  # its tracebacks are no text for people
    client = asyncua.Client(url=source.endpoint, timeout=READ_S)
    try:
        node_ids = [ua.NodeId.from_string(text) for text in (source.node, source.since_node) if text]
    except Exception as exc:  # asyncua and its parsers raise more types than they document
        raise TalkError(f"A node id of the state_source cannot be read: {exc!r}.") from exc
    try:
        await asyncio.wait_for(client.connect(), CONNECT_S)
    except Exception as exc:
        with contextlib.suppress(Exception):
            client.disconnect_socket()
        raise TalkError(f"The OPC UA server {source.endpoint} cannot be reached: {_words(exc)}.", fix=_FIX) from exc
    try:
        return await _watch(client, node_ids, source)
    except Exception as exc:
        raise TalkError(f"The OPC UA server {source.endpoint} does not answer: {_words(exc)}.", fix=_FIX) from exc
    finally:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(client.disconnect(), CLOSE_S)


async def _watch(client: Any, node_ids: list[Any], source: Source) -> Reading:
    reading = await _read_once(client, node_ids, source)
    if source.since_node:
        return reading
    first = last = time.monotonic()
    while is_stopped_value(reading, source) and last - first < source.min_dwell_s:
        await asyncio.sleep(min(OBSERVE_EVERY_S, source.min_dwell_s - (last - first)))
        reading = await _read_once(client, node_ids, source)
        last = time.monotonic()
    if not is_stopped_value(reading, source):
        return reading
    return replace(reading, observed_s=last - first)


async def _read_once(client: Any, node_ids: list[Any], source: Source) -> Reading:
    values = await asyncio.wait_for(client.uaclient.read_attributes(node_ids, ua.AttributeIds.Value), READ_S)
    state = values[0]
    since = values[1] if source.since_node else None
    return Reading(
        value=_plain(state),
        quality=_quality(state),
        source_time=_epoch(state.SourceTimestamp),
        since=None if since is None else _epoch(_plain(since)),
        since_quality="" if since is None else _quality(since),
    )


def _plain(value: Any) -> Any:
    held = value.Value.Value if value.Value is not None else None
    text = getattr(held, "Text", None)  # LocalizedText
    return held if text is None else text


def _quality(value: Any) -> str:
    """Name the status; a value that is good but overridden by hand is not plainly Good."""
    status = value.StatusCode_ if hasattr(value, "StatusCode_") else value.StatusCode
    if status is None or status.value & _SEVERITY_AND_SUBCODE == 0:
        return "Good"
    return str(status.name)


def _epoch(when: Any) -> float | None:
    """OPC UA times are UTC; the library gives them without a time zone."""
    if not isinstance(when, datetime):
        return None
    try:
        return (when if when.tzinfo is not None else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _words(exc: BaseException) -> str:
    if isinstance(exc, TimeoutError):
        return "no answer in time"
    return str(exc) or type(exc).__name__
