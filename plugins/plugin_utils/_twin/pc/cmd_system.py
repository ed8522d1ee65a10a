# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tools that change or show the system: schtasks, shutdown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from .catalogue_people import tasks
from .cmd import Command, Context, Result, arguments, lines
from .cmd_registry import options_of
from .texts import say

MAX_ACTION = 261  # [documented] characters of the command of a task made by schtasks
DAY_FORMAT = "%m/%d/%Y"


def _schtasks(context: Context, text: str) -> Result:
    words = arguments(text)
    verb = words[0].lower() if words else "/query"
    options, _rest = options_of(words[1:], "f v nh it z hresult xml" if verb == "/query" else "f v nh it z hresult")
    if verb not in _TASKS:
        return Result(1, "", lines(f"ERROR: Invalid argument/option - '{verb}'."))
    return _TASKS[verb](context, options)


def _task_create(context: Context, options: dict[str, str]) -> Result:
    machine, name = context.machine, options.get("/tn", "").lstrip("\\")
    if not name or not options.get("/tr") or not options.get("/sc"):
        return Result(1, "", lines("ERROR: Invalid syntax. Mandatory option missing."))
    if len(options["/tr"]) > MAX_ACTION:
        return Result(1, "", lines(f"ERROR: Value for '/tr' option cannot be more than {MAX_ACTION} character(s)."))
    schedule = options["/sc"].lower()
    if name.lower() in machine.tasks and "/f" not in options:
        return Result(1, "", lines(f'ERROR: The task name "{name}" already exists.'))
    due: float | None = None
    start_at: float | None = None
    warning = ""
    if schedule in ("once", "daily"):
        local = machine.local_time()
        try:
            clock = datetime.strptime(options.get("/st", ""), "%H:%M")
            day = datetime.strptime(options["/sd"], DAY_FORMAT) if "/sd" in options else local
        except ValueError:
            return Result(
                1, "", lines("ERROR: Invalid Starttime value." if "/sd" not in options else "ERROR: Invalid date.")
            )
        start = local.replace(
            year=day.year, month=day.month, day=day.day, hour=clock.hour, minute=clock.minute, second=0, microsecond=0
        )
        due = start_at = start.timestamp() - machine.skew
        if due <= machine.hooks.now() and schedule == "daily":
            due = (start + timedelta(days=1)).timestamp()
        elif due <= machine.hooks.now():
            due = None
            warning = "WARNING: Task may not run because /ST is earlier than current time.\r\n"
    elif schedule != "onstart":
        return Result(1, "", lines(f"ERROR: Invalid Schedule Type specified: {schedule}."))
    machine.tasks[name.lower()] = {
        "name": name,
        "command": options["/tr"],
        "schedule": schedule,
        "due": due,
        "start": start_at,
        "user": options.get("/ru", machine.user),
    }
    machine.changed("task", name=name, operation="create")
    return Result(0, warning + lines(say(machine, "task_made", name)))


def _task_query(context: Context, options: dict[str, str]) -> Result:
    machine = context.machine
    name = options.get("/tn", "").lstrip("\\")
    known = {f"{one['path']}{one['name']}".lstrip("\\").lower(): one for one in tasks(machine.catalogue)}
    known |= machine.tasks
    if name and name.lower() not in known:
        return Result(1, "", lines(say(machine, "no_task")))
    chosen = [known[name.lower()]] if name else list(known.values())
    if "/xml" in options:
        shown = [_task_xml(context, one) for one in chosen]
        if not name:  # [documented] ONE joins all into one document, each after a comment with its name
            parts = "".join(f"<!-- {_full(one)} -->\r\n{text}" for one, text in zip(chosen, shown, strict=True))
            return Result(0, lines('<?xml version="1.0" encoding="UTF-16"?>', "<Tasks>") + parts + lines("</Tasks>"))
        return Result(0, lines('<?xml version="1.0" encoding="UTF-16"?>') + shown[0])
    rows = [(_full(one), _next_run(context, one), say(machine, "ready")) for one in chosen]
    if options.get("/fo", "table").lower() == "csv":
        head = [] if "/nh" in options else [say(machine, "tasks_csv")]
        return Result(0, lines(*head, *(",".join(f'"{cell}"' for cell in row) for row in rows)))
    head = [f"{'TaskName':<40} {'Next Run Time':<22} Status", f"{'=' * 40} {'=' * 22} {'=' * 15}"]
    return Result(0, lines("", "Folder: \\", *head, *(f"{row[0][1:]:<40} {row[1]:<22} {row[2]}" for row in rows)))


