# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send a planned command, once, and see what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.commands import (
    COMMANDS,
    CommandPlan,
    Row,
    Send,
    judge,
    require_sent,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.waiting import (
    Patience,
    Watch,
    require_reached,
    wait_for,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.writing import Applied, Write, carry_out, written


class Sender:
    """Carries a CommandPlan out; ``rows`` and ``others`` hold what the server said.

    Args:
        ums: the server.
        patience: how long to wait for the result; None not to wait.
        booted: last start of the devices before the command, by id.
    """

    def __init__(self, ums: Ums, patience: Patience | None, booted: Mapping[str, str]) -> None:
        self._ums = ums
        self._patience = patience
        self._booted = booted
        self.rows: list[Row] = []
        self.others: list[Row] = []

    def apply(self, plan: CommandPlan) -> Applied:
        """Send; wait for those it went to; then raise UmsError if it did not go to all or was not done by all."""
        applied = Applied()
        for step in plan.change.steps:
            rows = written(step.command, *(target.label for target in step.targets))
            carry_out([[Write(partial(self._send, step), rows)]], applied)
            late = self._wait(step.command)
            try:
                require_sent(step.command, self.rows, self.others)
                if self._patience:
                    require_reached(step.command, late, self._patience.timeout, devices=self.rows, others=self.others)
            except UmsError as exc:
                exc.details.update(
                    written=self._written(step, "sent"), failed=self._written(step, "failed", "no_answer")
                )
                raise
        return applied

    def _written(self, step: Send, *states: str) -> list[Row]:
        """Give the rows of the targets in one of these states, as writes are told."""
        found = {row["id"] for row in self.rows if row["state"] in states}
        return list(written(step.command, *(item.label for item in step.targets if item.device.id in found)))

    def _send(self, step: Send) -> None:
        try:
            answer = self._ums.command(COMMANDS[step.command], [target.device.id for target in step.targets])
        except TalkError as exc:
            exc.fix = f"{exc.fix} It may have been sent all the same: look at the devices before you send it again."
            raise
        self.rows, self.others = judge(step.targets, answer)

    def _wait(self, command: str) -> list[Watch]:
        """Wait if asked; give the devices that did not get there."""
        if self._patience is None:
            return []
        watches = [
            Watch(row["id"], row["device"], self._booted.get(row["id"], ""))
            for row in self.rows
            if row["state"] == "sent"
        ]
        reached = wait_for(self._ums, command, watches, self._patience)
        for row in self.rows:
            row["seen"] = reached.get(row["id"])
        return [watch for watch in watches if watch.id not in reached]
