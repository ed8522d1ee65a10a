# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Enumerate, Pull, Release and Get over WMI classes, paged as WinRM pages (windows-wsman-cim section 2).

[documented] a new context id with every Pull; items in namespace w in the optimised reply and n in a Pull; exactly one
item in the first optimised reply whenever more follow; pages of half the envelope, as text is counted in UTF-16.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import wql
from .cim import fragment_item, typed_item
from .envelope import NS_ENUM, Request
from .faults import (
    BAD_CONTEXT,
    ENCODING_LIMIT,
    NS_WSMAN,
    OPERATION_QUOTA,
    PULL_DIFFERS,
    SCHEMA,
    WMI_INVALID_QUERY,
    WQL_NEEDS_STAR,
    Fault,
    wmi_fault,
)
from .instances import class_of, rows_of

if TYPE_CHECKING:
    from .machine import Machine

WQL_DIALECT = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
FRAME = 2048  # room the envelope itself takes


@dataclass
class _Open:
    """One enumeration: items still to come, made as they are asked for, and the one that was looked at already."""

    uri: str
    items: Iterator[str]
    used: float
    ahead: str | None = None

    def peek(self) -> str | None:
        """Give the next item without taking it, None at the end."""
        if self.ahead is None:
            self.ahead = next(self.items, None)
        return self.ahead

    def take(self) -> str:
        """Take the next item; there must be one."""
        item, self.ahead = self.peek() or "", None
        return item


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
        self.forget_old()
        return len(self._open)

    def forget_old(self) -> None:
        """Drop what nobody has pulled from for too long."""
        limit = self._machine.hooks.now() - self._machine.limits["enumeration_s"]
        self._open = {key: one for key, one in self._open.items() if one.used > limit}

    def clear(self) -> None:
        """Forget all (Windows went down)."""
        self._open.clear()

    def enumerate(self, request: Request) -> str:
        """Answer Enumerate: the body of the reply."""
        body = request.body
        if body is None or body.tag != f"{{{NS_ENUM}}}Enumerate":
            raise Fault(SCHEMA, "The body of Enumerate is missing.")
        if self.count + self._others() >= self._machine.limits["operations"]:
            raise Fault(OPERATION_QUOTA, "The maximum number of concurrent operations for this user has been exceeded.")
        opened = _Open(request.uri, self._items(request), self._machine.hooks.now())
        first = opened.peek()  # a query that cannot be answered is refused now, not at the first Pull
        if body.find(f"{{{NS_WSMAN}}}OptimizeEnumeration") is None:
            context = self._keep(opened)
            return f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext></n:EnumerateResponse>"
        page: list[str] = []
        if first is not None and self._machine.stack == "1.1":
            page = self._page(opened, request, 32000)  # [recorded] WinRM 1.1 puts all that fits
        elif first is not None:
            _check_size(first, self._budget(request))
            page = [opened.take()]
        context, end = "", "<w:EndOfSequence/>"
        if opened.peek() is not None:
            context, end = self._keep(opened), ""
        return (
            f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext>"
            f"<w:Items>{''.join(page)}</w:Items>{end}</n:EnumerateResponse>"
        )

    def pull(self, request: Request) -> str:
        """Answer Pull: the body of the reply."""
        opened = self._take(request)
        text = request.body.findtext(f"{{{NS_ENUM}}}MaxElements", "1") if request.body is not None else "1"
        limit = int(text) if text.strip().isdigit() else 1
        page = self._page(opened, request, limit)
        if opened.peek() is not None:
            context = self._keep(opened)
            return (
                f"<n:PullResponse><n:EnumerationContext>{context}</n:EnumerationContext>"
                f"<n:Items>{''.join(page)}</n:Items></n:PullResponse>"
            )
        return f"<n:PullResponse><n:Items>{''.join(page)}</n:Items><n:EndOfSequence/></n:PullResponse>"

    def _page(self, opened: _Open, request: Request, limit: int) -> list[str]:
        page: list[str] = []
        budget, size = self._budget(request), 0
        while (item := opened.peek()) is not None and len(page) < limit and size + len(item) <= budget:
            page.append(opened.take())
            size += len(item)
        if item is not None and not page:
            _check_size(item, budget)
        return page

    def release(self, request: Request) -> str:
        """Answer Release: an empty body."""
        self._take(request)
        return ""

    def _items(self, request: Request) -> Iterator[str]:
        namespace, name = class_of(request)
        body = request.body
        filter_ = None if body is None else body.find(f"{{{NS_WSMAN}}}Filter")
        if filter_ is None:
            rows = rows_of(self._machine, namespace, name)
            return self._spoiled(typed_item(namespace, name, row) for row in rows)
        if filter_.get("Dialect") != WQL_DIALECT or name != "*":
            raise Fault(WQL_NEEDS_STAR, "A WQL filter needs the WQL dialect and a resource URI that ends in /*.")
        try:
            query = wql.parse(filter_.text or "")
        except wql.WqlError as exc:
            raise wmi_fault(WMI_INVALID_QUERY, str(exc)) from exc
        rows = rows_of(self._machine, namespace, query.name)
        known = {one.lower() for one in self._machine.properties(namespace, query.name)}
        for one in query.names:
            if one.lower() not in known and not one.startswith("__"):
                raise wmi_fault(WMI_INVALID_QUERY, f"{query.name} has no property {one}")
        return self._spoiled(_item(namespace, query, row) for row in rows if query.test(row))

    def _spoiled(self, items: Iterator[str]) -> Iterator[str]:
        """Let the injected faults of items strike at the first one that has a text."""
        extra = "x" * int(self._machine.faults.get("huge_item", 0))
        for item in items:
            found = re.search(r"[^<>]</", item)
            if found is None:
                yield item
                continue
            spoil = "\x01" if self._machine.take_fault("invalid_char") else ""
            at = found.end() - 2
            yield f"{item[:at]}{spoil}{extra}{item[at:]}"
            extra = ""

    def _budget(self, request: Request) -> int:
        """Characters of items a page may hold."""
        return min(request.max_envelope, self._machine.limits["envelope"]) // 2 - FRAME

    def _keep(self, opened: _Open) -> str:
        context = f"uuid:{str(uuid.uuid4()).upper()}"
        self._open[context] = opened
        opened.used = self._machine.hooks.now()
        return context

    def _take(self, request: Request) -> _Open:
        context = "" if request.body is None else request.body.findtext(f"{{{NS_ENUM}}}EnumerationContext", "").strip()
        if self._machine.take_fault("expired_context"):
            self.clear()
        self.forget_old()  # what nobody pulled for too long is forgotten
        opened = self._open.get(context)
        if opened is None:
            raise Fault(BAD_CONTEXT, "The enumeration context is not valid, or has expired.")
        if opened.uri != request.uri:
            raise Fault(PULL_DIFFERS, "The resource URI differs from the one of Enumerate.")
        return self._open.pop(context)


def _item(namespace: str, query: wql.Query, row: dict[str, Any]) -> str:
    if query.columns:
        return fragment_item(row, list(query.columns))
    return typed_item(namespace, query.name, row)


def _check_size(item: str, budget: int) -> None:
    if len(item) > budget:
        raise Fault(ENCODING_LIMIT, "An item is larger than the envelope allows.")
