# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a line without a readable source: a document a person signed, valid for a stated time."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.judge import (
    MAX_SKEW_S,
    SIGNED,
    LineState,
    iso,
    unread,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.source import Source
from ansible_collections.otedge.endpoint.plugins.plugin_utils._signature import NAMESPACE_LINE_STATE, verify

KEYS = ("line", "state", "signer", "not_before", "not_after")
LONGEST_S = 72 * 3600.0  # as a release
_LARGEST = 65536


def read_manual(line: str, source: Source, records: str | None, allowed_signers: str | None, now: float) -> LineState:
    """Read and verify ``<records>/line_state/<line>.json`` and its ``.sig``; any trouble means running."""
    if not records or not allowed_signers:
        return unread("A manual line state needs site_records and allowed_signers, and they were not given.")
    path = os.path.join(records, "line_state", f"{line}.json")
    try:
        with open(path, "rb") as file:
            raw = file.read(_LARGEST)
    except OSError as exc:
        return unread(f"There is no signed line state at {path} ({exc.strerror}). {_how(path)}")
    try:
        document = parse(raw)
        signer = document["signer"]
        if source.signers and signer not in source.signers:
            raise RefusedError(f"{signer} may not sign the state of this line; {', '.join(source.signers)} may.")
        verify(raw, f"{path}.sig", allowed_signers, signer, NAMESPACE_LINE_STATE)
    except OtedgeError as exc:
        return unread(f"The signed line state {path} is not accepted: {exc} {_how(path)}".strip())
    return judge_manual(document, line, source, now)


def _how(path: str) -> str:
    return f"To sign: ssh-keygen -Y sign -f <private key> -n {NAMESPACE_LINE_STATE} {path}"


def parse(raw: bytes) -> dict[str, str]:
    """Read the document; RefusedError if it is not an object of exactly KEYS with texts."""
    try:
        document = json.loads(raw)
    except ValueError as exc:
        raise RefusedError(f"It is not JSON: {exc}.") from exc
    if not isinstance(document, dict) or set(document) != set(KEYS):
        raise RefusedError(f"It must hold exactly {', '.join(KEYS)}.")
    if not all(isinstance(value, str) for value in document.values()):
        raise RefusedError("All its values must be texts.")
    return document


def judge_manual(document: Mapping[str, Any], line: str, source: Source, now: float) -> LineState:
    """Judge a document whose signature holds. Pure; ``now`` in seconds since the epoch."""
    start, end = _epoch(document["not_before"]), _epoch(document["not_after"])
    if start is None or end is None:
        return unread("not_before and not_after must be ISO 8601 times with a time zone.")
    state, dwell = str(document["state"]), now - start
    doubt = ""
    if document["line"] != line:
        doubt = f"It is signed for line {document['line']}, not for {line}."
    elif end <= start or end - start > LONGEST_S:
        doubt = f"It must hold for more than nothing and at most {LONGEST_S / 3600:.0f} h."
    elif dwell < -MAX_SKEW_S:
        doubt = f"It holds only from {document['not_before']}."
    elif now >= end:
        doubt = f"It held until {document['not_after']}."
    elif state not in source.stopped:
        doubt = f"The line is {state}; it counts as stopped when {' or '.join(sorted(source.stopped))}."
    elif dwell < source.min_dwell_s:
        doubt = f"The line is stopped for {max(dwell, 0.0):.0f} s, {source.min_dwell_s:g} s are needed."
    return LineState(
        running=bool(doubt),
        state=state,
        quality=SIGNED,
        source_time=iso(start),
        age_s=round(max(dwell, 0.0), 3),
        dwell_s=round(max(dwell, 0.0), 3),
        reason=doubt or f"{document['signer']} signed that the line is {state} until {document['not_after']}.",
    )


def _epoch(text: str) -> float | None:
    try:
        when = datetime.fromisoformat(text)
        return when.astimezone(UTC).timestamp() if when.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
