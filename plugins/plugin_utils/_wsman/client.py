# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads, writes and method calls on one PC: Identify, Enumerate/Pull/Release, Get, Put, Delete, Invoke.

One client, one connection, one thread: a sealed session keeps a sequence number per connection.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, Protocol
from xml.etree import ElementTree

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import envelopes, parsing, wql
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import DroppedError, WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.paging import Limits, pages

MAX_BYTES = 64 * 1024 * 1024
QUOTA_PAUSE_S = 5.0
CIMV2 = "root/cimv2"
_STACK = re.compile(r"Stack:\s*(\d+)\.(\d+)")


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
        sleep: waits, before something the PC had no room for is asked once more.
        adapt: ask for the version of the PC's stack when a long enumeration begins, and use larger replies from 3.0 on.

    Attributes:
        requests: messages sent, without those of the login.
        received: bytes of all replies.
        warnings: what was odd, for people.
    """

    def __init__(  # noqa: PLR0913 - all but the transport by name
        self,
        transport: Transport,
        *,
        deadline_s: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()).upper(),
        sleep: Callable[[float], None] = time.sleep,
        adapt: bool = False,
    ) -> None:
        self.transport = transport
        self.requests = 0
        self.received = 0
        self.warnings: list[str] = []
        self.max_envelope = envelopes.MAX_ENVELOPE
        self.clock = clock
        self._deadline_s = deadline_s
        self._new_id = new_id
        self._sleep = sleep
        self._adapt = adapt

    def identify(self) -> dict[str, str]:
        """Ask who answers: {protocol, vendor, product}."""
        try:
            root = self._exchange(envelopes.identify())
        except DroppedError:
            self.transport.reset()
            root = self._exchange(envelopes.identify())
        if parsing.first(root, "IdentifyResponse") is None:
            raise PeerError(f"{self.transport.address} does not speak WS-Management.", fix="Check ansible_port.")
        return {
            "protocol": parsing.text_of(root, "ProtocolVersion"),
            "vendor": parsing.text_of(root, "ProductVendor"),
            "product": parsing.text_of(root, "ProductVersion"),
        }

    def adapt_envelope(self) -> None:
        """Use replies of 500 KB where the PC's stack is 3.0 or newer; asks once, and only if told to adapt."""
        if self._adapt:
            self._adapt = False
            if stack_of(self.identify()["product"]) >= (3, 0):
                self.max_envelope = envelopes.LARGE_ENVELOPE

    def enumerate(
        self, query: str, namespace: str = CIMV2, columns: Sequence[str] = (), limits: Limits | None = None
    ) -> list[dict[str, Any]]:
        """Run a WQL query and give every item; reads are tried once more when the connection broke.

        Args:
            query: the query; select columns, never ``*``: replies are smaller.
            namespace: WMI namespace with slashes.
            columns: properties that every item shall hold, None where the PC sent none.
            limits: how much it may bring.

        Raises:
            InputError: the query would ask for Win32_Product, or does not only read.
            WsmanFault: refused; ``missing`` if class or namespace do not exist.
            TooMuchError: more than the limits came.
            PeerError: the reply is not understood.
        """
        try:
            return list(self.iterate(query, namespace, columns, limits))
        except DroppedError:
            self.transport.reset()
            return list(self.iterate(query, namespace, columns, limits))

    def iterate(
        self, query: str, namespace: str = CIMV2, columns: Sequence[str] = (), limits: Limits | None = None
    ) -> Generator[dict[str, Any]]:
        """Give the items of a WQL query as they come, one page in memory; see ``enumerate``.

        Who has seen enough closes the iterator: the PC is told, and frees what it holds. A connection that breaks
        raises DroppedError: which items would have come again is not known.
        """
        source = pages(
            self, wql.check_query(query), wql.check_namespace(namespace), limits or Limits(seconds=self._deadline_s)
        )
        with closing(source):
            for page in source:
                for item in page:
                    yield parsing.shaped(item, columns)

    def get(self, name: str, selectors: Mapping[str, Any] | None = None, namespace: str = CIMV2) -> dict[str, Any]:
        """Read one instance by all its keys (none for a singleton class)."""
        resource = self._resource(name, namespace)
        root = self.send(f"{envelopes.TRANSFER}/Get", resource, "", selectors=selectors, again=True)
        return parsing.properties(_content(root))

    def get_property(self, name: str, key: str, selectors: Mapping[str, Any], namespace: str = CIMV2) -> Any:
        """Read one property of one instance: a small reply where the instance is large."""
        resource = self._resource(name, namespace)
        wql.check_name(key, "property")
        root = self.send(f"{envelopes.TRANSFER}/Get", resource, "", selectors=selectors, again=True, fragment=key)
        return next(iter(parsing.properties(_content(root)).values()), None)

    def put(
        self, name: str, selectors: Mapping[str, Any], values: Mapping[str, Any], namespace: str = CIMV2
    ) -> dict[str, Any]:
        """Change properties of one instance, once, never again; give the instance as the PC sends it back."""
        resource = self._resource(name, namespace)
        body = envelopes.instance_body(resource, name, values.items())
        root = self.send(f"{envelopes.TRANSFER}/Put", resource, body, selectors=selectors)
        holder = parsing.first(root, "Body")
        inside = next(parsing.children(holder), None) if holder is not None else None
        return parsing.properties(inside) if inside is not None else {}

    def delete(self, name: str, selectors: Mapping[str, Any], namespace: str = CIMV2) -> None:
        """Delete one instance, once, never again."""
        self.send(f"{envelopes.TRANSFER}/Delete", self._resource(name, namespace), "", selectors=selectors)

    def invoke(
        self,
        name: str,
        method: str,
        parameters: Iterable[tuple[str, Any]] = (),
        *,
        selectors: Mapping[str, Any] | None = None,
        namespace: str = CIMV2,
    ) -> dict[str, Any]:
        """Call a method once, never again; give its out parameters with ``ReturnValue`` as int.

        Parameters in the order the class declares them; for what a value may be see values.element.
        """
        resource = self._resource(name, namespace)
        body = envelopes.invoke_body(resource, wql.check_name(method, "method"), parameters)
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
        selectors: Mapping[str, Any] | None = None,
        options: Mapping[str, str] | None = None,
        again: bool = False,
        patient: bool = False,
        timeout_s: float | None = None,
        fragment: str = "",
    ) -> ElementTree.Element:
        """Send one message and give the parsed reply.

        Args:
            action: WS-Addressing action.
            resource: resource URI.
            body: content of s:Body.
            selectors: keys of the instance, or the shell.
            options: WS-Management options.
            again: a read: once more when the connection broke, and patient.
            patient: once more, after a pause, when the PC refused it for lack of room: it did not begin then.
            timeout_s: seconds the PC may take instead of the transport's own.
            fragment: the one property this is about.
        """
        last = False
        while True:
            message_id = self._new_id()
            text = envelopes.message(
                action,
                resource,
                body,
                message_id=message_id,
                timeout_s=self.transport.timeout_s if timeout_s is None else timeout_s,
                selectors={key: _selector(value) for key, value in (selectors or {}).items()},
                options=options,
                max_envelope=self.max_envelope,
                fragment=fragment,
            )
            try:
                return self._exchange(text, message_id)
            except DroppedError:
                if last or not again:
                    raise
                self.transport.reset()
            except WsmanFault as fault:
                if last or not (again or patient) or not self._cured(fault):
                    raise
            last = True

    def _cured(self, fault: WsmanFault) -> bool:
        """Do what lets the next try succeed; False where nothing helps. The PC did not begin any of these."""
        if fault.quota:
            self._sleep(QUOTA_PAUSE_S)
        elif fault.undecrypted:
            self.transport.reset()
        elif fault.envelope and self.max_envelope > envelopes.MAX_ENVELOPE:
            self.max_envelope = envelopes.MAX_ENVELOPE
        else:
            return False
        return True

    def _exchange(self, text: str, message_id: str = "") -> ElementTree.Element:
        self.requests += 1
        try:
            data = self.transport.send(text)
        except WsmanFault as fault:
            self._in_step(fault.relates_to, message_id)
            raise
        self.received += len(data)
        if len(data) > MAX_BYTES:
            raise PeerError("The PC sent a reply larger than any real one; it was refused.")
        root = parsing.parse(data, self.warnings)
        self._in_step(parsing.text_of(root, "RelatesTo"), message_id)
        return root

    def _in_step(self, relates_to: str, message_id: str) -> None:
        """Refuse the answer to another message: from there on nothing in this session can be trusted."""
        if message_id and relates_to and relates_to.lower() != f"uuid:{message_id}".lower():
            raise DroppedError(
                f"{self.transport.address} answered another message than the one that was sent.",
                fix="Run again. If it stays, look for a proxy that mixes up connections.",
            )

    def _resource(self, name: str, namespace: str) -> str:
        return envelopes.class_uri(wql.check_namespace(namespace), wql.check_name(name, "class"))


def stack_of(product: str) -> tuple[int, int]:
    """Give the version of WinRM that ``OS: 6.1.7601 SP: 1.0 Stack: 2.0`` names, (0, 0) where none is."""
    match = _STACK.search(product)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _selector(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _content(root: ElementTree.Element) -> ElementTree.Element:
    body = parsing.first(root, "Body")
    inside = next(parsing.children(body), None) if body is not None else None
    if inside is None:
        raise PeerError("The PC sent a reply without content.", fix="Check what answers on this port.")
    return inside
