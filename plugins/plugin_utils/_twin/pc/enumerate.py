# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Enumerate, Pull, Release and Get over WMI classes, paged as WinRM pages (windows-wsman-cim section 2).

[documented] a new context id with every Pull; items in namespace w in the optimised reply and n in a Pull; exactly one
item in the first optimised reply whenever more follow; pages of half the envelope, as text is counted in UTF-16.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import wql
from .cim import fragment_item, split_uri, typed_item
from .envelope import NS_ENUM, Request
from .faults import (
    BAD_CONTEXT,
    BAD_URI,
    ENCODING_LIMIT,
    GET_NEEDS_KEYS,
    NS_WSMAN,
    OPERATION_QUOTA,
    PULL_DIFFERS,
    SCHEMA,
    WMI_INVALID_CLASS,
    WMI_INVALID_NAMESPACE,
    WMI_INVALID_QUERY,
    WMI_NOT_FOUND,
    WQL_NEEDS_STAR,
    Fault,
    wmi_fault,
)

if TYPE_CHECKING:
    from .machine import Machine

WQL_DIALECT = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
FRAME = 2048  # room the envelope itself takes


@dataclass
class _Open:
    uri: str
    items: list[str]
    used: float


class Enumerations:
    """The open enumerations of one PC.

    Args:
        machine: the PC.
        others: counts the other running operations, for the quota.
    """

    def __init__(self, machine: Machine, others: Callable[[], int]) -> None:
        self._machine = machine
        self._others = others
        self._open: dict[str, _Open] = {}

    @property
    def count(self) -> int:
        """Number of open enumerations; forgotten ones time out."""
        limit = time.monotonic() - self._machine.limits["enumeration_s"]
        self._open = {key: one for key, one in self._open.items() if one.used > limit}
        return len(self._open)

    def clear(self) -> None:
        """Forget all (Windows went down)."""
        self._open.clear()

    def enumerate(self, request: Request) -> str:
        """Answer Enumerate: the body of the reply."""
        body = request.body
        if body is None or body.tag != f"{{{NS_ENUM}}}Enumerate":
            raise Fault(SCHEMA, "The body of Enumerate does not fit its schema.")
        if self.count + self._others() >= self._machine.limits["operations"]:
            raise Fault(OPERATION_QUOTA, "The maximum number of concurrent operations for this user has been exceeded.")
        opened = _Open(request.uri, self._items(request), time.monotonic())
        if body.find(f"{{{NS_WSMAN}}}OptimizeEnumeration") is None:
            context = self._keep(opened)
            return f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext></n:EnumerateResponse>"
        if len(opened.items) > 1:
            first, opened.items = opened.items[:1], opened.items[1:]
            _check_size(first[0], self._budget(request))
            context, end = self._keep(opened), ""
        else:
            first, context, end = opened.items, "", "<w:EndOfSequence/>"
        return (
            f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext>"
            f"<w:Items>{''.join(first)}</w:Items>{end}</n:EnumerateResponse>"
        )

    def pull(self, request: Request) -> str:
        """Answer Pull: the body of the reply."""
        opened = self._take(request)
        text = request.body.findtext(f"{{{NS_ENUM}}}MaxElements", "1") if request.body is not None else "1"
        limit = int(text) if text.strip().isdigit() else 1
        page: list[str] = []
        budget, size = self._budget(request), 0
        while opened.items and len(page) < limit and size + len(opened.items[0]) <= budget:
            page.append(opened.items.pop(0))
            size += len(page[-1])
        if opened.items and not page:
            _check_size(opened.items[0], budget)
        if opened.items:
            context = self._keep(opened)
            return (
                f"<n:PullResponse><n:EnumerationContext>{context}</n:EnumerationContext>"
                f"<n:Items>{''.join(page)}</n:Items></n:PullResponse>"
            )
        return f"<n:PullResponse><n:Items>{''.join(page)}</n:Items><n:EndOfSequence/></n:PullResponse>"

    def release(self, request: Request) -> str:
        """Answer Release: an empty body."""
        self._take(request)
        return ""

    def get(self, request: Request) -> str:
        """Answer Get: the one instance its selectors name."""
        namespace, name = _class_of(request)
        rows = _rows(self._machine, namespace, name)
        if not request.selectors and len(rows) != 1:
            raise Fault(GET_NEEDS_KEYS, "The class needs key values to find the instance.")
        for row in rows:
            if all(str(wql.value_of(row, key)).lower() == text.lower() for key, text in request.selectors.items()):
                return typed_item(namespace, name, row)
        raise wmi_fault(WMI_NOT_FOUND, f"no such instance of {name}")

    def _items(self, request: Request) -> list[str]:
        namespace, name = _class_of(request)
        body = request.body
        filter_ = None if body is None else body.find(f"{{{NS_WSMAN}}}Filter")
        if filter_ is None:
            return [typed_item(namespace, name, row) for row in _rows(self._machine, namespace, name)]
        if filter_.get("Dialect") != WQL_DIALECT or name != "*":
            raise Fault(WQL_NEEDS_STAR, "A WQL filter needs the WQL dialect and a resource URI that ends in /*.")
        try:
            query = wql.parse(filter_.text or "")
        except wql.WqlError as exc:
            raise wmi_fault(WMI_INVALID_QUERY, str(exc)) from exc
        known = {one.lower() for one in self._machine.properties(namespace, query.name)}
        rows = _rows(self._machine, namespace, query.name)
        for one in query.names:
            if one.lower() not in known and not one.startswith("__"):
                raise wmi_fault(WMI_INVALID_QUERY, f"{query.name} has no property {one}")
        chosen = [row for row in rows if query.test(row)]
        if query.columns:
            return [fragment_item(row, list(query.columns)) for row in chosen]
        return [typed_item(namespace, query.name, row) for row in chosen]

    def _budget(self, request: Request) -> int:
        """Characters of items a page may hold."""
        return min(request.max_envelope, self._machine.limits["envelope"]) // 2 - FRAME

    def _keep(self, opened: _Open) -> str:
        context = f"uuid:{str(uuid.uuid4()).upper()}"
        self._open[context] = opened
        opened.used = time.monotonic()
        return context

    def _take(self, request: Request) -> _Open:
        context = "" if request.body is None else request.body.findtext(f"{{{NS_ENUM}}}EnumerationContext", "").strip()
        opened = self._open.get(context)
        if opened is None:
            raise Fault(BAD_CONTEXT, "The enumeration context is not valid, or has expired.")
        if opened.uri != request.uri:
            raise Fault(PULL_DIFFERS, "The resource URI differs from the one of Enumerate.")
        return self._open.pop(context)


def _class_of(request: Request) -> tuple[str, str]:
    found = split_uri(request.uri)
    if found is None or not found[1]:
        raise Fault(BAD_URI, f"The resource URI {request.uri} is not known.")
    return found


def _rows(machine: Machine, namespace: str, name: str) -> list[dict[str, Any]]:
    if not machine.has_namespace(namespace):
        raise wmi_fault(WMI_INVALID_NAMESPACE, namespace)
    if not machine.properties(namespace, name):
        raise wmi_fault(WMI_INVALID_CLASS, name)
    return list(machine.instances(namespace, name))


def _check_size(item: str, budget: int) -> None:
    if len(item) > budget:
        raise Fault(ENCODING_LIMIT, "An item is larger than the envelope allows.")
