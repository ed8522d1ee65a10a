# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each number of a fault means, and the next step of the person who reads it. Data only.

Sources: MS-WSMV 2.2.9 and winerror.h for the WSManFault codes, wbemcli.h for the WMI results.
"""

from __future__ import annotations

from collections.abc import Mapping

ACCESS_DENIED = 5
BUSY = 0xAA
RESOURCE_NOT_FOUND = 0x80338000
BAD_RESOURCE_URI = frozenset({0x80338002, 0x8033803B})
OPERATION_TIMEOUT = 0x80338029
ENCODING_LIMIT = 0x80338035
SHELL_GONE = 0x8033805B
ENVELOPE_SIZE = frozenset({0x80338047, 0x80338048, 0x80338049})
CANNOT_DECRYPT = 0x803380F9
SHELL_QUOTA = frozenset({0x803381A5, 0x803381A6, 0x803381A7, 0x803381A8})
PLUGIN_QUOTA = frozenset(range(0x803381E4, 0x803381EA))
SHELL_DISABLED = frozenset({0x803381AC, 0x803381DD})

E_ACCESS_DENIED = 0x80070005
WMI_DENIED = 0x80041003
# Not found, invalid namespace, invalid class, provider not there: this Windows does not have it.
WMI_MISSING = frozenset({0x80041002, 0x8004100E, 0x80041010, 0x80041013, 0x80041014})
WMI_QUOTA = 0x8004106C

_RIGHTS = (
    "Use an account in the PC's Administrators group. A local account that is not the built-in Administrator logs in"
    " with a filtered token unless LocalAccountTokenFilterPolicy=1 is set on the PC (winrm quickconfig sets it)."
)
_OURS = "Check class, method, keys and parameters of the call against the class's documentation."
_KEYS = "Give every key property of the class in the selectors, with its exact name, and no other property."
_QUOTA = "Too much of this account is running on the PC: close other remote sessions, or run again in a few minutes."
_ENVELOPE = "Ask for fewer columns or narrow the query; on the PC, MaxEnvelopeSizekb limits a reply."

# Number: (what it means, what to do).
MEANING: Mapping[int, tuple[str, str]] = {
    ACCESS_DENIED: ("access denied", _RIGHTS),
    E_ACCESS_DENIED: ("access denied", _RIGHTS),
    BUSY: ("the command was not ready for input", "Run again."),
    RESOURCE_NOT_FOUND: ("class or instance does not exist on this Windows", "Check the name and the namespace."),
    0x80338002: (
        "the PC does not know this resource URI",
        "Its WinRM may be too old (1.1): install WinRM 2.0 or newer.",
    ),
    0x8033803B: (
        "the PC does not know this resource URI",
        "Its WinRM may be too old (1.1): install WinRM 2.0 or newer.",
    ),
    OPERATION_TIMEOUT: (
        "the operation took longer than its time",
        "Raise ansible_winrm_operation_timeout_sec (and the read timeout above it), or ask for less.",
    ),
    ENCODING_LIMIT: ("one item is larger than the envelope", "Ask for fewer columns."),
    0x8033803D: ("the selectors do not name an instance", _KEYS),
    0x8033805A: ("too few selectors", _KEYS),
    SHELL_GONE: ("the instance, shell or command named does not exist (any more)", "Run again."),
    0x8033805C: ("a selector has the wrong type", _KEYS),
    0x8033803F: ("a quota of the PC is used up", _QUOTA),
    0x80338041: (
        "the message does not fit the class's schema",
        "Give the parameters with their exact names in the order the class declares them.",
    ),
    0x80338047: ("the envelope is larger than the PC allows", _ENVELOPE),
    0x80338048: ("the reply is larger than the envelope", _ENVELOPE),
    0x80338049: ("the envelope size asked for is not allowed", _ENVELOPE),
    CANNOT_DECRYPT: ("the PC could not decrypt the message", "Run again: a new session is built."),
    0x803380FA: ("the class has more than one instance and no keys were given", _KEYS),
    0x803380FB: ("a WQL query needs the resource URI of its namespace", _OURS),
    0x80338169: ("a network of the PC counts as public", "Set it to private or domain, then run winrm quickconfig."),
    0x803381A5: ("the PC allows no more shells of this account", _QUOTA),
    0x803381A6: ("the PC allows no more operations of this account", _QUOTA),
    0x803381A7: ("the PC allows no more operations of this account", _QUOTA),
    0x803381A8: ("the PC allows no more operations at all", _QUOTA),
    0x803381AC: (
        "remote shells are disabled by policy",
        "Allow them for this PC (policy AllowRemoteShellAccess). Queries and method calls work without them;"
        " commands and everything that reads by command do not.",
    ),
    0x803381AD: ("a Pull did not match its Enumerate", "Run again."),
    0x803381DD: ("remote access is disabled", "Enable remote management on the PC: winrm quickconfig."),
    **dict.fromkeys(PLUGIN_QUOTA, ("a quota of the PC's WinRM plugins is used up", _QUOTA)),
    0x8007010B: ("the working directory does not exist on the PC", "Check chdir."),
    0x80070002: ("the program does not exist on the PC", "Check its path; a cmd builtin needs the command shell."),
    0x80070003: ("the path does not exist on the PC", "Check the path."),
    0x80041002: ("the instance does not exist", "Check the keys."),
    WMI_DENIED: ("WMI denies access to this namespace", "Give the account Remote Enable on this WMI namespace."),
    0x80041006: ("WMI is out of memory", "Look at the PC: it has no memory left, or the WMI service needs a restart."),
    0x80041008: ("a parameter is not valid", _OURS),
    0x8004100C: ("the class does not support this operation", _OURS),
    0x8004100E: ("the namespace does not exist on this Windows", "Check the namespace."),
    0x80041010: ("the class does not exist on this Windows", "Check class and namespace."),
    0x80041013: ("the WMI provider cannot be loaded", "Look at the PC's WMI-Activity event log."),
    0x80041014: ("the WMI provider does not start", "Look at the PC's WMI-Activity event log."),
    0x80041017: ("the query is not valid", "Check its spelling; a column may not exist on this version of Windows."),
    0x80041033: ("WMI is shutting down", "The PC restarts or stops: run again when it is up."),
    0x80041055: ("the class has no such method", "Check the method's name."),
    0x80041062: ("a privilege is not enabled", "Use an account that holds it, or another way to do it."),
    WMI_QUOTA: ("WMI's own quota is used up", _QUOTA),
    0x800706BA: ("the RPC server behind WMI does not answer", "Look at the PC: services RPC and WMI have to run."),
}


def meaning(*numbers: int) -> tuple[str, str]:
    """Give (meaning, fix) of the first number that is known, or two empty texts."""
    return next((MEANING[number] for number in numbers if number in MEANING), ("", ""))
