# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Enumerate, Pull and Release: the pages of one query, within limits (DSP0226 section 8, and what Windows makes of it).

Windows gives a new context with every reply, one item in the first reply although more follow (WinRM 2.0 and 3.0), or
everything at once (1.1), and sometimes a page without items: only EndOfSequence says that it is the end.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import envelopes, parsing
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import TooMuchError, WsmanFault

if TYPE_CHECKING:
    from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient

Row = dict[str, Any]


@dataclass(frozen=True)
class Limits:
    """How much one query may bring; the first limit that is met ends it.

    Attributes:
        items: instances.
        pages: replies.
        size: bytes of all replies together.
        seconds: time for all pages together.
    """

    items: int = 100_000
    pages: int = 2000
    size: int = 64 * 1024 * 1024
    seconds: float = 300.0


def pages(client: WsmanClient, wql: str, namespace: str, limits: Limits) -> Generator[list[Row]]:
    """Give the items page by page; who stops early (``close``) releases what the PC holds for it.

    Raises:
        TooMuchError: a limit was met; the PC was told that we stop.
        WsmanFault: refused.
        DroppedError: the connection broke; pages that were given stay true, the rest is not known.
    """
    run = _Run(client, wql, namespace, limits)
    try:
        while not run.ended:
            items = run.next_page()
            if items:
                yield items
    except GeneratorExit:
        run.release()
        raise


class _Run:
    """One enumeration under way."""

    def __init__(self, client: WsmanClient, wql: str, namespace: str, limits: Limits) -> None:
        self._client = client
        self._wql = wql
        self._resource = envelopes.class_uri(namespace, "*")
        self._limits = limits
        self._until = client.clock() + limits.seconds
        self._size = client.received
        self._items = 0
        self._pages = 0
        self._context = ""
        self.ended = False

    def next_page(self) -> list[Row]:
        """Ask for the next page; an empty one is no end."""
        self._check()
        self._pages += 1
        try:
            root = self._ask()
        except WsmanFault as fault:
            # The context survives a timeout of Pull; an Enumerate without one is a real failure.
            if not (fault.timed_out and self._context):
                raise
            return []
        # The context changes with every reply: only the newest is valid.
        self._context = parsing.text_of(root, "EnumerationContext") or self._context
        items = _items(root)
        self._items += len(items)
        self.ended = parsing.first(root, "EndOfSequence") is not None
        if not self.ended and not self._context:
            raise PeerError("The PC began an enumeration without a context.", fix="Check what answers there.")
        return items

    def release(self) -> None:
        """Free one of few concurrent operations; that it fails changes nothing for us."""
        if self._context and not self.ended:
            self.ended = True
            with suppress(PeerError, TalkError):
                self._client.send(
                    f"{envelopes.ENUMERATION}/Release", self._resource, envelopes.release_body(self._context)
                )

    def _ask(self) -> ElementTree.Element:
        left = max(1.0, min(self._client.transport.timeout_s, self._until - self._client.clock()))
        if not self._context:
            body = envelopes.enumerate_body(self._wql)
            return self._client.send(
                f"{envelopes.ENUMERATION}/Enumerate", self._resource, body, timeout_s=left, patient=True
            )
        if self._pages == 3:
            # The first Pull left something: from here on larger replies pay, where the PC allows them.
            self._client.adapt_envelope()
        body = envelopes.pull_body(self._context)
        return self._client.send(f"{envelopes.ENUMERATION}/Pull", self._resource, body, timeout_s=left, patient=True)

    def _check(self) -> None:
        limits, size = self._limits, self._client.received - self._size
        for met, text in (
            (self._items > limits.items, f"{limits.items} items"),
            (size > limits.size, f"{limits.size} bytes"),
            (self._pages >= limits.pages, f"{limits.pages} replies"),
            (self._pages and self._client.clock() > self._until, f"{limits.seconds:.0f} s"),
        ):
            if met:
                self.release()
                raise TooMuchError(
                    f"The PC did not finish the query {self._wql[:200]!r} within {text}: {self._items} items came in"
                    f" {self._pages} replies.",
                    fix="Ask for less: fewer columns, or a narrower where; or raise the limit.",
                    limit=text,
                )


def _items(root: ElementTree.Element) -> list[Row]:
    # w:Items in an optimised first reply, n:Items in a Pull's.
    holder = parsing.first(root, "Items")
    return [parsing.properties(item) for item in parsing.children(holder)] if holder is not None else []
