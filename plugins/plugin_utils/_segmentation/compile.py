# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the approved zone model to the ordered rules of one station's switch port, for each phase.

The list is bound inbound on the station's access port, so it sees what the station sends: requests of conduits that
start in its zone, and replies of conduits that end there (a switch list is stateless; reference ot-segmentation.md
section 5). Conduit matrix and deny-by-default: same document, section 3.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import flows as flows_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    Address,
    Rule,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.services import (
    SERVICES,
    Service,
    services_of,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.time_box import KEYS, box_of

PHASES = ("before", "after", "island")
_DEFAULT_PORTS = {"https": 443, "http": 80}


def compile_station(
    model: Mapping[str, Any], station: str, *, disposition: str, observed_flows: Sequence[Mapping[str, Any]] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Compile the rules of one station for each phase.

    Args:
        model: the raw site model: site, zones, conduits, stations, ums.
        station: its name in the model.
        disposition: migrate, contain, retire or defer; contain makes 'after' a micro-zone of the exact flows.
        observed_flows: what the assessment saw the station send, {to, protocol, ports}; as binding as declared flows.

    Returns:
        {"before": [rule], "after": [rule], "island": [rule]}, each rule in the plain form of Rule.from_dict; rules of
        a conduit that is open for a time stand first and carry valid_from and valid_to.

    Raises:
        InputError: the model names a zone or service that does not exist, or a value cannot be read.
        RefusedError: the 'before' list would deny something that the station does today.
    """
    own = _station(model, station)
    model = _near(model, own)
    source = Address.of(own["address"])
    declared = list(own.get("flows") or [])
    today = [*declared, *observed_flows]

    flows = [
        *_flow_rules(model, source, declared, f"declared flow of {station}"),
        *_flow_rules(model, source, observed_flows, f"observed flow of {station}"),
    ]
    before = [
        *flows,
        *_conduit_rules(model, own, source, "before"),
        *_winrm_replies(model, source),
        *_conversion_rules(model, source),
    ]
    after = list(_conduit_rules(model, own, source, "after"))
    if disposition == "contain":
        after = [*_flow_rules(model, source, declared, f"declared flow of {station}"), *after]
    island = list(_conduit_rules(model, own, source, "island"))

    before = _closed(before, _DENY if own.get("flows_complete") else _PERMIT)
    boxed = {phase: list(_boxed_rules(model, own, source, phase)) for phase in PHASES}
    compiled = {
        "before": boxed["before"] + [rule.to_dict() for rule in before],
        "after": boxed["after"] + [rule.to_dict() for rule in _closed(after, _DENY)],
        "island": boxed["island"] + [rule.to_dict() for rule in _closed(island, _DENY)],
    }
    # Packets are tried one by one only where a flow is not permitted as a whole: that is most of the work.
    denied = [] if _permitted_whole(before, flows) else flows_of.denied(before, today, source, model.get("services"))
    if denied:
        raise RefusedError(
            f"The 'before' rules of {station} would deny what it does today: {denied[0]}.",
            fix="Add the flow to a conduit or to the station's flows.",
            flows=denied,
        )
    return compiled


_DENY = Rule("deny", log=True, remark="everything else is denied and logged")
_PERMIT = Rule("permit", log=True, remark="permit and log until the flows are known to be complete")


def _closed(rules: Iterable[Rule], last: Rule) -> list[Rule]:
    """Drop repeats (a device ignores or refuses them) and end in an explicit, logged last rule."""
    seen: dict[tuple[Any, ...], Rule] = {}
    for rule in rules:
        seen.setdefault(rule.decides, rule)
    return [*seen.values(), last]


def _station(model: Mapping[str, Any], station: str) -> Mapping[str, Any]:
    own = (model.get("stations") or {}).get(station)
    if own is None:
        raise InputError(f"Station {station} is not in the site model.", fix="Add it to the inventory group stations.")
    missing = [key for key in ("zone", "address") if not own.get(key)]
    if missing:
        raise InputError(
            f"Station {station} has no {' and no '.join(missing)}: its rules cannot be compiled.",
            fix=f"Set {', '.join(f'station_{key}' for key in missing)} in its host_vars.",
        )
    return dict(own)


def _zones(model: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {zone["id"]: zone for zone in model.get("zones") or []}


def _near(model: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Give the model with the conduits that begin or end around the station: the others are most of a large site."""
    around = _with_parents(_zones(model), own["zone"], "The station")
    conduits = model.get("conduits") or []
    return {**model, "conduits": [one for one in conduits if one["from"] in around or one["to"] in around]}


def _with_parents(zones: Mapping[str, Mapping[str, Any]], name: str, where: str) -> list[str]:
    """Give a zone and the zones around it; conduits of an outer zone hold for the inner one too."""
    chain: list[str] = []
    current: str | None = name
    while current and current not in chain:
        if current not in zones:
            raise InputError(f"{where} names zone {current}, which does not exist.", fix="Correct it in site_zones.")
        chain.append(current)
        current = zones[current].get("parent")
    return chain


def _addresses(zones: Mapping[str, Mapping[str, Any]], name: str, where: str) -> list[Address]:
    _with_parents(zones, name, where)
    return [Address.of(cidr) for cidr in zones[name].get("cidrs") or []]


def _request(service: Service, source: Address, to: Address, remark: str) -> Rule:
    if service.any_to_any:
        source = to = ANY
    return Rule(
        "permit",
        service.protocol,
        source,
        to,
        src_ports=service.src_ports,
        dst_ports=service.dst_ports,
        remark=remark,
    )


def _reply(service: Service, source: Address, to: Address, remark: str) -> Rule:
    """Mirror a request: tcp replies need ACK or RST, everything else only the mirrored ports."""
    if service.any_to_any:
        source = to = ANY
    return Rule(
        "permit",
        service.protocol,
        source,
        to,
        src_ports=service.dst_ports,
        dst_ports=service.src_ports,
        established=service.protocol == 6,
        remark=remark,
    )


def _boxed_rules(
    model: Mapping[str, Any], own: Mapping[str, Any], source: Address, phase: str
) -> Iterator[dict[str, Any]]:
    """Give the rules of conduits that are open for a time, each with its box; see time_box.py."""
    for conduit in model.get("conduits") or []:
        box = box_of(conduit)
        if box:
            alone = {**model, "conduits": [{key: value for key, value in conduit.items() if key not in KEYS}]}
            for rule in _conduit_rules(alone, own, source, phase):
                yield rule.to_dict() | dict(zip(KEYS, box, strict=True))


def _conduit_rules(model: Mapping[str, Any], own: Mapping[str, Any], source: Address, phase: str) -> Iterator[Rule]:
    """Give requests of conduits out of the station's zone, then replies of conduits into it; none that are boxed."""
    zones = _zones(model)
    around = _with_parents(zones, own["zone"], "The station")
    replies: list[Rule] = []
    for conduit in model.get("conduits") or []:
        if any(conduit.get(key) for key in KEYS):
            continue
        where = f"Conduit {conduit['id']}"
        roles = conduit.get("station_roles")
        if phase not in (conduit.get("phases") or ()) or (roles and own.get("role") not in roles):
            continue
        remark = _remark(conduit)
        services = [part for entry in conduit["services"] for part in services_of(entry, model.get("services"))]
        if conduit["from"] in around:
            for to in _addresses(zones, conduit["to"], where):
                yield from (_request(service, source, to, remark) for service in services)
        if conduit["to"] in around:
            for to in _addresses(zones, conduit["from"], where):
                replies.extend(_reply(service, source, to, f"replies, {remark}") for service in services)
    yield from replies


def _remark(conduit: Mapping[str, Any]) -> str:
    who = f"conduit {conduit['id']} owner {conduit.get('owner', '?')} review {conduit.get('review_by', '?')}"
    # The reason comes last: a device that cuts long remarks cuts it, and never the rest.
    return f"{who}: {conduit['justification']}" if conduit.get("justification") else who


def _flow_rules(
    model: Mapping[str, Any], source: Address, flows: Iterable[Mapping[str, Any]], remark: str
) -> Iterator[Rule]:
    for flow in flows:
        for service in services_of(flow, model.get("services")):
            yield _request(service, source, Address.of(flow["to"]), remark)


def _winrm_replies(model: Mapping[str, Any], source: Address) -> Iterator[Rule]:
    """The automation node reads and converts the PC over WinRM."""
    controller = (model.get("site") or {}).get("controller_address")
    if controller:
        for service in SERVICES["winrm"]:
            yield _reply(service, source, Address.of(controller), "replies, WinRM of the automation node")


def _conversion_rules(model: Mapping[str, Any], source: Address) -> Iterator[Rule]:
    """What the conversion needs: the management server, and where the image is fetched from if that is an address."""
    server = (model.get("ums") or {}).get("address")
    generation = (model.get("site") or {}).get("igel_os") or 12
    if server:
        for service in SERVICES[f"igel_os{generation}"]:
            yield _request(service, source, Address.of(server), "conversion: registers in the UMS")
    staging = (model.get("site") or {}).get("staging") or {}
    for part in ("converter", "image"):
        url = urlsplit(str((staging.get(part) or {}).get("url") or ""))
        port = url.port or _DEFAULT_PORTS.get(url.scheme)
        if port and _is_address(url.hostname):
            service = Service(6, ((port, port),))
            yield _request(service, source, Address.of(str(url.hostname)), "conversion: fetches the image")


def _permitted_whole(ordered: Iterable[Rule], flows: Iterable[Rule]) -> bool:
    """True if each flow stands as a permit of its own before anything is denied."""
    permitted = {rule.decides for rule in takewhile(lambda rule: rule.action == "permit", ordered)}
    return all(flow.decides in permitted for flow in flows)


def _is_address(host: str | None) -> bool:
    try:
        ipaddress.IPv4Address(host or "")
    except ValueError:
        return False
    return True
