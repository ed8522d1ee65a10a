# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tools: certutil, msiexec, netstat, query, find, ping and the like, with the texts and codes they are known for."""

from __future__ import annotations

import hashlib
import ntpath
import re

from .catalogue_people import sessions
from .cmd import Command, Context, Result, arguments, lines
from .converter import install, installed_product, is_converter, uninstall
from .files import sha256_of
from .texts import language, say

FILE_MISSING = 0x80070002
CANNOT_CONNECT = 0x80072EFD
SECURE_FAILURE = 0x80072F8F


def _certutil(context: Context, text: str) -> Result:
    words = arguments(text)
    verbs = [word.lower().lstrip("-/") for word in words if word[:1] in "-/"]
    plain = [word for word in words if word[:1] not in "-/"]
    if "hashfile" in verbs and plain:
        return _hashfile(context, plain)
    if "urlcache" in verbs and "delete" in (*verbs, plain[-1].lower() if plain else ""):
        return Result(0, lines("CertUtil: -URLCache command completed successfully."))
    if "urlcache" in verbs and plain:
        return _fetch(context, plain)
    return Result(0x80070057, lines("CertUtil: -dump command FAILED: 0x80070057 (WIN32: 87 ERROR_INVALID_PARAMETER)"))


def _hashfile(context: Context, plain: list[str]) -> Result:
    path = context.path(plain[0])
    algorithm = (plain[1] if len(plain) > 1 else "SHA1").upper()
    entry = context.machine.files.file(path)
    if entry is None:
        return Result(
            FILE_MISSING,
            lines(
                "CertUtil: -hashfile command FAILED: 0x80070002 (WIN32: 2 ERROR_FILE_NOT_FOUND)",
                "CertUtil: The system cannot find the file specified.",
            ),
        )
    if algorithm == "SHA256":
        digest = sha256_of(entry)
    elif algorithm in ("SHA1", "MD5", "SHA512"):
        digest = hashlib.new(algorithm.lower(), sha256_of(entry).encode(), usedforsecurity=False).hexdigest()
    else:
        return Result(0x80090008, lines("CertUtil: -hashfile command FAILED: 0x80090008 (-2146893816 NTE_BAD_ALGID)"))
    if context.machine.profile.seven:  # [documented] bytes set apart by blanks, and the word file
        head, digest = f"{algorithm} hash of file {plain[0]}:", " ".join(re.findall("..", digest))
    else:
        head = f"{algorithm} hash of {plain[0]}:"
    return Result(0, lines(head, digest, "CertUtil: -hashfile command completed successfully."))


def _fetch(context: Context, plain: list[str]) -> Result:
    machine, url = context.machine, plain[0]
    target = context.path(plain[1] if len(plain) > 1 else url.rstrip("/").rpartition("/")[2])
    if _too_old(context, url):
        return _failed(SECURE_FAILURE, "12175 ERROR_INTERNET_DECODING_FAILED", "A security error occurred")
    got = machine.hooks.fetch(machine.name, url)
    if got is None:
        text = "A connection with the server could not be established"
        return _failed(CANNOT_CONNECT, "INet: 12029 ERROR_INTERNET_CANNOT_CONNECT", text)
    if not machine.write_file(target, {"sha256": got["sha256"].lower(), "size": got["size"]}, "download"):
        return _failed(0x80070003, "WIN32: 3 ERROR_PATH_NOT_FOUND", "The system cannot find the path specified.")
    size = format(got["size"], "x")
    return Result(
        0,
        lines(
            "****  Online  ****", "  000000  ...", f"  {size}", "CertUtil: -URLCache command completed successfully."
        ),
    )


def _failed(code: int, name: str, text: str) -> Result:
    first = f"CertUtil: -URLCache command FAILED: 0x{code:08x} ({name})"
    return Result(code, lines("****  Online  ****", first, f"CertUtil: {text}"))


def _msiexec(context: Context, text: str) -> Result:
    words = arguments(text)
    lowered = [word.lower() for word in words]
    for verb in ("/i", "/package", "/x", "/uninstall"):
        if verb in lowered and lowered.index(verb) + 1 < len(words):
            target = words[lowered.index(verb) + 1]
            break
    else:
        return Result(1639)
    machine = context.machine
    log = next((words[at + 1] for at, one in enumerate(lowered[:-1]) if one.startswith(("/l", "/log"))), "")
    if log and not machine.files.is_dir(context.path(log).rpartition("\\")[0]):
        return Result(1622)
    code = _package(context, target)
    if code == 0 and machine.take_fault("msiexec"):
        code = int(machine.faults["msiexec_code"])
    if code not in (0, 1641, 3010):
        return _logged(context, log, code)
    if verb in ("/i", "/package"):
        install(machine)
        if machine.overrides.get("msi_reboot_needed"):
            code = 3010
    else:
        code = 1605 if installed_product(machine) is None else 0
        uninstall(machine)
    return _logged(context, log, code)


def _package(context: Context, target: str) -> int:
    """Look at what is to be installed or removed: 0, or the code of msiexec."""
    machine = context.machine
    if re.fullmatch(r"\{[0-9A-Fa-f-]{36}\}", target):
        product = installed_product(machine)
        return 0 if product is not None and target.upper() == product else 1605
    if re.match(r"https?://", target, re.I):
        got = None if _too_old(context, target) else machine.hooks.fetch(machine.name, target)
        # [documented] whatever goes wrong on the way: the package could not be opened
        return 1619 if got is None else (0 if is_converter(machine, {"path": target, **got}) else 1620)
    entry = machine.files.file(context.path(target))
    if entry is None:
        return 1619
    return 0 if is_converter(machine, entry) else 1620


