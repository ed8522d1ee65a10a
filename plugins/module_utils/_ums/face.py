# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules for the management server share: the session, the guarded write, the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import Evidence, require_running
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.client import UmsClient
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.connection import Connection
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.writing import Applied, tell

_ROUNDS = 3


class Plan(Protocol):
    """What the three reconcilers decide."""

    @property
    def change(self) -> Change[Any]:
        """The writes and the diff."""

    @property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """One row an item."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to warn of."""


P = TypeVar("P", bound=Plan)


@dataclass(frozen=True)
class Outcome(Generic[P]):
    """The first plan (what had to be done), the last one (what was found at the end), and the new ids."""

    first: P
    last: P
    applied: Applied


@contextmanager
def session(params: Mapping[str, Any]) -> Iterator[Ums]:
    """Log in, give the server's resources, always log out.

    With ``site_records`` every writing request first checks that the run still holds the site lock. With
    ``empty_server``, which only modules that write have, a server that shows nothing is refused or not.
    """
    records = params.get("site_records")
    guard = partial(require_running, records) if records else None
    with UmsClient(Connection.from_params(params), before_write=guard) as client:
        yield Ums(client, may_be_empty=bool(params.get("empty_server", True)))


def reconcile(module: AnsibleModule, name: str, plan: Callable[[], P], apply: Callable[[P], Applied]) -> Outcome[P]:
    """Plan; unless in check mode apply, and read again until nothing is left where the server's answer leaves a doubt.

    Args:
        module: for its options, check mode and warnings.
        name: the module's name, for the evidence.
        plan: reads the server and decides.
        apply: carries a plan out.

    Raises:
        PeerError: after three rounds the server still does not hold what was written.
        OtedgeError: any other; once something was written its ``details`` say what, see writing.tell.
    """
    first = plan()
    for warning in first.warnings:
        module.warn(warning)
    if module.check_mode or not first.change.changed:
        return Outcome(first, first, Applied())
    with _recorded(module.params, name, first.change):
        return _until_kept(module.params["host"], first, plan, apply)


def _until_kept(host: str, first: P, plan: Callable[[], P], apply: Callable[[P], Applied]) -> Outcome[P]:
    current, total = first, Applied()
    try:
        for _round in range(_ROUNDS):
            applied = apply(current)
            total.ids.update(applied.ids)
            total.written += applied.written
            if not applied.doubt:
                return Outcome(first, current, total)
            current = plan()
            if not current.change.changed:
                return Outcome(first, current, total)
        raise PeerError(
            f"The server {host} did not keep all changes; still missing after {_ROUNDS} tries:"
            f" {_summary(current.change)}.",
            fix="Check the rights of the account, the recycle bin and the server's log, then run it again.",
        )
    except OtedgeError as exc:
        tell(exc, total.written)
        raise


def _summary(change: Change[Any]) -> str:
    shown = [
        f"{type(step).__name__.lower()} {getattr(step, 'label', None) or getattr(step, 'path', '')}".strip()
        for step in change.steps[:10]
    ]
    more = f" and {len(change.steps) - 10} more" if len(change.steps) > 10 else ""
    return ", ".join(shown) + more


@contextmanager
def _recorded(params: Mapping[str, Any], name: str, change: Change[Any]) -> Iterator[None]:
    """Write intent before and result after into the site's evidence; who cannot write it does not act."""
    records = params.get("site_records")
    if not records:
        yield
        return
    require_running(records)
    evidence = Evidence(records)
    intent = evidence.intent(
        name, f"ums:{params['host']}", "reconcile", {"before": change.before, "after": change.after}
    )
    try:
        yield
    except Exception as exc:
        told = exc.details if isinstance(exc, OtedgeError) else {}
        kept = {key: told[key] for key in ("written", "failed", "unknown") if told.get(key)}
        evidence.result(intent, "failed", {"error": str(exc), **kept})
        raise
    evidence.result(intent, "done", {"steps": len(change.steps)})
