# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tools of the boot chain: bcdedit, mountvol, manage-bde, ewfmgr, fbwfmgr, uwfmgr (windows-wsman-cim section 6)."""

from __future__ import annotations

from .bcd import ALIASES, BOOTMGR, FWBOOTMGR, LOADER, Object
from .cmd import Command, Context, Result, arguments, lines
from .texts import say

NO_ENTRY = "An error occurred while attempting to reference the specified entry."
NO_ELEMENT = "An error occurred while attempting to delete the specified data element."
BAD_WORD = 'The parameter is incorrect.\r\nRun "bcdedit /?" for command line assistance.'
_SHORT = {one: alias for alias, one in ALIASES.items() if alias != "{default}"}
_KINDS = {"firmware": ("fwbootmgr", "bootmgr", "firmware"), "bootmgr": ("bootmgr",), "active": ("bootmgr", "osloader")}
_LISTS = ("displayorder", "bootsequence")


def _bcdedit(context: Context, text: str) -> Result:
    words = arguments(text) or ["/enum"]
    verb = words[0].lower().replace("-", "/", 1)
    if context.machine.profile.family == "xp":
        return Result(1, "", lines(say(context.machine, "unknown", "bcdedit")))
    command = _BCD.get(verb)
    return command(context, words[1:]) if command else Result(1, "", lines(BAD_WORD))


def _enum(context: Context, words: list[str]) -> Result:
    machine, wanted = context.machine, (words[0].lower() if words else "active")
    bcd = machine.bcd
    if wanted.startswith("{"):
        found = bcd.find(wanted)
        if found is None:
            return _missing(context)
        chosen = {found: bcd.objects[found]}
    else:
        kinds = _KINDS.get(wanted)
        if kinds is None and wanted not in ("all", "/v"):
            return Result(1, "", lines(BAD_WORD))
        chosen = {key: one for key, one in bcd.objects.items() if kinds is None or one["kind"] in kinds}
        if wanted == "firmware" and not bcd.uefi:
            chosen = {}
    if not chosen:
        return Result(1, "", lines("No matching objects are found or the store is empty."))
    order = ("fwbootmgr", "bootmgr", "firmware", "osloader", "bootsector")
    ranked = sorted(chosen.items(), key=lambda item: order.index(item[1]["kind"]))
    verbose = any(word.lower() == "/v" for word in words)
    return Result(0, "".join(_shown(context, key, one, verbose) for key, one in ranked))


def _shown(context: Context, identifier: str, one: Object, verbose: bool) -> str:
    def name(key: str) -> str:
        return key if verbose else _SHORT.get(key, key)

    title = say(context.machine, one["kind"])
    rows = [f"{say(context.machine, 'identifier'):<24}{name(identifier)}"]
    for key in ("device", "path", "description", "default"):
        if one.get(key):
            rows.append(f"{key:<24}{name(one[key])}")
    for key in _LISTS:
        rows += [f"{key if not at else '':<24}{name(item)}" for at, item in enumerate(one.get(key, []))]
    if one.get("timeout"):
        rows.append(f"{'timeout':<24}{one['timeout']}")
    return lines("", title, "-" * len(title), *rows)


def _missing(context: Context) -> Result:
    return Result(1, "", lines(NO_ENTRY, say(context.machine, "file_missing")))


def _set(context: Context, words: list[str]) -> Result:
    bcd = context.machine.bcd
    target = LOADER
    if words and words[0].startswith("{"):
        found = bcd.find(words[0])
        if found is None:
            return _missing(context)
        target, words = found, words[1:]
    if len(words) < 2:
        return Result(1, "", lines(BAD_WORD))
    key, values = words[0].lower(), words[1:]
    if key in _LISTS:
        return _set_list(context, target, key, values)
    bcd.objects[target][key] = " ".join(values)
    bcd.changed(target)
    return Result(0, lines(say(context.machine, "done")))


def _set_list(context: Context, target: str, key: str, values: list[str]) -> Result:
    bcd = context.machine.bcd
    switch = next((one.lower() for one in values if one.startswith("/")), "")
    named = [bcd.find(one) for one in values if not one.startswith("/")]
    if not named or None in named:
        return _missing(context)
    items = [one for one in named if one is not None]
    kept = [one for one in bcd.objects[target].get(key, []) if one not in items]
    if switch == "/remove":
        items = kept
    elif switch == "/addlast":
        items = kept + items
    elif switch == "/addfirst":
        items = items + kept
    bcd.objects[target][key] = items
    bcd.changed(target)
    return Result(0, lines(say(context.machine, "done")))


