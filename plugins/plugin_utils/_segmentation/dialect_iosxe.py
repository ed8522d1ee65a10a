# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in the spelling of Cisco IOS and IOS-XE: render, and a strict parser of what the device prints.

Both forms of a list are read: the section of a configuration and ``show ip access-lists``. A line that is not
understood to its last word stays opaque (reference switch-acl.md sections 2.1, 3 and 4).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import iosxe_names as names
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ALL_PORTS,
    ANY,
    PROTOCOL_NAMES,
    WITH_PORTS,
    Address,
    Ports,
    Rule,
    normal_ports,
)

MAX_NAME = 31
_MAX_REMARK = 100

_CONFIG_HEAD = re.compile(r"ip access-list (extended|standard) (\S+)$")
_SHOW_HEAD = re.compile(r"(Extended|Standard) IP access list (\S+)")
_NUMBERED = re.compile(r"access-list (\d+) (.+)$")
_COUNTER = re.compile(r"\s*\(\d+ match(?:es)?\)\s*$")
_SEQUENCE = re.compile(r"\d+\s+(?=(?:permit|deny|remark|dynamic|evaluate)\b)")


def render(name: str, rules: Iterable[Rule]) -> list[str]:
    """Give the lines that build the list from nothing, in order and without sequence numbers.

    Without numbers the same lines work on classic 15.x and on 17.x, where remarks take numbers too. An entry equal to
    an earlier one is left out, because the device ignores it; a remark is written once for the entries that share it,
    because the device refuses it twice.
    """
    lines = [f"ip access-list extended {name}"]
    seen: set[str] = set()
    last_remark = ""
    for rule in rules:
        fresh = [line for line in _entries(rule) if line.removesuffix(" log") not in seen]
        remark = clean_remark(rule.remark)
        if fresh and remark and remark != last_remark:
            lines.append(f"remark {remark}")
        if fresh:
            last_remark = remark
        seen.update(line.removesuffix(" log") for line in fresh)
        lines.extend(fresh)
    return lines


def clean_remark(text: str) -> str:
    """Keep what a device takes as one line of remark: printable ASCII without ``?`` (help), at most 100 characters."""
    printable = "".join(char if " " <= char <= "~" and char != "?" else " " for char in text)
    return " ".join(printable.split())[:_MAX_REMARK].strip()


def _entries(rule: Rule) -> Iterator[str]:
    protocol = "ip" if rule.protocol is None else PROTOCOL_NAMES.get(rule.protocol, str(rule.protocol))
    tail = ""
    if rule.icmp:
        tail += f" {rule.icmp[0]}" if rule.icmp[1] is None else f" {rule.icmp[0]} {rule.icmp[1]}"
    if rule.established:
        tail += " established"
    if rule.log:
        tail += " log"
    for src_ports in _port_words(rule.src_ports):
        for dst_ports in _port_words(rule.dst_ports):
            src, dst = _address_words(rule.src), _address_words(rule.dst)
            yield f"{rule.action} {protocol} {src}{src_ports} {dst}{dst_ports}{tail}"


def _port_words(ports: Ports | None) -> list[str]:
    if ports is None:
        return [""]
    return [f" eq {low}" if low == high else f" range {low} {high}" for low, high in ports]


def _address_words(address: Address) -> str:
    if address == ANY:
        return "any"
    value = ipaddress.IPv4Address(address.value)
    return f"host {value}" if address.wildcard == 0 else f"{value} {ipaddress.IPv4Address(address.wildcard)}"


def parse_lists(text: str) -> dict[str, AccessList]:
    """Read every IPv4 list of a configuration, or of ``show ip access-lists``, by name."""
    collected: dict[str, tuple[str, list[str]]] = {}
    current: list[str] | None = None
    for raw in text.splitlines():
        line = raw.rstrip()
        head = _CONFIG_HEAD.match(line) or _SHOW_HEAD.match(line)
        numbered = _NUMBERED.match(line)
        if head:
            current = collected.setdefault(head[2], (head[1].lower(), []))[1]
        elif numbered:
            current = None
            collected.setdefault(numbered[1], (_kind_of_number(int(numbered[1])), []))[1].append(numbered[2])
        elif line and not line[0].isspace():
            current = None
        elif line.strip() and current is not None:
            current.append(line)
    return {name: AccessList(name, kind, _read_entries(kind, lines)) for name, (kind, lines) in collected.items()}


