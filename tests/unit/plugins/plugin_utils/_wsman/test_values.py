# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from contextlib import suppress
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import fault_table, parsing, values
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("Spooler", "string", "Spooler"),
        ("", "string", ""),
        ("65", "char16", "65"),
        ("true", "boolean", True),
        ("FALSE", "boolean", False),
        ("1", "boolean", True),
        ("255", "uint8", 255),
        ("-128", "sint8", -128),
        ("65535", "uint16", 65535),
        ("18446744073709551615", "uint64", 2**64 - 1),
        ("-9223372036854775808", "sint64", -(2**63)),
        ("1.5E3", "real64", 1500.0),
        ("2013-03-09T03:06:25Z", "datetime", "2013-03-09T03:06:25+00:00"),
        ("20130309030625.500000+060", "datetime", "2013-03-09T03:06:25.500000+01:00"),
        ("P1DT2H3M4.5S", "interval", 93784.5),
        ("-PT5S", "interval", -5.0),
        ("P0DT0H0M0S", "interval", 0.0),
        ("00000001020304.500000:000", "interval", 93784.5),
        ("00000000000100.******:000", "interval", 60.0),
        (None, "uint32", None),
        (None, "uint32[]", []),
        ("", "string[]", []),
        ("7", "uint16[]", [7]),
        (["7", "8"], "uint16[]", [7, 8]),
        (["a", None], "string[]", ["a", None]),
        ({"A": "1"}, "object", {"A": "1"}),
        ([{"A": "1"}, {"A": "2"}], "object[]", [{"A": "1"}, {"A": "2"}]),
    ],
)
def test_types(value: Any, kind: str, expected: Any) -> None:
    values.check_type(kind)
    assert values.convert(value, kind) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("256", "uint8"),
        ("-1", "uint32"),
        ("0x10", "uint32"),
        ("", "uint32"),
        ("yes", "boolean"),
        ("INF", "real32"),
        ("NaN", "real64"),
        ("yesterday", "datetime"),
        ("P1M", "interval"),
        ("P", "interval"),
        ("PT", "interval"),
        (["1", "2"], "uint32"),
        ({"A": "1"}, "string"),
        (["1", "x"], "uint16[]"),
    ],
)
def test_wrong_types(value: Any, kind: str) -> None:
    with pytest.raises(ValueError, match=r"is no"):
        values.convert(value, kind)


@pytest.mark.parametrize("kind", ["", "int", "uint32[][]", "uint128", "[]"])
def test_types_that_do_not_exist(kind: str) -> None:
    with pytest.raises(InputError, match="no CIM type"):
        values.check_type(kind)


@given(st.text(), st.sampled_from(values.TYPES))
def test_conversion_only_raises_value_error(text: str, kind: str) -> None:
    with suppress(ValueError):
        values.convert(text, kind)


NAMESPACES = (
    'xmlns:m="urn:m" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
)


def written(value: Any) -> Any:
    root = ElementTree.fromstring(f"<m:X {NAMESPACES}>{values.element('V', value, 'm')}</m:X>")
    assert all(str(one.tag) == "{urn:m}V" for one in root)
    return parsing.properties(root).get("V")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a & <b>", "a & <b>"),
        ("line\r\nend", "line\r\nend"),
        (7, "7"),
        (True, "true"),
        (None, None),
        ([1, 2], ["1", "2"]),
        ([], None),
        (
            {"__reference": "Win32_Service", "Name": "a&b"},
            {"class": "Win32_Service", "namespace": "root/cimv2", "keys": {"Name": "a&b"}},
        ),
        ({"__class": "Win32_ProcessStartup", "ShowWindow": 0, "Title": None}, {"ShowWindow": "0", "Title": None}),
    ],
)
def test_what_is_written_is_read_again(value: Any, expected: Any) -> None:
    assert written(value) == expected


@given(st.text(st.characters(codec="utf-8")))
def test_text_arrives_or_is_refused(text: str) -> None:
    try:
        assert written(text) == text
    except InputError as exc:
        assert "XML cannot carry" in exc.message  # noqa: PT017


# Section 3 of the notes: every number has a meaning and a next step.
@pytest.mark.parametrize(
    "code",
    [
        5, 0xAA, 0x80338000, 0x80338002, 0x8033803B, 0x80338029, 0x80338035, 0x8033803D, 0x8033805A, 0x8033805B,
        0x8033805C, 0x8033803F, 0x80338041, 0x80338047, 0x80338048, 0x80338049, 0x803380F9, 0x803380FA, 0x803380FB,
        0x803381A5, 0x803381A6, 0x803381A7, 0x803381A8, 0x803381AC, 0x803381AD, 0x803381DD,
        *range(0x803381E4, 0x803381EA),
        0x80041002, 0x80041003, 0x80041006, 0x80041008, 0x8004100C, 0x8004100E, 0x80041010, 0x80041013, 0x80041014,
        0x80041017, 0x80041033, 0x8004106C, 0x800706BA, 0x80070005, 0x80338169,
    ],
)  # fmt: skip
def test_every_number_says_cause_and_fix(code: int) -> None:
    text, fix = fault_table.MEANING[code]
    fault = (
        WsmanFault("said the PC", code=code) if code < 0x80040000 or code > 0x80300000 else WsmanFault("x", wmi=code)
    )
    assert text in str(fault)
    assert fix in str(fault)
    assert fault.as_failure()["fault"] == f"0x{code:08X}"


@pytest.mark.parametrize(
    ("fault", "reaction"),
    [
        (WsmanFault("x", code=0x803381E5), "quota"),
        (WsmanFault("x", code=0x80338049), "envelope"),
        (WsmanFault("x", code=0x803380F9), "undecrypted"),
        (WsmanFault("x", code=0x803381DD), "shell_disabled"),
        (WsmanFault("x", subcode="w:AccessDenied"), "denied"),
        (WsmanFault("x", code=0x80070005), "denied"),
    ],
)
def test_reactions(fault: WsmanFault, reaction: str) -> None:
    assert getattr(fault, reaction)
    assert reaction != "denied" or "LocalAccountTokenFilterPolicy" in fault.fix
    assert isinstance(fault, OtedgeError)