def _delete_value(context: Context, words: list[str]) -> Result:
    bcd = context.machine.bcd
    target = LOADER
    if words and words[0].startswith("{"):
        found = bcd.find(words[0])
        if found is None:
            return _missing(context)
        target, words = found, words[1:]
    if not words or words[0].lower() not in bcd.objects[target]:
        return Result(1, "", lines(NO_ELEMENT, "Element not found."))
    del bcd.objects[target][words[0].lower()]
    bcd.changed(target)
    return Result(0, lines(say(context.machine, "done")))


def _copy(context: Context, words: list[str]) -> Result:
    found = context.machine.bcd.find(words[0]) if words else None
    if found is None:
        return _missing(context)
    new = context.machine.bcd.copy(found, _after(words, "/d"))
    return Result(0, lines(f"The entry was successfully copied to {new}."))


def _create(context: Context, words: list[str]) -> Result:
    if _after(words, "/application").lower() != "bootsector":
        return Result(1, "", lines(BAD_WORD))
    new = context.machine.bcd.create(_after(words, "/d"))
    return Result(0, lines(f"The entry {new} was successfully created."))


def _delete(context: Context, words: list[str]) -> Result:
    found = context.machine.bcd.find(words[0]) if words else None
    if found is None or found in (BOOTMGR, FWBOOTMGR):
        return _missing(context)
    context.machine.bcd.delete(found)
    return Result(0, lines(say(context.machine, "done")))


def _after(words: list[str], switch: str) -> str:
    lowered = [word.lower() for word in words]
    return words[lowered.index(switch) + 1] if switch in lowered[:-1] else ""


_BCD = {
    "/enum": _enum,
    "/v": _enum,
    "/set": _set,
    "/deletevalue": _delete_value,
    "/copy": _copy,
    "/create": _create,
    "/delete": _delete,
    "/bootsequence": lambda context, words: _set_list(context, BOOTMGR, "bootsequence", words),
    "/displayorder": lambda context, words: _set_list(context, BOOTMGR, "displayorder", words),
}


def _mountvol(context: Context, text: str) -> Result:
    machine, words = context.machine, arguments(text)
    if not words:
        return Result(
            0, lines("", "Possible values for VolumeName along with current mount points are:", "", "    C:\\")
        )
    letter, switch = words[0].upper().rstrip("\\"), (words[1].lower() if len(words) > 1 else "")
    if switch == "/s" and machine.bcd.uefi and not machine.bcd.mounted:
        machine.files.make_dir("ESP:\\EFI\\Microsoft\\Boot")
        machine.files.rename_root("ESP:", letter)
        machine.bcd.mounted = letter
        machine.changed("mount", letter=letter)
        return Result(0)
    if switch == "/d" and machine.bcd.mounted == letter:
        machine.unmount()
        machine.changed("mount", letter=letter, ended=True)
        return Result(0)
    if switch == "/l" and letter == "C:":
        return Result(0, lines("    \\\\?\\Volume{5e2a11d7-0000-0000-0000-100000000000}\\"))
    return Result(1, "", lines("The parameter is incorrect."))


def _manage_bde(context: Context, text: str) -> Result:
    machine, words = context.machine, [word.lower() for word in arguments(text)]
    head = lines("BitLocker Drive Encryption: Configuration Tool version 10.0.19041", "")
    if machine.profile.family == "xp":
        return Result(1, "", lines(say(machine, "unknown", "manage-bde")))
    on = bool(machine.overrides.get("bitlocker"))
    if words[:1] == ["-status"]:
        state = "Protection On" if machine.bitlocker_active else "Protection Off"
        converted = "Fully Encrypted" if on else "Fully Decrypted"
        body = [f"    Conversion Status:    {converted}", f"    Protection Status:    {state}"]
        return Result(0, head + lines("Volume C: []", "[OS Volume]", "", *body))
    if words[:2] == ["-protectors", "-disable"]:
        return _suspend(context, words, head, on)
    if words[:2] == ["-protectors", "-enable"]:
        if machine.extras.pop("bitlocker_suspended", None) is not None:
            machine.changed("bitlocker", suspended=False)
        return Result(0, head + lines("Key protectors are enabled for volume C:."))
    return Result(0xFFFFFFFF, head + lines("ERROR: Invalid Syntax."))


