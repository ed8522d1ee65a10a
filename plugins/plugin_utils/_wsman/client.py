# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads and method calls on one PC: Identify, Enumerate/Pull/Release, Get, Invoke.

One client, one connection, one thread: a sealed session keeps a sequence number per connection.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol
from xml.etree import ElementTree

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import envelopes, parsing
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import DroppedError, WsmanFault

MAX_PAGES = 2000
MAX_ITEMS = 100_000
MAX_BYTES = 64 * 1024 * 1024
CIMV2 = "root/cimv2"


class Transport(Protocol):
    """What carries one envelope to the PC and its reply back."""

    address: str
    timeout_s: int

    def send(self, message: str) -> bytes:
        """Send; raise WsmanFault (SOAP fault), DroppedError (was up, broke) or TalkError (not reachable)."""

    def reset(self) -> None:
        """Forget the connection and its session keys; the next send builds new ones."""


class WsmanClient:
    """WS-Management client over one transport.

    Args:
        transport: carries the envelopes.
        deadline_s: seconds one enumeration may take with all its pages.
        clock: monotonic seconds.
        new_id: gives message ids.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        deadline_s: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()).upper(),
    ) -> None:
        self.transport = transport
        self.requests = 0
        self.warnings: list[str] = []
        self._deadline_s = deadline_s
        self._clock = clock
        self._new_id = new_id

    def identify(self) -> dict[str, str]:
        """Ask who answers: {protocol, vendor, product}."""
        root = self._send(envelopes.identify(), again=True)
        if parsing.first(root, "IdentifyResponse") is None:
            raise PeerError(f"{self.transport.address} does not speak WS-Management.", fix="Check ansible_port.")
        return {
            "protocol": parsing.text_of(root, "ProtocolVersion"),
            "vendor": parsing.text_of(root, "ProductVendor"),
            "product": parsing.text_of(root, "ProductVersion"),
        }

    def enumerate(self, wql: str, namespace: str = CIMV2, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Run a WQL query and give every item; reads are tried once more when the connection broke.

        Args:
            wql: the query; select columns, never ``*``: replies are smaller.
            namespace: WMI namespace with slashes.
            columns: properties that every item shall hold, None where the PC sent none.

        Raises:
            WsmanFault: refused; ``missing`` if class or namespace do not exist.
            PeerError: the reply is not understood or larger than any real answer.
        """
        try:
            items = self._enumerate(wql, namespace)
        except DroppedError:
            self.transport.reset()
            items = self._enumerate(wql, namespace)
        return [{**dict.fromkeys(columns), **item} for item in items]

    def get(self, name: str, selectors: Mapping[str, str] | None = None, namespace: str = CIMV2) -> dict[str, Any]:
        """Read one instance by all its keys (none for a singleton class)."""
        resource = envelopes.class_uri(namespace, name)
        root = self.send(f"{envelopes.TRANSFER}/Get", resource, "", selectors=selectors, again=True)
        return parsing.properties(_content(root))

    def invoke(
        self,
        name: str,
        method: str,
        parameters: Iterable[tuple[str, str]] = (),
        *,
        selectors: Mapping[str, str] | None = None,
        namespace: str = CIMV2,
    ) -> dict[str, Any]:
        """Call a method once, never again; give its out parameters with ``ReturnValue`` as int."""
        resource = envelopes.class_uri(namespace, name)
        body = envelopes.invoke_body(resource, method, parameters)
        root = self.send(f"{resource}/{method}", resource, body, selectors=selectors)
        output = parsing.properties(_content(root))
        try:
            output["ReturnValue"] = int(str(output.get("ReturnValue") or 0))
        except ValueError as exc:
            raise PeerError(f"{name}.{method} on the PC gave no number as its result.") from exc
        return output

    def send(  # noqa: PLR0913 - the parts of one message, all by name
        self,
        action: str,
        resource: str,
        body: str,
        *,
        selectors: Mapping[str, str] | None = None,
        options: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> ElementTree.Element:
        """Send one message and give the parsed reply; ``again`` marks a read that may be repeated once."""
        text = envelopes.message(
            action,
            resource,
            body,
            message_id=self._new_id(),
            timeout_s=self.transport.timeout_s,
            selectors=selectors,
            options=options,
        )
        return self._send(text, again=again)

    def _send(self, text: str, *, again: bool) -> ElementTree.Element:
        self.requests += 1
        try:
            data = self.transport.send(text)
        except DroppedError:
            if not again:
                raise
            self.transport.reset()
            self.requests += 1
            data = self.transport.send(text)
        if len(data) > MAX_BYTES:
            raise PeerError("The PC sent a reply larger than any real one; it was refused.")
        return parsing.parse(data, self.warnings)

    def _enumerate(self, wql: str, namespace: str) -> list[dict[str, Any]]:
        resource = envelopes.class_uri(namespace, "*")
        until = self._clock() + self._deadline_s
        items: list[dict[str, Any]] = []
        context = ""
        body = envelopes.enumerate_body(wql)
        action = f"{envelopes.ENUMERATION}/Enumerate"
        for _page in range(MAX_PAGES):
            try:
                root = self.send(action, resource, body)
            except WsmanFault as fault:
                # The context survives a timeout of Pull; an Enumerate without one is a real failure.
                if not (fault.timed_out and context and self._clock() < until):
                    raise
                continue
            items.extend(_items(root))
            # The context changes with every reply: only the newest is valid.
            context = parsing.text_of(root, "EnumerationContext") or context
            if parsing.first(root, "EndOfSequence") is not None:
                return items
            if not context:
                raise PeerError("The PC began an enumeration without a context.", fix="Check what answers there.")
            if len(items) > MAX_ITEMS or self._clock() > until:
                break
            body, action = envelopes.pull_body(context), f"{envelopes.ENUMERATION}/Pull"
        self._release(resource, context)
        raise PeerError(
            f"The PC did not finish the query {wql!r}: {len(items)} items in {MAX_PAGES} pages or"
            f" {self._deadline_s:.0f} s.",
            fix="Read this PC's section alone, when it has less to do.",
        )

    def _release(self, resource: str, context: str) -> None:
        # Frees one of few concurrent operations; that it fails changes nothing for us.
        with suppress(PeerError, TalkError):
            self.send(f"{envelopes.ENUMERATION}/Release", resource, envelopes.release_body(context))


def _content(root: ElementTree.Element) -> ElementTree.Element:
    body = parsing.first(root, "Body")
    inside = next(parsing.children(body), None) if body is not None else None
    if inside is None:
        raise PeerError("The PC sent a reply without content.", fix="Check what answers on this port.")
    return inside


def _items(root: ElementTree.Element) -> list[dict[str, Any]]:
    # w:Items in an optimised first reply, n:Items in a Pull's.
    holder = parsing.first(root, "Items")
    return [parsing.properties(item) for item in parsing.children(holder)] if holder is not None else []
