# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exec commands of the simulated NX-OS switch: modes, saving, checkpoints. Source: switch-acl.md section 2.3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Command, Handler, Reply, command
from . import batches, groups, show, show_timers

if TYPE_CHECKING:
    from .session import Session

ENTER = "Enter configuration commands, one per line. End with CNTL/Z.\n"
SAVED = f"[{'#' * 40}] 100%\nCopy complete, now saving to disk (please wait)...\nCopy complete.\n"


def _terminal(name: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        if not words[0].text.isdigit() or int(words[0].text) > 511:
            raise CliError("invalid", words[0].column)
        setattr(session, name, int(words[0].text))
        return Reply()

    return handler


def _nothing(_session: Session, _words: list[Token]) -> Reply:
    return Reply()


def _leave(_session: Session, _words: list[Token]) -> Reply:
    return Reply(close=True)


def _admin(handler: Handler) -> Handler:
    """Refuse what the role network-operator may not do. [recorded]."""

    def checked(session: Session, words: list[Token]) -> Reply:
        if not session.admin:
            raise CliError("message", text="% Permission denied for the role")
        return handler(session, words)

    return checked


def _configure(session: Session, _words: list[Token]) -> Reply:
    if session.mode == "exec":
        session.enter("config")
    return Reply(ENTER)


def _save(session: Session, _words: list[Token]) -> Reply:
    """[recorded] The answer."""
    session.switch.startup = session.switch.copy_of_running()
    session.switch.hooks.journal("save", write=True, session=session.number)
    return Reply(SAVED, True)


def _clear(session: Session, words: list[Token]) -> Reply:
    for one in session.switch.running.lists.values():
        if not words or one.name == words[0].text:
            one.counters.clear()
    session.switch.hooks.changed()
    return Reply()


def _reload(_session: Session, _words: list[Token]) -> Reply:
    raise CliError("message", text="ERROR: reload is not simulated; inject the fault power_cut")


EXEC_ANYWHERE: list[Command] = [
    command("show version", show.version),
    command("show hostname", show.hostname),
    command("show privilege", show.privilege),
    command("show user-account", show.user_account),
    command("show user-account <word>", show.user_account),
    command("show users", show.users),
    command("show clock", show.clock),
    command("show feature", show.feature),
    command("show running-config", show.running),
    command("show running-config aclmgr", show.acl_config("running")),
    command("show running-config interface <rest>", show.running_interface),
    command("show startup-config", show.startup),
    command("show startup-config aclmgr", show.acl_config("startup")),
    command("show access-lists", show.access_lists("")),
    command("show access-lists <word>", show.access_lists("")),
    command("show ip access-lists", show.access_lists("ip")),
    command("show ip access-lists <word>", show.access_lists("ip")),
    command("show ip access-lists summary", show.summaries("ip")),
    command("show ip access-lists <word> summary", show.summaries("ip")),
    command("show ipv6 access-lists", show.access_lists("ipv6")),
    command("show ipv6 access-lists <word>", show.access_lists("ipv6")),
    command("show ipv6 access-lists summary", show.summaries("ipv6")),
    command("show ipv6 access-lists <word> summary", show.summaries("ipv6")),
    command("show object-group", groups.show_groups),
    command("show object-group <word>", groups.show_groups),
    command("show hardware access-list resource utilization", show.hardware),
    command("show interface status", show.interface_status),
    command("show ip interface brief", show.ip_interface_brief),
    command("show vlan brief", show.vlans),
    command("show checkpoint summary", batches.checkpoint_summary),
    command("show diff rollback-patch checkpoint <word> running-config", batches.patch),
    command("show configuration session", show.batch),
    command("show configuration session <word>", show.batch),
    command("show configuration session summary", show.batch_summary),
    command("show scheduler config", show_timers.scheduler_config),
    command("show scheduler job", show_timers.scheduler_config),
    command("show scheduler schedule", show_timers.scheduler_schedule),
    command("show scheduler schedule name <word>", show_timers.scheduler_schedule),
    command("show logging logfile", show.logging),
    command("show scheduler logfile", show_timers.scheduler_log),
    command("show event manager policy internal <word>", show_timers.applet),
    command("copy running-config startup-config", _admin(_save)),
    command("checkpoint", _admin(batches.checkpoint)),
    command("checkpoint <word>", _admin(batches.checkpoint)),
    command("checkpoint <word> description <rest>", _admin(batches.checkpoint)),
    command("no checkpoint <word>", _admin(batches.drop_checkpoint)),
    command("clear checkpoint database", _admin(batches.clear_checkpoints)),
    command("rollback running-config checkpoint <word>", _admin(batches.rollback)),
    command("rollback running-config checkpoint <word> <rest>", _admin(batches.rollback)),
    command("clear ip access-list counters", _clear),
    command("clear ip access-list counters <word>", _clear),
    command("clear ipv6 access-list counters", _clear),
    command("clear ipv6 access-list counters <word>", _clear),
    command("configure", _admin(_configure)),
    command("configure terminal", _admin(_configure)),
]
EXEC: list[Command] = [
    *EXEC_ANYWHERE,
    command("terminal length <word>", _terminal("length")),
    command("terminal width <word>", _terminal("width")),
    command("terminal monitor", _nothing),
    command("terminal dont-ask", _nothing),
    command("exit", _leave),
    command("end", _nothing),
    command("enable", _nothing),
    command("configure session <word>", _admin(batches.open_batch)),
    command("reload", _reload),
    command("reload <rest>", _reload),
]
