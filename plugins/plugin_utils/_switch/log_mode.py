# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first cycle on a live cell: a list that logs what it will deny, and permits it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule


def permit_and_log(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Turn every denial into a logged permission."""
    return tuple(replace(rule, action="permit", log=True) if rule.action == "deny" else rule for rule in rules)


def logged(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Give rules that deny exactly what the given ones log, so that two lists can be compared in what they log."""
    return tuple(replace(rule, action="deny" if rule.log else "permit") for rule in rules)
