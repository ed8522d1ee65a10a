# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hit counters around a swap, and entries that nothing has matched. They never enter a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Counts, Hits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver, Shell

NOTE = "hits in hardware may not be counted on every model: none counted is no proof of no traffic"


def read_hits(driver: Driver, shell: Shell, names: Iterable[str | None]) -> dict[str, list[Hits]]:
    """Read the counters of these lists where the platform counts; {} elsewhere."""
    wanted: Sequence[str] = sorted({name for name in names if name})
    return driver.read_hits(shell, wanted) if wanted and isinstance(driver, Counts) else {}


def plain(hits: Mapping[str, Sequence[Hits]]) -> dict[str, list[dict[str, Any]]]:
    """Give counters as results show them: {list: [{entry, hits}]}."""
    return {name: [{"entry": one.entry, "hits": one.count} for one in found] for name, found in hits.items()}


def unused(hits: Mapping[str, Sequence[Hits]]) -> dict[str, list[str]]:
    """Give the entries of each list that are counted and stand at zero."""
    return {name: [one.entry for one in found if one.count == 0] for name, found in hits.items()}
