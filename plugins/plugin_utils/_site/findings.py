# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What validation collects: gaps with file, key, value, problem and fix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.services import services_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import parse_date

Where = Callable[[str, str], str]


@dataclass
class Findings:
    """Collects gaps; ``host`` "" is the site itself, ``key`` starts with the variable's name."""

    model: Mapping[str, Any]
    where: Where
    today: date
    gaps: list[dict[str, str]] = field(default_factory=list)

    def add(self, key: str, value: Any, problem: str, fix: str, host: str = "") -> None:
        """Add one gap."""
        variable = re.split(r"[.\[]", key, maxsplit=1)[0]
        text = "" if value is None else str(value)
        self.gaps.append(
            {"file": self.where(host, variable), "key": key, "value": text, "problem": problem, "fix": fix}
        )

    def review(self, key: str, value: Any, host: str = "") -> None:
        """Check a review date: there, a date, not past."""
        try:
            if parse_date(value or "") < self.today:
                self.add(key, value, "the review date is past", "Review it and set the next date", host)
        except ValueError as exc:
            self.add(key, value, str(exc) if value else "no review date", "Write a date like 2027-04-30", host)

    def service(self, key: str, entry: Mapping[str, Any], host: str = "") -> None:
        """Check that a service is known or its ports can be read."""
        try:
            services_of(entry, self.model.get("services"))
        except OtedgeError as exc:
            value = entry.get("service") or entry.get("protocol") if isinstance(entry, Mapping) else entry
            self.add(key, value, exc.message, exc.fix, host)
