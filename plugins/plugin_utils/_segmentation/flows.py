# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flows against a list: which of the things a station does would be denied (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import Packet, first_match
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    WITH_PORTS,
    Address,
    Rule,
    rules_from,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.services import Service, services_of


def flows_denied(
    rules: Sequence[Mapping[str, Any]],
    flows: Iterable[Mapping[str, Any]],
    *,
    source: str | None = None,
    services: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Name the flows of which the rules would deny any packet a client could start with.

    Args:
        rules: plain rules, in order; nothing matching means denied.
        flows: {to, protocol, ports} or {to, service}, optionally with ``from``.
        source: the station's address; without it, the first single address the rules name as source.
        services: the site's own service names.

    Returns:
        {"from", "to", "protocol", "port", "denied_by"} for each port that would be denied; ``denied_by`` is the index
        of the rule, or null for the end of the list.
    """
    ordered = rules_from(rules)
    own = Address.of(source) if source else next((rule.src for rule in ordered if rule.src.wildcard == 0), ANY)
    return denied(ordered, flows, own, services)


def denied(
    ordered: Sequence[Rule], flows: Iterable[Mapping[str, Any]], own: Address, services: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """Do the same for rules that are read already, from the given source."""
    found: list[dict[str, Any]] = []
    for flow in flows:
        start = Address.of(flow["from"]) if flow.get("from") else own
        to = Address.of(flow["to"])
        for service in services_of(flow, services):
            for port, packet in _probes(service, start, to):
                index = first_match(ordered, packet)
                if index is None or ordered[index].action != "permit":
                    where = {"from": str(start), "to": str(to), "protocol": packet.protocol}
                    found.append({**where, "port": port, "denied_by": index})
    return found


def _probes(service: Service, start: Address, to: Address) -> Iterator[tuple[int | None, Packet]]:
    """Give packets that open the flow: both ends of each destination range, from a low and a high client port."""
    targets = {to.value, to.value | to.wildcard if to.is_prefix else to.value}
    numbers = {service.protocol} if service.protocol is not None else {1, 6, 17}
    for protocol in sorted(numbers):
        with_ports = protocol in WITH_PORTS
        wanted = service.dst_ports or (((0, 65535),) if with_ports else ((0, 0),))
        clients = {low for low, _high in service.src_ports or ()} or ({1024, 65535} if with_ports else {0})
        for address in sorted(targets):
            for port in sorted({port for pair in wanted for port in pair}):
                for client in sorted(clients):
                    yield (
                        port if with_ports else None,
                        Packet(protocol, start.value, address, client if with_ports else 0, port if with_ports else 0),
                    )
