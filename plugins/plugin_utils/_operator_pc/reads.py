# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asking a PC, gently: one source after the other, and the answers kept apart from their meaning.

Order: the time first, then how busy the PC is, whose hives are loaded, one shell for all commands, and then only those
classes that the commands have not answered. Whatever fails leaves its reason with that source; the others go on.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import network
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers, Gentle
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.batch import run_all
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.sources import (
    COMMANDS,
    HEAVY_COMMANDS,
    NARROW_COMMANDS,
    PORTS_CLASS,
    QUERIES,
    UNTIL,
    USER_COMMANDS,
    Query,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import (
    TooMuchError,
    WsmanFault,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.parsing import as_list
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

__all__ = ["COMMANDS", "PORTS_CLASS", "QUERIES", "USER_COMMANDS", "Answers", "Gentle", "Query", "ask"]

MAX_TEXT = 8_000_000  # characters of one command's output
MAX_USERS = 8
_HKU = "2147483651"
_INVALID_NAMESPACE = 0x8004100E
_ACCOUNT = re.compile(r"^S-1-(?:5-21|12-1)(?:-\d+){4,}$")
_BUSY_STEP_S = 5.0


def ask(  # noqa: PLR0913 - the clock and its like by name
    client: WsmanClient,
    queries: Iterable[str],
    commands: Iterable[str],
    gentle: Gentle | None = None,
    *,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> Answers:
    """Ask what is named, and what only those answers make necessary is left out.

    A class this Windows does not have, a right the account lacks, a PC that goes away in the middle: each leaves its
    reason. Raises TalkError only if the PC is not reachable at all.
    """
    asking = _Asking(client, set(queries), list(commands), gentle or Gentle(), now, sleep)
    try:
        asking.run()
    except TalkError as exc:
        if not asking.answered:
            raise
        asking.missing(f"the PC went away while it was read: {exc.message}")
    return asking.answers


class _Asking:
    def __init__(  # noqa: PLR0913, PLR0917 - the parts of one reading
        self,
        client: WsmanClient,
        queries: set[str],
        commands: list[str],
        gentle: Gentle,
        now: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.client, self.gentle, self.now, self.sleep = client, gentle, now, sleep
        self.queries = [name for name in QUERIES if name in queries]
        self.commands = [name for name in (*COMMANDS, *USER_COMMANDS) if name in commands]
        if self.commands and "none" not in self.commands:
            self.commands.insert(0, "none")
        self.answers = Answers()
        self.no_namespace: set[str] = set()
        self.started = now()
        self.second_tries = 1

    @property
    def answered(self) -> bool:
        """True once the PC has answered anything."""
        return bool(self.answers.rows or self.answers.text or self.answers.reasons)

    def missing(self, reason: str) -> None:
        for name in (*self.queries, *self.commands):
            if name not in self.answers.rows and name not in self.answers.text:
                self.answers.reasons.setdefault(name, reason)

    def run(self) -> None:
        answers = self.answers
        for name in ("os", "cpu"):
            if name in self.queries:
                self._patient(partial(self._timed, name))
        self._look_at_load()
        self._leave_out_commands()
        if any(name in USER_COMMANDS for name in self.commands):
            self._patient(self._users)
        if self.commands:
            self._patient(self._commands)
        for name in self.queries:
            if name not in answers.rows and name not in answers.reasons and not _covered(name, answers):
                self._patient(partial(self._query, name))

    def _patient(self, work: Callable[[], None]) -> None:
        """Do it, and once in a reading do it again: a PC may be too busy for a moment. All of it only reads."""
        try:
            work()
        except TalkError:
            if not self.answered or not self.second_tries:
                raise
            self.second_tries -= 1
            self.sleep(_BUSY_STEP_S)
            self.client.transport.reset()
            work()

    def _timed(self, name: str) -> None:
        before = self.now()
        self._query(name)
        if name == "os" and name in self.answers.rows:
            after = self.now()
            self.answers.asked_at, self.answers.round_trip = (before + after) / 2, after - before

    def _look_at_load(self) -> None:
        heavy = [name for name in self.queries if QUERIES[name].heavy]
        heavy += [name for name in self.commands if name in HEAVY_COMMANDS]
        if not heavy or not self.gentle.busy_percent:
            return
        waited, load = 0.0, _load(self.answers.rows.get("cpu"))
        if load is None and "cpu" not in self.answers.rows:
            load = self._load_now()
        while load is not None and load >= self.gentle.busy_percent and waited < self.gentle.wait_s:
            step = min(_BUSY_STEP_S, self.gentle.wait_s - waited)
            self.sleep(step)
            waited += step
            load = self._load_now()
        if load is not None and load >= self.gentle.busy_percent:
            reason = f"not asked: the CPU of the PC was {load} % busy (cpu_guard {self.gentle.busy_percent} %)"
            self.answers.reasons.update(dict.fromkeys(heavy, reason))
            self.commands = [name for name in self.commands if name not in heavy]

    def _load_now(self) -> int | None:
        try:
            return _load(self.client.enumerate("select LoadPercentage from Win32_Processor"))
        except PeerError:
            return None

    def _leave_out_commands(self) -> None:
        version, narrow = self.answers.version, self.answers.bits == 32
        for name in list(self.commands):
            reason = ""
            if name in UNTIL and version is not None and version >= UNTIL[name]:
                reason = "not asked: this Windows says it in the registry"
            elif name in NARROW_COMMANDS and narrow:
                # Its only view is the other command's answer.
                self.answers.text[name] = ""
                self.commands.remove(name)
            elif name in self.gentle.skip:
                reason = "not asked: it is in skip"
            if reason:
                self.answers.reasons[name] = reason
                self.commands.remove(name)

    def _users(self) -> None:
        try:
            found = self.client.invoke(
                "StdRegProv", "EnumKey", [("hDefKey", _HKU), ("sSubKeyName", "")], namespace="root/default"
            )
        except TalkError:
            raise
        except PeerError as exc:
            self._without_users(f"the loaded accounts could not be listed: {exc.message}")
            return
        if found["ReturnValue"] != 0:
            self._without_users(f"the loaded accounts could not be listed (code {found['ReturnValue']})")
            return
        names = [str(name) for name in as_list(found.get("sNames")) if _ACCOUNT.match(str(name))]
        self.answers.users = sorted(names)[:MAX_USERS]

    def _without_users(self, reason: str) -> None:
        for name in [name for name in self.commands if name in USER_COMMANDS]:
            self.answers.reasons[name] = reason
            self.commands.remove(name)

    def _parts(self) -> dict[str, str]:
        parts = {name: COMMANDS[name] for name in self.commands if name in COMMANDS}
        for name in self.commands:
            for sid in (self.answers.users or []) if name in USER_COMMANDS else []:
                parts[f"{name}.{sid}"] = USER_COMMANDS[name].replace("{sid}", sid)
        return parts

    def _commands(self) -> None:
        parts = self._parts()
        try:
            with WinRS(self.client) as shell:
                run_all(shell, parts, self.answers.text)
        except TalkError:
            raise
        except PeerError as exc:
            for name in parts:
                self.answers.reasons.setdefault(name, f"the remote command shell gave no answer: {exc.message}")
        for name in parts:
            if len(self.answers.text.get(name, "")) > MAX_TEXT:
                del self.answers.text[name]
                self.answers.reasons[name] = f"too much: more than {MAX_TEXT} characters"
            if name not in self.answers.text:
                self.answers.reasons.setdefault(name, "the remote command shell ended before this was read")

    def _query(self, name: str) -> None:
        query, answers = QUERIES[name], self.answers
        if name == "cpu" and self.gentle.busy_percent:
            query = replace(query, columns=(*query.columns, "LoadPercentage"))
        if {name, query.name.lower()} & self.gentle.skip:
            answers.reasons[name] = f"not asked: {query.name} is in skip"
            return
        if abs(self.now() - self.started) > self.gentle.total_s:
            answers.reasons[name] = f"not asked: reading this PC took longer than {self.gentle.total_s:.0f} s"
            return
        version = answers.version
        gone = version is not None and not query.since <= version < query.until
        if gone or query.namespace in self.no_namespace:
            answers.absent.add(name)
            answers.reasons[name] = f"{query.name} does not exist on this Windows"
            return
        try:
            answers.rows[name] = self.client.enumerate(query.wql, query.namespace, query.columns, self.gentle.limits)
        except TooMuchError as exc:
            limit = exc.details.get("limit", "is allowed")
            answers.reasons[name] = f"too many: {query.name} gives more than {limit}"
        except WsmanFault as fault:
            self._fault(name, query, fault)
        except PeerError as exc:
            answers.reasons[name] = f"{query.name}: {exc.message}"

    def _fault(self, name: str, query: Query, fault: WsmanFault) -> None:
        if fault.missing:
            self.answers.absent.add(name)
            self.answers.reasons[name] = f"{query.name} does not exist on this Windows"
            if fault.wmi == _INVALID_NAMESPACE:
                self.no_namespace.add(query.namespace)
        elif fault.denied:
            self.answers.reasons[name] = f"the account may not read {query.name}"
        else:
            self.answers.reasons[name] = f"{query.name}: {fault.reason}"


def _load(rows: list[dict[str, Any]] | None) -> int | None:
    loads = [int(str(row["LoadPercentage"])) for row in rows or [] if str(row.get("LoadPercentage")).isdigit()]
    return sum(loads) // len(loads) if loads else None


def _covered(name: str, answers: Answers) -> bool:
    """Say whether other answers already hold what this query would give."""
    if name == "connections":
        return "TCP" in answers.text.get("netstat", "")
    if name == "route_table":
        return bool(network.route_print(answers.text.get("routes", "")))
    if name == "partitions":
        # Windows 8 and newer say it in the registry; before, the name of the loader does, or a GPT system partition.
        return "PEFirmwareType" in answers.text.get("firmware", "") or "winload." in answers.text.get("bcd", "").lower()
    if name == "tasks":
        return "<Task" in answers.text.get("schtasks", "")
    if name == "drives":
        return bool(answers.rows.get("physical_disks"))
    return False
