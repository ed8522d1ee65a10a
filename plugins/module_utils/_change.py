# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One shape for a planned change: ``changed`` and the diff come from the same object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Step = TypeVar("Step")


def _text(side: str | Mapping[str, Any] | list[Any]) -> str:
    if isinstance(side, str):
        return side
    return json.dumps(side, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Change(Generic[Step]):
    """What ``plan(current, desired)`` decided.

    Args:
        before: the state found: text, or plain data without secrets.
        after: the state as it is to be, in the same form.
        steps: what apply has to do, in order; no steps means nothing changes.
    """

    before: str | dict[str, Any] | list[Any] = ""
    after: str | dict[str, Any] | list[Any] = ""
    steps: tuple[Step, ...] = field(default=())

    @property
    def changed(self) -> bool:
        """True if something was, or would be, written."""
        return bool(self.steps)

    def diff(self, header: str = "") -> dict[str, str]:
        """Give Ansible's diff; both sides are equal when nothing changes."""
        before, after = _text(self.before), _text(self.after)
        if not self.changed:
            after = before
        return {"before": before, "after": after, "before_header": header, "after_header": header}
