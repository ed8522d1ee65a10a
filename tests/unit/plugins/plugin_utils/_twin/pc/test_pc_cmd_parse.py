# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.cmd import split_command, strip_quotes
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.cmd_parse import (
    Chain,
    CmdSyntaxError,
    Group,
    If,
    Simple,
    argv,
    parse,
)


def shape(node: object) -> object:
    if isinstance(node, Simple):
        return node.text.strip() if not node.redirects else (node.text.strip(), node.redirects)
    if isinstance(node, Chain):
        return [shape(node.left), node.operator, shape(node.right)]
    if isinstance(node, Group):
        return ("group", shape(node.inner))
    assert isinstance(node, If)
    return (
        "if",
        node.negated,
        node.kind,
        node.left,
        shape(node.then),
        shape(node.otherwise) if node.otherwise else None,
    )


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("ver", "ver"),
        ("a && b || c & d", [[["a", "&&", "b"], "||", "c"], "&", "d"]),
        ("a & b && c", ["a", "&", ["b", "&&", "c"]]),
        ("a | b && c", [["a", "|", "b"], "&&", "c"]),
        ('echo "a && b"', 'echo "a && b"'),
        ("echo a^&b", "echo a&b"),
        ("echo hi> C:\\x 2>&1", ("echo hi", [(1, ">", "C:\\x"), (2, ">", "&1")])),
        ("echo x2>f", ("echo x2", [(1, ">", "f")])),
        ("(a & b)&&c", [("group", ["a", "&", "b"]), "&&", "c"]),
        ("if not exist C:\\a mkdir C:\\a", ("if", True, "exist", "C:\\a", "mkdir C:\\a", None)),
        ("if exist x (a) else (b)", ("if", False, "exist", "x", ("group", "a"), ("group", "b"))),
        ("if exist x a && b", ("if", False, "exist", "x", ["a", "&&", "b"], None)),
        ("a &", "a"),
    ],
)
def test_lines_are_read_as_cmd_reads_them(line: str, wanted: object) -> None:
    assert shape(parse(line)) == wanted


@pytest.mark.parametrize("line", ["&& a", "a &&", "(a", "a | | b", ") a"])
def test_lines_cmd_refuses(line: str) -> None:
    with pytest.raises(CmdSyntaxError):
        parse(line)


def test_a_backslash_does_not_hide_a_quote_from_cmd() -> None:
    node = parse(r'schtasks /tr "cmd /c \"a && b\""')
    assert isinstance(node, Chain)
    assert node.operator == "&&"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a b", ["a", "b"]),
        ('"a b" c', ["a b", "c"]),
        (r'"a \"b\" c"', ['a "b" c']),
        (r"C:\x\ y", ["C:\\x\\", "y"]),
        (r'"C:\x\\" y', ["C:\\x\\", "y"]),
        ('"" x', ["", "x"]),
    ],
)
def test_arguments_split_as_a_c_program_does(text: str, wanted: list[str]) -> None:
    assert argv(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('C:\\Windows\\System32\\CMD.EXE /c "x"', ("cmd", ' /c "x"')),
        ("dir/b C:\\", ("dir", "/b C:\\")),
        ("echo.", ("echo", ".")),
        ('"C:\\Program Files\\a b.exe" /x', ("a b", " /x")),
    ],
)
def test_names_of_commands(text: str, wanted: tuple[str, str]) -> None:
    assert split_command(text) == wanted


def test_outer_quotes_go_inner_ones_stay() -> None:
    assert strip_quotes(' "copy "a b" c" ') == 'copy "a b" c'
    assert strip_quotes("ver") == "ver"
