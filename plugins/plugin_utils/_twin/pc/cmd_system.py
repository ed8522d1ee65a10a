# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tools that change or show the system: reg, schtasks, shutdown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from .cmd import Command, Context, Result, arguments, lines
from .registry import Value, long, short

DONE = "The operation completed successfully."
NO_KEY = "ERROR: The system was unable to find the specified registry key or value."
NO_TASK = "ERROR: The system cannot find the file specified."
MAX_ACTION = 261  # [documented] characters of the command of a task made by schtasks
DAY_FORMAT = "%m/%d/%Y"


def _options(words: list[str], flags: str) -> tuple[dict[str, str], list[str]]:
    """Give ({switch: value}, rest); switches named in `flags` have no value."""
    given: dict[str, str] = {}
    rest = []
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if not word.startswith("/"):
            rest.append(word)
            continue
        name = word.lower()
        if name[1:] in flags.split() or name.startswith("/reg:") or position == len(words):
            given[name] = ""
        else:
            given[name] = words[position]
            position += 1
    return given, rest


def _reg(context: Context, text: str) -> Result:
    words = arguments(text)
    if len(words) < 2 or words[0].lower() not in _REG:
        return Result(1, "", lines("ERROR: Invalid syntax.", 'Type "REG /?" for usage.'))
    options, _rest = _options(words[2:], "s ve f_ k d_ va" if words[0].lower() == "query" else "f ve va")
    try:
        path = short(words[1])
    except ValueError:
        return Result(1, "", lines("ERROR: Invalid key name.", 'Type "REG QUERY /?" for usage.'))
    if "/reg:32" in options and context.machine.profile.bits == 64 and path.lower().startswith("hklm\\software"):
        path = f"HKLM\\SOFTWARE\\Wow6432Node{path[13:]}"
    return _REG[words[0].lower()](context, path, options)


def _reg_query(context: Context, path: str, options: dict[str, str]) -> Result:
    registry = context.machine.registry
    if not registry.exists(path):
        return Result(1, "", lines(NO_KEY))
    if "/v" in options or "/ve" in options:
        value = registry.value(path, options.get("/v", ""))
        if value is None:
            return Result(1, "", lines(NO_KEY))
        return Result(0, lines("", long(registry.name_of(path)), _shown(value), ""))
    if "/f" in options:
        return _reg_find(context, path, options)
    return Result(0, "\r\n".join(["", *_tree(context, path, "/s" in options)]) + "\r\n")


def _tree(context: Context, path: str, deep: bool) -> list[str]:
    registry = context.machine.registry
    values = registry.values(path)
    body = [long(path), *(_shown(one) for one in values), ""] if values else []
    children = registry.subkeys(path)
    if not deep:
        return [*body, *(long(f"{path}\\{child}") for child in children)]
    for child in children:
        below = f"{path}\\{child}"
        if not registry.values(below):
            body += [long(below), ""] if not registry.subkeys(below) else []
        body += _tree(context, below, True)
    return body


def _reg_find(context: Context, path: str, options: dict[str, str]) -> Result:
    registry, wanted = context.machine.registry, options["/f"].lower()
    pending, found = [path], []
    while pending:
        here = pending.pop(0)
        for child in registry.subkeys(here):
            below = f"{here}\\{child}"
            if "/s" in options:
                pending.append(below)
            if wanted in child.lower():
                found.append(long(below))
    end = f"End of search: {len(found)} match(es) found."
    return Result(0 if found else 1, lines("", *found, "", end) if found else lines(end))


def _shown(value: Value) -> str:
    name, kind, data = value
    if kind in ("REG_DWORD", "REG_QWORD"):
        text = f"0x{data:x}"
    elif kind == "REG_MULTI_SZ":
        text = "\\0".join(data)
    elif kind == "REG_BINARY":
        text = "".join(f"{one:02X}" for one in data)
    else:
        text = data
    return f"    {name or '(Default)'}    {kind}    {text}"


def _reg_add(context: Context, path: str, options: dict[str, str]) -> Result:
    registry = context.machine.registry
    if "/v" in options or "/ve" in options:
        kind = options.get("/t", "REG_SZ").upper()
        text = options.get("/d", "")
        data: Any = int(text or "0", 0) if kind in ("REG_DWORD", "REG_QWORD") else text
        registry.set_value(path, options.get("/v", ""), kind, data)
    else:
        registry.create_key(path)
    context.machine.changed("registry", key=path, value=options.get("/v", ""))
    return Result(0, lines(DONE))


