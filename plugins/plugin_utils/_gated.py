# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Base of the actions that ask the gates: reads what the gates need, judges purely, writes evidence around a change."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    InputError,
    OtedgeError,
    RecordsError,
    RefusedError,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import (
    Evidence,
    acquire_lock,
    lock_state,
    require_running,
    stop_requested,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state import read_lines
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site import gates as g
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.backup import backup_gate
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.history import last_time
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import backup_path, read_json, read_plan
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import (
    Release,
    Verdict,
    judge,
    read_releases,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import local_date

GATES = g.GATES
GateResult = g.GateResult
# Gates that hang on what time it is.
TIMED = frozenset({"release", "window", "freeze", "backup"})
# What has to hold still when the thing that is begun now ends by itself.
LASTING = ("release", "window", "freeze")


def controlling_pid() -> int:
    """Give the process id of the run this task belongs to, also where that run is gone already."""
    parent = multiprocessing.parent_process()
    return parent.pid if parent is not None and parent.pid is not None else os.getppid()


@dataclass
class Readings:
    """What was read once for all stations of a task; empty parts close their gates."""

    now: float
    plan: dict[str, Any] = field(default_factory=dict)
    plan_problem: str = ""
    clock_problem: str = ""
    verdict: Verdict | None = None
    signed: list[Release] = field(default_factory=list)
    plan_hash: str = ""
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    model: dict[str, Any] = field(default_factory=dict)
    model_problem: str = ""
    lock: dict[str, Any] = field(default_factory=dict)
    lock_mine: bool = False
    lock_held: bool = False
    stop: bool = True
    live: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    converting: bool = True


class GatedAction(EndpointAction):
    """An action that passes gates; see ``check_gates``."""

    def clock(self) -> float:
        """Give the controller's time in epoch seconds: the only clock the gates know."""
        return time.time()

    def check_gates(  # noqa: PLR0913 - the two last have defaults that suit most
        self,
        options: Mapping[str, Any],
        task_vars: Mapping[str, Any],
        stations: Iterable[str],
        gates: Iterable[str] | None = None,
        *,
        live: Mapping[str, Mapping[str, Any]] | None = None,
        converting: bool = True,
        lasting_s: float = 0.0,
    ) -> dict[str, dict[str, GateResult]]:
        """Read everything anew and judge the gates of each station. Writes nothing.

        Args:
            options: of GATE_OPTIONS.
            task_vars: of the task; today's inventory is read from them.
            stations: names.
            gates: of GATES; default all.
            live: {station: {serial, uuid}} as read from the PCs just now, for the drift gate.
            converting: a conversion may follow, so the window's last start counts, not its end.
            lasting_s: release, window and freeze days have to hold for so many seconds more, to the window's end.

        Returns:
            {station: {gate: GateResult}}. What could not be read closes the gates that need it.
        """
        names, wanted = list(stations), list(GATES if gates is None else gates)
        unknown = sorted(set(wanted) - set(GATES))
        if unknown:
            raise InputError(f"There is no gate {', '.join(unknown)}.", fix=f"The gates are: {', '.join(GATES)}.")
        if not options.get("site_records"):
            raise InputError("The gates need the records of the site.", fix="Set site_records.")
        readings = self._read(options, task_vars, names, wanted)
        readings.live, readings.converting = live or {}, converting
        found = {name: {gate: _judge(gate, name, readings, options) for gate in wanted} for name in names}
        if lasting_s > 0:
            _hold_until(found, readings, options, lasting_s)
        return found

    def require_gates(self, checked: Mapping[str, Mapping[str, GateResult]]) -> None:
        """Raise RefusedError naming every closed gate: what was read, and what would open it."""
        shut = {
            name: {gate: result.as_dict() for gate, result in results.items() if not result.open}
            for name, results in checked.items()
        }
        lines = [
            f"{name}: gate {gate} is closed: {result['read']}. It needs: {result['needs']}."
            for name, results in shut.items()
            for gate, result in results.items()
        ]
        if lines:
            raise RefusedError(" ".join(lines), fix="Nothing was written.", gates=shut)

    @contextmanager
    def acting(self, records: str, subject: str, action: str, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Hold the lock, write the intent, let the block act, write its result.

        The block fills the yielded dictionary with the result's data. An exception is recorded as failed.
        """
        acquire_lock(records, controlling_pid(), f"{self._task.action} on {subject}", self.clock())
        evidence = Evidence(records, self.clock)
        actor = str(self._task.action)
        intent = evidence.intent(actor, subject, action, data)
        outcome: dict[str, Any] = {}
        try:
            require_running(records)
            yield outcome
        except BaseException as exc:
            evidence.result(intent, "refused" if isinstance(exc, RefusedError) else "failed", {"error": str(exc)})
            raise
        evidence.result(intent, "done", outcome)

    def _read(
        self, options: Mapping[str, Any], task_vars: Mapping[str, Any], names: list[str], wanted: list[str]
    ) -> Readings:
        records = str(options["site_records"])
        found = Readings(now=self.clock(), stop=stop_requested(records))
        try:
            found.plan, plan_hash = read_plan(records)
        except RecordsError as exc:
            found.plan_problem, plan_hash = str(exc), ""
        expected = options.get("plan_hash")
        if plan_hash and expected and plan_hash != expected:
            found.plan_problem = f"the stored plan is {plan_hash[:12]} now, this run executes {expected[:12]}"
            found.plan, plan_hash = {}, ""
        if plan_hash and {"release", "backup"} & set(wanted):
            signed = read_releases(
                records, plan_hash, str(options.get("allowed_signers") or ""), options.get("signers") or {}
            )
            found.signed, found.plan_hash = signed, plan_hash
            found.verdict = judge(signed, plan_hash, str(found.plan.get("site")), found.now)
        if TIMED & set(wanted):
            found.clock_problem = g.clock_problem(found.now, last_time(records))
        if "lock" in wanted:
            found.lock, found.lock_mine, found.lock_held = lock_state(records)
        if "line_state" in wanted:
            found.lines = self._line_states(options, found.plan, names)
        if "drift" in wanted:
            try:
                found.model = collect(task_vars, self._templar.template, names)
            except InputError as exc:
                found.model_problem = str(exc)
        return found

    def _line_states(
        self, options: Mapping[str, Any], plan: Mapping[str, Any], names: list[str]
    ) -> dict[str, dict[str, Any]]:
        lines = options.get("lines") or {}
        planned = plan.get("stations", {})
        wanted = sorted({str(planned[name].get("line")) for name in names if name in planned} & set(lines))
        if not wanted:
            return {}
        try:
            states = read_lines(
                lines,
                wanted,
                records=options["site_records"],
                allowed_signers=options.get("allowed_signers"),
                clock=self.clock,
            )
        except OtedgeError as exc:
            return {
                line: {"running": True, "state": "unknown", "quality": "none", "reason": str(exc)} for line in wanted
            }
        return {line: state.as_dict() for line, state in states.items()}


def _hold_until(
    found: dict[str, dict[str, GateResult]], readings: Readings, options: Mapping[str, Any], lasting_s: float
) -> None:
    """Close the gates that are open now and would close within so many seconds."""
    readings.now += lasting_s
    readings.converting = False
    if readings.signed:
        readings.verdict = judge(readings.signed, readings.plan_hash, str(readings.plan.get("site")), readings.now)
    for name, gates in found.items():
        for gate in set(LASTING) & set(gates):
            then = _judge(gate, name, readings, options)
            if gates[gate].open and not then.open:
                gates[gate] = g.closed(f"open now, but not for {lasting_s / 60:.0f} minutes: {then.read}", then.needs)


def _judge(  # noqa: PLR0911 - one return a gate
    gate: str, name: str, readings: Readings, options: Mapping[str, Any]
) -> GateResult:
    plan = readings.plan
    if gate == "stop":
        return g.stop_gate(readings.stop)
    if gate == "lock":
        return g.lock_gate(readings.lock, mine=readings.lock_mine, held=readings.lock_held)
    if gate in TIMED and readings.clock_problem:
        return g.closed(readings.clock_problem, "a clock that is right: check the time service of the automation node")
    if readings.plan_problem:
        return g.closed(readings.plan_problem, "run the play plan and have its plan released")
    timezone = str(plan.get("timezone"))
    planned = plan.get("stations", {}).get(name)
    if gate == "release":
        return g.release_gate(readings.verdict)
    if gate == "freeze":
        return g.freeze_gate(timezone, readings.now, plan.get("freeze_days"), options.get("freeze_days"))
    if planned is None:
        return g.closed("the plan does not name this station", "plan again and have the new plan released")
    if gate == "window":
        return g.window_gate(plan, name, readings.now, converting=readings.converting, windows=options.get("windows"))
    if gate == "line_state":
        line = str(planned.get("line"))
        changed = g.terms_problem(plan.get("line_terms", {}).get(line), (options.get("lines") or {}).get(line))
        return changed or g.line_gate(line, readings.lines.get(line))
    if gate == "backup":
        today = str(local_date(readings.now, timezone))
        try:
            record = read_json(backup_path(str(options["site_records"]), name))
        except (RecordsError, InputError) as exc:
            return g.closed(str(exc), "a record that can be read")
        return backup_gate(planned, name, readings.verdict, today, record=record, now=readings.now)
    if readings.model_problem:
        return g.closed(readings.model_problem, "an inventory that can be read")
    return g.drift_gate(planned, readings.model.get("stations", {}).get(name), readings.live.get(name))