def _kind_of_number(number: int) -> str:
    return "standard" if number < 100 or 1300 <= number < 2000 else "extended"


def _read_entries(kind: str, lines: Iterable[str]) -> tuple[Rule | Opaque, ...]:
    entries: list[Rule | Opaque] = []
    remark = ""
    for line in lines:
        body = _SEQUENCE.sub("", _COUNTER.sub("", line).strip(), count=1)
        if body.startswith("remark"):
            remark = body[len("remark") :].strip()
            continue
        entry = parse_entry(body, kind=kind, remark=remark)
        entries.append(entry)
        remark = ""
    return tuple(entries)


def parse_entry(body: str, *, kind: str = "extended", remark: str = "") -> Rule | Opaque:
    """Read one entry without its sequence number; a word that is not understood makes it opaque."""
    words = _Words(body.replace(",", " ").split())
    try:
        rule = _standard(words, remark) if kind == "standard" else _extended(words, remark)
    except (LookupError, ValueError, InputError):
        return Opaque(body)
    return Opaque(body) if words.left else rule


class _Words:
    """The words of one entry, taken from the left."""

    def __init__(self, words: list[str]) -> None:
        self.left = words

    def take(self) -> str:
        return self.left.pop(0)

    def peek(self) -> str:
        return self.left[0] if self.left else ""

    def took(self, *words: str) -> bool:
        if self.left[: len(words)] != list(words):
            return False
        del self.left[: len(words)]
        return True


def _standard(words: _Words, remark: str) -> Rule:
    action = words.take()
    if words.peek() in ("any", "host"):
        src = _address(words)
    else:
        value = int(ipaddress.IPv4Address(words.take()))
        words.took("wildcard", "bits")
        wildcard = int(ipaddress.IPv4Address(words.take())) if words.peek()[:1].isdigit() else 0
        src = Address.masked(value, wildcard)
    return Rule(action, None, src, log=words.took("log"), remark=remark)


def _extended(words: _Words, remark: str) -> Rule:
    action = words.take()
    protocol = _protocol(words.take())
    src = _address(words)
    src_ports = _ports(words, protocol)
    dst = _address(words)
    dst_ports = _ports(words, protocol)
    icmp = _icmp(words) if protocol == 1 else None
    established = words.took("established") or words.took("match-any", "+ack", "+rst")
    log = words.took("log") or words.took("log-input")
    return Rule(action, protocol, src, dst, src_ports, dst_ports, icmp, established, log, remark)


def _protocol(word: str) -> int | None:
    if word in ("ip", "ipv4"):
        return None
    return names.PROTOCOLS[word] if word in names.PROTOCOLS else int(word) or None


def _address(words: _Words) -> Address:
    word = words.take()
    if word == "any":
        return ANY
    if word == "host":
        return Address(int(ipaddress.IPv4Address(words.take())), 0)
    if "/" in word:
        return Address.of(word)
    return Address.masked(int(ipaddress.IPv4Address(word)), int(ipaddress.IPv4Address(words.take())))


def _ports(words: _Words, protocol: int | None) -> Ports | None:
    operator = words.peek()
    if protocol not in WITH_PORTS or operator not in ("eq", "neq", "gt", "lt", "range"):
        return None
    words.take()
    first = _port(words.take(), protocol)
    if operator == "range":
        return normal_ports([sorted((first, _port(words.take(), protocol)))])
    if operator == "gt":
        return normal_ports([(first + 1, ALL_PORTS[1])])
    if operator == "lt":
        return normal_ports([(0, first - 1)])
    listed = [first]
    while _is_port(words.peek(), protocol):
        listed.append(_port(words.take(), protocol))
    if operator == "eq":
        return normal_ports((port, port) for port in listed)
    gaps = zip([-1, *sorted(listed)], [*sorted(listed), ALL_PORTS[1] + 1], strict=True)
    return normal_ports((low + 1, high - 1) for low, high in gaps if low + 1 <= high - 1)


def _port(word: str, protocol: int | None) -> int:
    return int(word) if word.isdigit() else names.PORTS[protocol or 0][word]


def _is_port(word: str, protocol: int | None) -> bool:
    return word.isdigit() or word in names.PORTS[protocol or 0]


def _icmp(words: _Words) -> tuple[int, int | None] | None:
    word = words.peek()
    if word in names.ICMP:
        return names.ICMP[words.take()]
    if not word.isdigit():
        return None
    kind = int(words.take())
    return (kind, int(words.take())) if words.peek().isdigit() else (kind, None)