def _full(task: dict[str, Any]) -> str:
    return f"{task.get('path', chr(92))}{task['name']}"


def _next_run(context: Context, task: dict[str, Any]) -> str:
    if task.get("due") is None:
        return "N/A"
    return context.machine.local_time(task["due"]).strftime(f"{DAY_FORMAT} %I:%M:%S %p").lstrip("0")


def _task_xml(context: Context, task: dict[str, Any]) -> str:
    command, _sep, rest = task["command"].strip().partition(" ")
    rest = str(task.get("arguments", rest))
    trigger = "<BootTrigger><Enabled>true</Enabled></BootTrigger>"
    if task.get("start") is not None:
        start = context.machine.local_time(task["start"]).strftime("%Y-%m-%dT%H:%M:%S")
        inner = f"<StartBoundary>{start}</StartBoundary><Enabled>true</Enabled>"
        trigger = f"<TimeTrigger>{inner}</TimeTrigger>"
        if task["schedule"] == "daily":
            by_day = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
            trigger = f"<CalendarTrigger>{inner}{by_day}</CalendarTrigger>"
    return lines(
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
        f"  <RegistrationInfo><URI>{escape(_full(task))}</URI></RegistrationInfo>",
        f"  <Triggers>{trigger}</Triggers>",
        f'  <Principals><Principal id="Author"><UserId>{escape(task["user"])}</UserId></Principal></Principals>',
        f'  <Actions Context="Author"><Exec><Command>{escape(command)}</Command>'
        f"<Arguments>{escape(rest)}</Arguments></Exec></Actions>",
        "</Task>",
    )


def _task_delete(context: Context, options: dict[str, str]) -> Result:
    machine, name = context.machine, options.get("/tn", "").lstrip("\\")
    if name.lower() not in machine.tasks:
        return Result(1, "", lines(say(context.machine, "no_task")))
    if "/f" not in options:
        return Result(1, f'WARNING: Are you sure you want to remove the task "{name}" (Y/N)? ')
    del machine.tasks[name.lower()]
    machine.changed("task", name=name, operation="delete")
    return Result(0, lines(say(machine, "task_deleted", name)))


def _task_run(context: Context, options: dict[str, str]) -> Result:
    machine, name = context.machine, options.get("/tn", "").lstrip("\\")
    task = machine.tasks.get(name.lower())
    if task is None:
        return Result(1, "", lines(say(context.machine, "no_task")))
    machine.run_task(task)
    return Result(0, lines(f'SUCCESS: Attempted to run the scheduled task "{name}".'))


_TASKS = {"/create": _task_create, "/query": _task_query, "/delete": _task_delete, "/run": _task_run}


def _shutdown(context: Context, text: str) -> Result:
    words = [word.lower() for word in arguments(text)]
    boot = context.machine.boot
    if "/a" in words or "-a" in words:
        if boot.abort():
            return Result(0)
        text = "Unable to abort the system shutdown because no shutdown was in progress.(1116)"
        return Result(1116, "", lines(text))
    restart = any(one in words for one in ("/r", "-r", "/g"))
    if not restart and not any(one in words for one in ("/s", "-s", "/p")):
        return Result(1, lines("Usage: shutdown [/i | /l | /s | /sg | /r | /g | /a | /p | /h | /e | /o]"))
    delay = 30.0
    for one in ("/t", "-t"):
        if one in words[:-1]:
            delay = float(words[words.index(one) + 1])
    if not boot.schedule(restart=restart, delay=delay):
        return Result(1190, "", lines("A system shutdown has already been scheduled.(1190)"))
    return Result(0)


SYSTEM: dict[str, Command] = {"schtasks": _schtasks, "shutdown": _shutdown}