def _reg_delete(context: Context, path: str, options: dict[str, str]) -> Result:
    registry = context.machine.registry
    if "/v" in options:
        if registry.value(path, options["/v"]) is None:
            return Result(1, "", lines(NO_KEY))
        registry.delete_value(path, options["/v"])
    elif registry.exists(path):
        registry.delete_key(path)
    else:
        return Result(1, "", lines(NO_KEY))
    context.machine.changed("registry", key=path, value=options.get("/v", ""), deleted=True)
    return Result(0, lines(DONE))


_REG = {"query": _reg_query, "add": _reg_add, "delete": _reg_delete}


def _schtasks(context: Context, text: str) -> Result:
    words = arguments(text)
    verb = words[0].lower() if words else "/query"
    options, _rest = _options(words[1:], "f v nh it z hresult xml" if verb == "/query" else "f v nh it z hresult")
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
        due = start_at = start.timestamp()
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
    return Result(0, warning + lines(f'SUCCESS: The scheduled task "{name}" has successfully been created.'))


def _task_query(context: Context, options: dict[str, str]) -> Result:
    machine = context.machine
    name = options.get("/tn", "").lstrip("\\")
    if name and name.lower() not in machine.tasks:
        return Result(1, "", lines(NO_TASK))
    chosen = [machine.tasks[name.lower()]] if name else list(machine.tasks.values())
    if "/xml" in options:
        return Result(0, "".join(_task_xml(context, one) for one in chosen))
    rows = [(f"\\{one['name']}", _next_run(context, one), "Ready") for one in chosen]
    if options.get("/fo", "table").lower() == "csv":
        head = [] if "/nh" in options else ['"TaskName","Next Run Time","Status"']
        return Result(0, lines(*head, *(",".join(f'"{cell}"' for cell in row) for row in rows)))
    head = [f"{'TaskName':<40} {'Next Run Time':<22} Status", f"{'=' * 40} {'=' * 22} {'=' * 15}"]
    return Result(0, lines("", "Folder: \\", *head, *(f"{row[0][1:]:<40} {row[1]:<22} {row[2]}" for row in rows)))


def _next_run(context: Context, task: dict[str, Any]) -> str:
    if task["due"] is None:
        return "N/A"
    return context.machine.local_time(task["due"]).strftime(f"{DAY_FORMAT} %I:%M:%S %p").lstrip("0")


def _task_xml(context: Context, task: dict[str, Any]) -> str:
    command, _sep, rest = task["command"].strip().partition(" ")
    trigger = "<BootTrigger><Enabled>true</Enabled></BootTrigger>"
    if task["schedule"] != "onstart":
        start = context.machine.local_time(task["start"]).strftime("%Y-%m-%dT%H:%M:%S")
        inner = f"<StartBoundary>{start}</StartBoundary><Enabled>true</Enabled>"
        trigger = f"<TimeTrigger>{inner}</TimeTrigger>"
        if task["schedule"] == "daily":
            by_day = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
            trigger = f"<CalendarTrigger>{inner}{by_day}</CalendarTrigger>"
    return lines(
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
        f"  <RegistrationInfo><URI>\\{escape(task['name'])}</URI></RegistrationInfo>",
        f"  <Triggers>{trigger}</Triggers>",
        f'  <Principals><Principal id="Author"><UserId>{escape(task["user"])}</UserId></Principal></Principals>',
        f'  <Actions Context="Author"><Exec><Command>{escape(command)}</Command>'
        f"<Arguments>{escape(rest)}</Arguments></Exec></Actions>",
        "</Task>",
    )


def _task_delete(context: Context, options: dict[str, str]) -> Result:
    machine, name = context.machine, options.get("/tn", "").lstrip("\\")
    if name.lower() not in machine.tasks:
        return Result(1, "", lines(NO_TASK))
    if "/f" not in options:
        return Result(1, f'WARNING: Are you sure you want to remove the task "{name}" (Y/N)? ')
    del machine.tasks[name.lower()]
    machine.changed("task", name=name, operation="delete")
    return Result(0, lines(f'SUCCESS: The scheduled task "{name}" was successfully deleted.'))


def _task_run(context: Context, options: dict[str, str]) -> Result:
    machine, name = context.machine, options.get("/tn", "").lstrip("\\")
    task = machine.tasks.get(name.lower())
    if task is None:
        return Result(1, "", lines(NO_TASK))
    machine.jobs.start(task["command"], "C:\\Windows\\System32")
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


SYSTEM: dict[str, Command] = {"reg": _reg, "schtasks": _schtasks, "shutdown": _shutdown}
