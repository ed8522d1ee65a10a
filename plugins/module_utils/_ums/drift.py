# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs between the devices declared and those found, in names of options. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device

_SHOWN = 5


class Difference(NamedTuple):
    """A field as declared and as found; ``corrected``: False where the module leaves it, or the server lets nobody."""

    name: str
    declared: str | None
    actual: str | None
    corrected: bool = True


@dataclass
class Drift:
    """A comparison in the making; see RETURN of ums_devices for its shape."""

    differences: list[dict[str, Any]] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    strangers: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)

    def differs(self, label: str, device: Device, found: Difference) -> None:
        """Note one difference."""
        self.differences.append(
            {
                "device": label,
                "id": device.id,
                "unit_id": device.unit_id,
                "field": found.name,
                "declared": found.declared,
                "actual": found.actual,
                "corrected": found.corrected,
            }
        )

    def stranger(self, device: Device, directory: str | None, action: str) -> None:
        """Note a record nobody declared, and whether it goes (``deleted``) or stays (``left``)."""
        self.strangers.append(
            {
                "name": device.name,
                "id": device.id,
                "unit_id": device.unit_id,
                "mac": device.mac,
                "directory": directory,
                "connected": device.connected,
                "action": action,
            }
        )

    def problem(self, exc: OtedgeError) -> None:
        """Note what stands in the way of a run."""
        self.problems.append({"problem": exc.message, "fix": exc.fix})

    def summary(self) -> str:
        """Give the comparison in one sentence, for ``failed_when``; empty where nothing is to correct."""
        wrong = [f"{row['device']} ({row['field']})" for row in self.differences if row["corrected"]]
        parts = [
            ("different", wrong),
            ("missing", [row["name"] or row["mac"] for row in self.missing]),
            ("not declared", [row["name"] or row["unit_id"] for row in self.strangers]),
            ("problems", [row["problem"].rstrip(".") for row in self.problems]),
        ]
        shown = "; ".join(f"{len(found)} {word}: {_some(found)}" for word, found in parts if found)
        return f"UMS is not as declared: {shown}." if shown else ""

    def as_dict(self) -> dict[str, Any]:
        """Give the finished comparison."""
        wrong = any(row["corrected"] for row in self.differences)
        return {
            "in_sync": not (wrong or self.missing or self.strangers or self.problems),
            "differences": self.differences,
            "missing": self.missing,
            "strangers": self.strangers,
            "problems": self.problems,
        }


def _some(texts: list[str]) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
