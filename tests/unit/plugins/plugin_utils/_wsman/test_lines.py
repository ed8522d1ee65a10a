# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command lines and queries: what is refused, and that quoting keeps every argument."""

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import quoting, wql
from hypothesis import assume, example, given
from hypothesis import strategies as st


def windows_argv(line: str) -> list[str]:
    """Read a command line as CommandLineToArgvW does (its documented rules, written anew)."""
    found: list[str] = []
    position, end = 0, len(line)
    while True:
        while position < end and line[position] in " \t":
            position += 1
        if position >= end:
            return found
        word, quoted = "", False
        while position < end and (quoted or line[position] not in " \t"):
            slashes = 0
            while position < end and line[position] == "\\":
                slashes, position = slashes + 1, position + 1
            if position < end and line[position] == '"':
                word += "\\" * (slashes // 2)
                if slashes % 2:
                    word += '"'
                else:
                    quoted = not quoted
                position += 1
            else:
                word += "\\" * slashes
                if position < end and (quoted or line[position] not in " \t"):
                    word, position = word + line[position], position + 1
        found.append(word)


ARGUMENT = st.text(st.sampled_from('ab \\"%^&|<>\t'), max_size=12)


@given(st.lists(ARGUMENT, max_size=4))
@example(["C:\\dir with space\\", 'a\\"b', ""])
def test_every_argument_arrives_as_given(arguments: list[str]) -> None:
    assert windows_argv(quoting.argv_line(["C:\\Program Files\\x.exe", *arguments])) == [
        "C:\\Program Files\\x.exe",
        *arguments,
    ]


@given(st.text(st.sampled_from("ab \\^&|<>()!,;=é"), max_size=12))
def test_a_quoted_path_is_one_argument(text: str) -> None:
    assume(text)
    assert windows_argv(f"prog {quoting.quote(text)}") == ["prog", text]


@pytest.mark.parametrize("text", ['a"b', "%PATH%", "a\nb", "a\0"])
def test_what_cmd_would_read_otherwise_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        quoting.quote(text)


@pytest.mark.parametrize("line", ["", " ", "a\rb", "a\nb", "a\0b", "x" * 8192, "\N{GRINNING FACE}" * 4096])
def test_lines_that_do_not_arrive(line: str) -> None:
    with pytest.raises(InputError) as caught:
        quoting.check_line(line)
    assert not line.strip() or line not in str(caught.value)


def test_the_longest_line() -> None:
    assert quoting.check_line("x" * 8191)


@pytest.mark.parametrize(
    ("line", "name"), [('"C:\\A B\\x.exe" /pass:1', "C:\\A B\\x.exe"), ("  net use x secret", "net"), ("", "")]
)
def test_messages_name_the_program_alone(line: str, name: str) -> None:
    assert quoting.program(line) == name


@pytest.mark.parametrize(
    "text",
    [
        "select * from Win32_Product",
        "SELECT Name FROM win32_product WHERE Name LIKE '%x%'",
        "select\tName\nfrom\r\n  WIN32_PRODUCT",
        "select * from CIM_Product",
        "select * from Win32_ProductSoftwareFeatures",
        "associators of {Win32_Product.IdentifyingNumber='{1}',Name='x',Version='1'}",
        "associators of {Win32_SoftwareFeature.Name='x'} where ResultClass = Win32_Product",
        "references of{win32_product.Name='x'}",
        "select * from Win32_Service where __class = 'Win32_Product'",
        "select * from Win32_Service where Name='x' or __this isa \"Win32_Product\"",
        "select*from(Win32_Product)",
    ],
)
def test_win32_product_in_any_form(text: str) -> None:
    with pytest.raises(InputError, match="never asked.*Uninstall keys"):
        wql.check_query(text)


@pytest.mark.parametrize(
    "text",
    [
        "select Name from Win32_ComputerSystemProduct",
        "select UUID from win32_computersystemproduct",
        "  Select Name from Win32_Service where PathName like 'C:\\\\%'",
        "associators of {Win32_LogicalDisk.DeviceID='C:'}",
        "references of {Win32_Service.Name='x'}",
    ],
)
def test_queries_that_read(text: str) -> None:
    assert wql.check_query(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "delete from x", "insert", "notification query", "select a\0b", "select " + "x" * 17000]
)
def test_queries_that_do_not(text: str) -> None:
    with pytest.raises(InputError):
        wql.check_query(text)


def test_a_query_is_built_from_checked_names() -> None:
    assert wql.select("Win32_Service", ["Name", "State"], " State='Running' ") == (
        "select Name,State from Win32_Service where State='Running'"
    )
    assert wql.select("X") == "select * from X"
    for name, columns in (("a b", []), ("X", ["a,b from Win32_Y"]), ("X;", []), ("Win32_Product", [])):
        with pytest.raises(InputError):
            wql.select(name, columns)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("root/cimv2", "root/cimv2"),
        ("root\\cimv2\\Security\\MicrosoftTpm", "root/cimv2/Security/MicrosoftTpm"),
        ("/root/wmi/", "root/wmi"),
    ],
)
def test_namespaces(text: str, expected: str) -> None:
    assert wql.check_namespace(text) == expected


@pytest.mark.parametrize("text", ["", "root/../x", "root//x", "root/cimv2?a=b", "root/a b", "root:x"])
def test_no_namespaces(text: str) -> None:
    with pytest.raises(InputError):
        wql.check_namespace(text)
