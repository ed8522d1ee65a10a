# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What looks wrong in a site's zones and conduits (pure). Source: ot-segmentation reference, sections 1 to 4 and 8.

An error contradicts the zone concept, a warning asks for a decision, a note is worth knowing. The model is approved by
people: the linter changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import lint_conduits, lint_zones
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.flows import flows_denied
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint_zones import (
    ERROR,
    NOTE,
    WARNING,
    Finding,
    Site,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_model import listed_at

SEVERITIES = (ERROR, WARNING, NOTE)
Flows = Mapping[str, Sequence[Mapping[str, Any]]]


def lint(model: Mapping[str, Any], today: date, observed: Flows | None = None) -> list[Finding]:
    """Give every finding, the worst first.

    Args:
        model: the raw site model; what validate finds missing is not said again here.
        today: date at the site.
        observed: station to the flows its assessment saw, {to, protocol, ports}.
    """
    site = Site(model)
    found = [
        *lint_zones.mixed(site),
        *lint_zones.outside(site),
        *lint_zones.crowded(site),
        *lint_zones.behind_vlan(site, listed_at(model)),
        *lint_conduits.forbidden(site),
        *lint_conduits.level_skips(site),
        *lint_conduits.overdue(site, today),
        *lint_conduits.wide(site),
        *lint_conduits.display_protocols(site),
        *lint_conduits.shadowed(site),
        *lint_conduits.unused(site),
        *_unjustified(site, observed or {}),
    ]
    return sorted(dict.fromkeys(found), key=lambda item: (SEVERITIES.index(item.severity), item.code, item.where))


def _unjustified(site: Site, observed: Flows) -> Iterator[Finding]:
    """Flows seen in assessments that no conduit allows: what a contained PC loses, or what a conduit is missing for."""
    for name, flows in sorted(observed.items()):
        if name not in site.stations or not flows:
            continue
        try:
            rules = compile_station(site.model, name, disposition="migrate", observed_flows=flows)["after"]
        except OtedgeError:
            continue  # validate or the plan names it
        always = [rule for rule in rules if "valid_from" not in rule]
        source = str(site.stations[name]["address"])
        denied = flows_denied(always, flows, source=source, services=site.model.get("services"))
        for to, port in dict.fromkeys((item["to"], item["port"]) for item in denied):
            text = f"it was seen to speak to {to.removesuffix('/32')} port {port}, which no conduit allows"
            fix = "Add a conduit if it is needed after the conversion; a contained PC needs it in station_flows."
            yield Finding(NOTE, "flow_without_conduit", name, text, fix)
