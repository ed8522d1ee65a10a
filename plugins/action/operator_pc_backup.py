# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Let a PC make an image of itself, or copy folders, and record what was verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, PeerError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import require_running, utc_text
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_backup import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GatedAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import backup, backup_run
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import run_steps
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import backup_path, read_json, write_json
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS


@dataclass
class Talk:
    """One backup of one PC."""

    host: str
    client: WsmanClient
    shell: WinRS
    records: str
    want: backup.Wanted
    wait: backup_run.Patience

    def going_on(self) -> None:
        """Raise unless the run goes on."""
        require_running(self.records)


class ActionModule(GatedAction):
    """Action of otedge.endpoint.operator_pc_backup."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read, plan, run the jobs unless check mode, verify, record."""
        host = str(task_vars["inventory_hostname"])
        want = backup.wanted(options, host)
        records = str(options["site_records"])
        path = backup_path(records, host, want.kind)
        record = read_json(path) or {}
        wait = _patience(options)
        client = WsmanClient(open_transport(self._connection))
        with WinRS(client) as shell:
            state = backup_run.read_backup(client, shell)
            change = backup.plan_backup(
                state, want, {**record, "made_at_s": _seconds(record.get("made_at"))}, self.clock(), host
            )
            if change.changed and not self.check_mode:
                record = self._run(Talk(host, client, shell, records, want, wait), state, change)
        return {"changed": change.changed, "backup": record, "diff": change.diff(host)}

    def _run(self, talk: Talk, state: backup.BackupState, change: Change[backup.Job]) -> dict[str, Any]:
        want = talk.want
        data = {"kind": want.kind, "target": want.target, "jobs": [job.name for job in change.steps], **state.live}
        with self.acting(talk.records, talk.host, f"backup {want.kind}", data) as outcome:
            try:
                before, codes = self._jobs(talk, state, change)
                after = backup_run.read_after(talk.client, talk.shell, want, before, talk.wait)
            except OtedgeError:
                self._tidy_unless_running(talk)
                raise
            outcome.update(_verified(want, before, after, codes))
            backup_run.tidy(talk.shell, talk.going_on)
            record = {
                "station": talk.host,
                "id": want.id,
                "kind": want.kind,
                "target": want.target,
                "folders": list(want.folders),
                "volumes": list(want.volumes),
                "made_at": utc_text(self.clock()),
                **state.live,
                **outcome,
            }
            write_json(backup_path(talk.records, talk.host, want.kind), record)
        return record

    def _jobs(self, talk: Talk, state: backup.BackupState, change: Change[backup.Job]) -> tuple[set[str], list[int]]:
        """Run every job, or wait for the one that an earlier run began; give the versions before, and exit codes."""
        begun = backup.mine(state, talk.want)
        if begun is not None and state.running:
            job = change.steps[0]
            return begun, [backup_run.wait_for(talk.client, talk.shell, job, talk.going_on, talk.wait)]
        if begun is not None and state.rc == 0 and state.versions_on(talk.want.target) - begun:
            return begun, [0]
        note = backup.job_text(state, talk.want)
        codes = []
        for job in change.steps:
            run_steps(talk.shell, backup_run.start_steps(job, note), talk.going_on)
            codes.append(backup_run.wait_for(talk.client, talk.shell, job, talk.going_on, talk.wait))
        return state.versions_on(talk.want.target), codes

    def _tidy_unless_running(self, talk: Talk) -> None:
        try:
            if not backup_run.is_running(talk.client):
                backup_run.tidy(talk.shell, talk.going_on)
        except OtedgeError:
            # The failure itself is what counts; the next run tidies up.
            return


def _verified(want: backup.Wanted, before: set[str], after: backup.BackupState, codes: list[int]) -> dict[str, Any]:
    """Give what proves the backup; raises PeerError where wbadmin lists no new version on the target."""
    if want.kind == "files":
        return {"version": "", "codes": codes}
    new = sorted(after.versions_on(want.target) - before)
    if not new:
        raise PeerError(
            f"wbadmin ended well, and lists no new version on {want.target}.",
            fix="Look at the PC's Windows Backup log; nothing was recorded.",
        )
    return {"version": new[-1], "codes": codes}


def _patience(options: dict[str, Any]) -> backup_run.Patience:
    minutes, poll = options["timeout_minutes"], options["poll_seconds"]
    if not 1 <= minutes <= 48 * 60:
        raise InputError(f"timeout_minutes is {minutes}.", fix="Give 1 to 2880 minutes.")
    if not 1 <= poll <= 300:
        raise InputError(f"poll_seconds is {poll}.", fix="Give 1 to 300 seconds.")
    return backup_run.Patience(minutes * 60.0, float(poll))


def _seconds(made_at: Any) -> float:
    try:
        return datetime.fromisoformat(str(made_at)).timestamp()
    except ValueError:
        return 0.0
