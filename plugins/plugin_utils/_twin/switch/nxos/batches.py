# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configure sessions and checkpoints of the simulated NX-OS switch.

A configure session is a batch of lines that is run as a whole at its commit; the reference marks it as to be confirmed
(switch-acl.md 2.3, U). Checkpoints: [24].
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..box import Box
from ..entry import CliError, Token
from ..grammar import Reply
from .config import NAMES, list_lines, port_lines
from .tables import SYNTAX

if TYPE_CHECKING:
    from .session import Session

MAX_BATCHES = 32
MAX_CHECKPOINTS = 10
STARTED = "Config Session started, Session ID is 1\nEnter configuration commands, one per line. End with CNTL/Z.\n"
COMMITTED = (
    "Verification Successful...\nProceeding to apply configuration. This might take a while...\nCommit Successful\n"
)


def open_batch(session: Session, words: list[Token]) -> Reply:
    """`configure session NAME`: begin one, or go on with it."""
    switch, name = session.switch, words[0].text
    new = name not in switch.batches
    if new and len(switch.batches) >= MAX_BATCHES:  # wording [assumed]
        raise CliError("message", text="ERROR: Maximum number of configuration sessions reached")
    lines = list(switch.batches.setdefault(name, []))
    switch.batches[name] = []
    session.enter("config")
    session.batch, session.scratch = name, switch.running.copy()
    replay(session, lines)
    session.mode = "config"
    switch.batches[name] = lines
    return Reply(STARTED, new)


def replay(session: Session, lines: list[str]) -> str:
    """Type the lines of a batch; give the first refusal."""
    for line in lines:
        text = session.switch.refused(session.run(line).text)
        if text:
            return text
    return ""


def _result(session: Session) -> Box:
    """Give what the batch makes of the configuration that runs now.

    Raises:
        CliError: a line is refused now.
    """
    name, switch = session.batch, session.switch
    lines = list(switch.batches.get(name, []))
    session.scratch = switch.running.copy()
    session.mode = "config"
    refused = replay(session, lines)
    session.mode, switch.batches[name] = "config", lines
    if refused:
        raise CliError("message", text=f"Verification Failed\n{refused}")
    return session.scratch


def verify(session: Session, _words: list[Token]) -> Reply:
    """`verify`: is every line still right, and is there room?"""
    session.switch.require_room(_result(session))
    return Reply("Verification Successful\n")


def commit(session: Session, _words: list[Token]) -> Reply:
    """`commit`: all lines at once, or none."""
    after, switch, name = _result(session), session.switch, session.batch
    switch.take(after)
    del switch.batches[name]
    session.enter("exec")
    return Reply(
        COMMITTED,
        True,
        True,
    )


def abort(session: Session, _words: list[Token]) -> Reply:
    """`abort`: forget the lines."""
    session.switch.batches.pop(session.batch, None)
    session.enter("exec")
    return Reply("", True)


def checkpoint(session: Session, words: list[Token]) -> Reply:
    """`checkpoint [NAME] [description TEXT]`: at most ten, names cannot be used again (wording [assumed])."""
    switch = session.switch
    free = (f"user-checkpoint-{number}" for number in range(1, MAX_CHECKPOINTS + 2))
    name = words[0].text if words else next(one for one in free if one not in switch.checkpoints)
    if name in switch.checkpoints:
        raise CliError("message", text=f"ERROR: Checkpoint {name} exists already")
    if name.startswith("system") or len(name) > 80:
        raise CliError("invalid", words[0].column)
    if len(switch.checkpoints) >= MAX_CHECKPOINTS:
        raise CliError("message", text="ERROR: Maximum number of checkpoints reached: 10")
    text = " ".join(word.text for word in words[1:])
    box = switch.copy_of_running().dump()
    switch.checkpoints[name] = {"by": session.user, "at": switch.hooks.now(), "description": text, "box": box}
    made = "" if words else f"{name} created Successfully\n\n"
    return Reply(f"{made}Done\n", True)


def drop_checkpoint(session: Session, words: list[Token]) -> Reply:
    """`no checkpoint NAME`."""
    if session.switch.checkpoints.pop(words[0].text, None) is None:
        raise _unknown(words[0].text)
    return Reply("Done\n", True)


def clear_checkpoints(session: Session, _words: list[Token]) -> Reply:
    """`clear checkpoint database`."""
    changed = bool(session.switch.checkpoints)
    session.switch.checkpoints.clear()
    return Reply("Done\n", changed)


def _unknown(name: str) -> CliError:
    return CliError("message", text=f"ERROR: Checkpoint {name} does not exist")


def _box_of(session: Session, name: str) -> Box:
    found = session.switch.checkpoints.get(name)
    if found is None:
        raise _unknown(name)
    return Box.load(found["box"], SYNTAX)


def rollback(session: Session, words: list[Token]) -> Reply:
    """`rollback running-config checkpoint NAME [atomic|best-effort|stop-at-first-failure] [verbose]`.

    [documented] Atomic is the default: everything or nothing. [assumed] The other two do the same here.
    """
    for word in words[1:]:
        if word.text.lower() not in ("atomic", "best-effort", "stop-at-first-failure", "verbose"):
            raise CliError("invalid", word.column)
    after = _box_of(session, words[0].text)
    head = "Note: Applying config parallelly may fail Rollback verification\nCollecting Running-Config\n"
    after.take_counters_of(session.switch.running)
    try:
        session.switch.take(after)
    except CliError as error:
        return Reply(f"{head}#Generating Rollback Patch\nRollback Patch failed\n{error.text}\nERROR: Rollback failed\n")
    lines = "#Generating Rollback Patch\nExecuting Rollback Patch\nGenerating Running-config for verification\n"
    return Reply(f"{head}{lines}Generating Patch for verification\n\nRollback completed successfully.\n\n", True, True)


def patch(session: Session, words: list[Token]) -> Reply:
    """`show diff rollback-patch checkpoint NAME running-config`: the lines a rollback would type [assumed: shape]."""
    now, then = session.switch.running, _box_of(session, words[0].text)
    lines = ["Collecting Running-Config", "#Generating Rollback Patch", "!!"]
    for name in sorted({*now.ports, *then.ports}, key=NAMES.order):
        before = port_lines(now.ports[name])[1:] if name in now.ports else []
        after = port_lines(then.ports[name])[1:] if name in then.ports else []
        if name not in then.ports:
            lines.append(f"no interface {name}")
        elif before != after:
            gone = [f"  no {line.strip()}" for line in before if line not in after]
            lines += [f"interface {name}", *gone, *(line for line in after if line not in before), "  exit"]
    for key in sorted({*now.lists, *then.lists}):
        old, new = now.lists.get(key), then.lists.get(key)
        if old and not (new and new.same_as(old)):
            lines.append(f"no {list_lines(old)[0]}")
        lines += list_lines(new) if new and not new.same_as(old) else []
    return Reply("".join(f"{line}\n" for line in lines))


def checkpoint_summary(session: Session, _words: list[Token]) -> Reply:
    """`show checkpoint summary`. [recorded]."""
    lines = ["User Checkpoint Summary", "-" * 80]
    for number, (name, one) in enumerate(session.switch.checkpoints.items(), 1):
        stamp = time.strftime("%a, %H:%M:%S %d %b %Y", time.gmtime(one["at"]))
        size = f"{len(str(one['box'])):,}"
        lines += [f"{number}) {name}:", f"Created by {one['by']}", f"Created at {stamp}"]
        lines += [f"Size is {size} bytes", f"Description: {one['description'] or 'None'}", ""]
    return Reply("".join(f"{line}\n" for line in lines))