def _suspend(context: Context, words: list[str], head: str, on: bool) -> Result:
    machine = context.machine
    counted = "-rebootcount" in words or "-rc" in words
    if counted and machine.profile.seven:  # [documented] Windows 7 knows no count
        return Result(0xFFFFFFFF, head + lines("ERROR: Invalid Syntax.", '"-rebootcount" was not understood.'))
    if not on:
        return Result(0x80310008, head + lines("ERROR: An error occurred (code 0x80310008):", "BitLocker is off."))
    count = int(words[-1]) if counted and words[-1].isdigit() else (0 if machine.profile.seven else 1)
    machine.extras["bitlocker_suspended"] = count or True
    machine.changed("bitlocker", suspended=True)
    return Result(0, head + lines("Key protectors are disabled for volume C:."))


def _ewfmgr(context: Context, text: str) -> Result:
    machine, words = context.machine, [word.lower() for word in arguments(text)]
    if machine.filter.kind != "ewf":
        return Result(1, "", lines(say(machine, "unknown", "ewfmgr")))
    verb = words[1].lstrip("-/") if len(words) > 1 else ""
    pending = "NO_CMD"
    if verb in ("commit", "commitanddisable"):
        machine.filter.commit()
        pending = "COMMIT"
    if verb in ("disable", "commitanddisable", "enable"):
        machine.filter.set_enabled(verb == "enable")
        pending = verb.upper()
    return Result(
        0,
        lines(
            "Protected Volume Configuration",
            "  Type            RAM (REG)",
            f"  State           {'ENABLED' if machine.filter.current else 'DISABLED'}",
            f"  Boot Command    {pending}",
            "    Param1        0",
            "    Param2        0",
            '  Device Name     "\\Device\\HarddiskVolume1" [C:]',
            "  Max Levels      1",
            "  Clump Size      512",
            "  Current Level   1",
        ),
    )


def _fbwfmgr(context: Context, text: str) -> Result:
    machine, words = context.machine, arguments(text)
    if machine.filter.kind != "fbwf":
        return Result(1, "", lines(say(machine, "unknown", "fbwfmgr")))
    verb = words[0].lower() if words else "/displayconfig"
    if verb in ("/enable", "/disable"):
        machine.filter.set_enabled(verb == "/enable")
        return Result(0, lines(f"File-based write filter will be {verb[1:]}d on the next reboot."))
    if verb == "/commit" and len(words) > 2:
        there = machine.filter.commit(words[1] + words[2])
        return Result(0 if there else 2, "" if there else lines("File not found."))
    body = []
    for name, on in (("current", machine.filter.current), ("next", machine.filter.next)):
        body += [
            f"File-based write filter configuration for the {name} session:",
            f"    filter state: {'enabled' if on else 'disabled'}.",
            "    overlay cache data compression state: disabled.",
            "    protected volume list:",
            "      \\Device\\HarddiskVolume1 (C:)" if on else "      (none)",
            "",
        ]
    return Result(0, lines(*body))


def _uwfmgr(context: Context, text: str) -> Result:
    machine, words = context.machine, arguments(text)
    if machine.filter.kind != "uwf":
        return Result(1, "", lines(say(machine, "unknown", "uwfmgr")))
    verb = [word.lower() for word in words[:2]]
    if verb in (["filter", "enable"], ["filter", "disable"]):
        machine.filter.set_enabled(verb[1] == "enable")
        return Result(0, lines(f"Unified Write Filter will be {verb[1]}d on the next restart."))
    if verb == ["file", "commit"] and len(words) > 2:
        there = machine.filter.commit(words[2])
        return Result(0 if there else 2, "" if there else lines("Error: The system cannot find the file specified."))
    states = ("ON" if one else "OFF" for one in (machine.filter.current, machine.filter.next))
    named = zip(("Current", "Next"), states, strict=True)
    shown = [f"  {name} Session Settings: Filter state: {state}" for name, state in named]
    return Result(0, lines("Unified Write Filter Configuration Utility version 10.0.19041", *shown))


BOOT: dict[str, Command] = {
    "bcdedit": _bcdedit,
    "mountvol": _mountvol,
    "manage-bde": _manage_bde,
    "ewfmgr": _ewfmgr,
    "fbwfmgr": _fbwfmgr,
    "uwfmgr": _uwfmgr,
}
