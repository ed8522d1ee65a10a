# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands outside configuration of the simulated AOS-CX: checkpoints, saving, modes. Source: switch-acl.md 2.5."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Handler, Reply, command
from . import show
from .config import Config, key_of

if TYPE_CHECKING:
    from .session import Session


def _paging(length: int) -> Handler:
    def handler(session: Session, _words: list[Token]) -> Reply:
        session.length = length
        return Reply()

    return handler


def _enter(mode: str) -> Handler:
    def handler(session: Session, _words: list[Token]) -> Reply:
        session.enter(mode)
        return Reply()

    return handler


def _leave(session: Session, _words: list[Token]) -> Reply:
    """[recorded] `exit` steps back from the manager context, then ends the session."""
    if session.mode == "exec":
        session.enter("user")
        return Reply()
    return Reply(close=True)


def _close(_session: Session, _words: list[Token]) -> Reply:
    return Reply(close=True)


def _auto(session: Session, words: list[Token]) -> Reply:
    """[documented] 1 to 60 minutes; a second one while one runs is refused [assumed, wording too]."""
    switch = session.switch
    if not words[0].text.isdigit() or not 1 <= int(words[0].text) <= 60:
        raise CliError("invalid", words[0].column, words[0].text)
    if switch.pending:
        raise CliError("message", text="% Auto checkpoint mode is already active")
    minutes, now = int(words[0].text), switch.hooks.now()
    switch.pending = {
        "deadline": now + 60 * minutes,
        "minutes": minutes,
        "at": now,
        "user": session.user,
        "warned": False,
        "config": switch.running.dump(),
    }
    switch.hooks.journal("revert_timer", write=True, minutes=minutes, session=session.number)
    return Reply(f"Auto checkpoint mode expires in {minutes} minute(s)\n")


def _auto_confirm(session: Session, _words: list[Token]) -> Reply:
    switch = session.switch
    if not switch.pending:  # [assumed] wording
        raise CliError("message", text="% Auto checkpoint mode is not active")
    switch.pending = None
    name = time.strftime("AUTO%Y%m%d%H%M%S", time.gmtime(switch.hooks.now()))
    switch.checkpoints[name] = switch.running.dump()
    switch.hooks.journal("revert_timer", write=True, confirmed=True, session=session.number)
    return Reply(f"checkpoint {name} created\n")


def _rollback(session: Session, words: list[Token]) -> Reply:
    kept = session.switch.checkpoints.get(words[0].text)
    if kept is None:
        raise CliError("message", text=f"% Checkpoint {words[0].text} does not exist")
    session.switch.restore(Config.load(kept), "checkpoint rollback")
    return Reply("Success\n", True, True)


def _save(session: Session, _words: list[Token]) -> Reply:
    switch = session.switch
    changed = switch.startup.text_lines() != switch.running.text_lines()
    switch.startup = switch.running.copy()
    return Reply("Copying configuration: [Success]\n", changed)


def _copy_checkpoint(session: Session, words: list[Token]) -> Reply:
    session.switch.checkpoints[words[0].text] = session.switch.running.dump()
    return Reply("Copying configuration: [Success]\n", True)


def _clear_hits(family: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        switch = session.switch
        name = key_of(family, words[0].text) if words else ""
        switch.hits = {key: count for key, count in switch.hits.items() if name and key.split("|")[0] != name}
        return Reply()

    return handler


def _clock(session: Session, _words: list[Token]) -> Reply:
    return Reply(
        time.strftime(
            "%a %b %e %H:%M:%S UTC %Y\nSystem is configured for timezone : UTC\n",
            time.gmtime(session.switch.hooks.now()),
        )
    )


def _reboot(_session: Session, _words: list[Token]) -> Reply:
    """[assumed] Refused on purpose: a reboot drops the cell."""
    raise CliError("message", text="% Boot is refused: this switch carries a live cell")


OPERATOR = [
    command("enable", _enter("exec")),
    command("exit", _leave),
    command("page", _paging(24)),
    command("no page", _paging(0)),
    command("show version", show.version),
    command("show clock", _clock),
    command("show interface brief", show.interfaces),
    command("show vlan", show.vlans),
    command("show access-list", show.access_list),
    command("show access-list hitcounts ip <rest>", show.hitcounts("ip")),
    command("show access-list hitcounts ipv6 <rest>", show.hitcounts("ipv6")),
    command("show access-list <rest>", show.access_list),
    command("show object-group", show.object_groups),
    command("show object-group <rest>", show.object_groups),
    command("show capacities-status", show.capacities),
    command("show capacities-status <rest>", show.capacities),
]
MANAGER = [
    *OPERATOR,
    command("disable", _enter("user")),
    command("end", _enter("exec")),
    command("logout", _close),
    command("configure", _enter("config")),
    command("configure terminal", _enter("config")),
    command("show running-config", show.running),
    command("show running-config <rest>", show.running),
    command("show startup-config", show.startup),
    command("show checkpoint list", show.checkpoints),
    command("show user-sessions", show.users),
    command("checkpoint auto <word>", _auto),
    command("checkpoint auto confirm", _auto_confirm),
    command("checkpoint rollback <word>", _rollback),
    command("copy running-config startup-config", _save),
    command("copy running-config checkpoint <word>", _copy_checkpoint),
    command("write memory", _save),
    command("clear access-list hitcounts all", _clear_hits("ip")),
    command("clear access-list hitcounts ip <word>", _clear_hits("ip")),
    command("clear access-list hitcounts ipv6 <word>", _clear_hits("ipv6")),
    command("boot system", _reboot),
]
