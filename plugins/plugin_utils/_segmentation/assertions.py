# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Statements about lists, proven for every packet: "zone X cannot reach tcp/502 in CEL" (pure).

A list permits something of a region exactly where it differs from itself with that region denied in front; it denies
something where it differs from itself with the region permitted in front. So one exact comparison answers both, with a
packet as witness. What cannot be decided within the bound on work does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import WORK, compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import Packet, first_match
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.services import services_of

DENIED, PERMITTED = "denied", "permitted"
# An answer on a connection that the other side opened is no reach of its own.
_ANSWERS = Rule("deny", 6, established=True)


@dataclass(frozen=True)
class Answer:
    """holds: True, False with a witness and the rule that decides it, or None where it was not decided."""

    holds: bool | None
    witness: Packet | None = None
    rule: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give the plain form of results."""
        verdict = {True: "holds", False: "does not hold", None: "not decided"}[self.holds]
        witness = self.witness.to_dict() if self.witness else None
        return {"verdict": verdict, "witness": witness, "rule": self.rule}


def region(
    source: Address, targets: Iterable[Address], entry: Mapping[str, Any], services: Mapping[str, Any]
) -> list[Rule]:
    """Give the packets a statement is about, as rules: from one source to any of the targets, of one service."""
    return [
        Rule("permit", service.protocol, source, to, service.src_ports, service.dst_ports)
        for to in targets
        for service in services_of(entry, services)
    ]


def judge(rules: Sequence[Rule], packets: Sequence[Rule], expect: str, *, work: int = WORK) -> Answer:
    """Say whether a list treats all packets of a region as expected.

    Args:
        rules: the list.
        packets: of region().
        expect: denied (of new connections) or permitted.
        work: bound on the work of the proof.
    """
    if expect not in (DENIED, PERMITTED):
        raise InputError(f"A statement expects {expect!r}.", fix="Write expect: denied or expect: permitted.")
    base = [_ANSWERS, *rules] if expect == DENIED else list(rules)
    action = "deny" if expect == DENIED else "permit"
    found = compare(base, [*(replace(item, action=action) for item in packets), *base], work=work)
    if found.verdict == "not decided":
        return Answer(None)
    if found.equal:
        return Answer(True)
    witness = found.witness
    return Answer(False, witness, first_match(rules, witness) if witness else None)