def _logged(context: Context, log: str, code: int) -> Result:
    if log:
        text = lines(
            f"=== Verbose logging started: {context.machine.hostname} ===", f"MainEngineThread is returning {code}"
        )
        context.machine.write_file(context.path(log), {"text": text}, "msiexec")
    return Result(code)


def _too_old(context: Context, url: str) -> bool:
    # [assumed] without the update WinHTTP offers TLS 1.0 only, and a modern server refuses
    machine = context.machine
    return machine.profile.seven and url.lower().startswith("https:") and not machine.has_hotfix("KB3140245")


def _hostname(context: Context, text: str) -> Result:
    return Result(0, lines(context.machine.hostname))


def _whoami(context: Context, text: str) -> Result:
    return Result(0, lines(f"{context.machine.hostname}\\{context.machine.user}".lower()))


def _netstat(context: Context, text: str) -> Result:
    machine = context.machine
    body = ["", say(machine, "connections"), "", say(machine, "connection_head")]
    for one in context.machine.connections():
        local, remote = f"{one['local']}:{one['local_port']}", f"{one['remote']}:{one['remote_port']}"
        body.append(f"  TCP    {local:<22} {remote:<22} {say(machine, one['state']):<15} {one['pid']}")
    for port in (123, 500, 5355):
        body.append(f"  UDP    {f'0.0.0.0:{port}':<22} {'*:*':<22} {'':<15} 968")
    return Result(0, lines(*body))


def _query(context: Context, text: str) -> Result:
    words = arguments(text)
    if not words or words[0].lower() not in ("user", "session"):
        return Result(1, "", lines("Invalid parameter(s)", "QUERY { PROCESS | SESSION | TERMSERVER | USER }"))
    return _quser(context, "")


def _quser(context: Context, text: str) -> Result:
    machine = context.machine
    found = sessions(machine.catalogue)
    if machine.profile.edition == "Core":  # [documented] missing in Home editions
        return Result(1, "", lines(say(machine, "unknown", "query")))
    if not found:
        return Result(1, "", lines(say(machine, "no_user")))
    german = language(machine) == "de"
    stamp = machine.boot_local().strftime("%d.%m.%Y %H:%M" if german else "%m/%d/%Y %I:%M %p").lstrip("0")
    body = [say(machine, "users")]
    for one in found:
        state = say(machine, "active" if one["state"] == "Active" else "disconnected")
        idle = "." if german and one["idle"] == "none" else one["idle"]
        body.append(f" {one['user']:<20}  {one['session']:<18} {one['id']:>2}  {state:<7} {idle:>9}  {stamp}")
    return Result(0, lines(*body))


def _find(context: Context, text: str) -> Result:
    words = arguments(text)
    lowered = {word.lower() for word in words if word.startswith("/")}
    plain = [word for word in words if not word.startswith("/")]
    if not plain:
        return Result(2, "", lines("FIND: Parameter format not correct"))
    source = context.stdin
    if len(plain) > 1:
        entry = context.machine.files.file(context.path(plain[1]))
        if entry is None:
            return Result(1, "", lines(f"File not found - {plain[1].upper()}"))
        source = entry.get("text", "")
    wanted = plain[0].lower() if "/i" in lowered else plain[0]
    found = [
        one for one in source.splitlines() if (wanted in (one.lower() if "/i" in lowered else one)) != ("/v" in lowered)
    ]
    shown = [str(len(found))] if "/c" in lowered else found
    return Result(0 if found else 1, lines(*shown))


def _ping(context: Context, text: str) -> Result:
    words = arguments(text)
    count = int(words[words.index("-n") + 1]) if "-n" in words[:-1] and words[words.index("-n") + 1].isdigit() else 4
    target = words[-1] if words else "127.0.0.1"
    one = f"Reply from {target}: bytes=32 time<1ms TTL=128"
    return Result(0, lines("", f"Pinging {target} with 32 bytes of data:", *[one] * count), "", max(count - 1, 0))


def _timeout(context: Context, text: str) -> Result:
    # [documented] without a console there is no input to wait on
    return Result(1, "", lines("ERROR: Input redirection is not supported, exiting the process immediately."))


def _tasklist(context: Context, text: str) -> Result:
    rows = context.machine.instances("root\\cimv2", "Win32_Process")
    if "csv" in text.lower():
        body = [f'"{one["Name"]}","{one["ProcessId"]}","Services","{one["SessionId"]}","10,240 K"' for one in rows]
        return Result(0, lines('"Image Name","PID","Session Name","Session#","Mem Usage"', *body))
    return Result(0, lines(*(f"{one['Name']:<25} {one['ProcessId']:>8} Services" for one in rows)))


def _where(context: Context, text: str) -> Result:
    return Result(1, "", lines(f"INFO: Could not find files for the given pattern(s): {ntpath.basename(text.strip())}"))


TOOLS: dict[str, Command] = {
    "certutil": _certutil,
    "msiexec": _msiexec,
    "hostname": _hostname,
    "whoami": _whoami,
    "netstat": _netstat,
    "query": _query,
    "quser": _quser,
    "find": _find,
    "findstr": _find,
    "ping": _ping,
    "timeout": _timeout,
    "tasklist": _tasklist,
    "where": _where,
}
