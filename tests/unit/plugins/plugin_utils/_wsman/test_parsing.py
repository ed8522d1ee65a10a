# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import parsing
from hypothesis import given
from hypothesis import strategies as st

BERLIN = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2013-03-09T03:06:25Z", datetime(2013, 3, 9, 3, 6, 25, tzinfo=UTC)),
        ("2013-03-09T03:06:39.5Z", datetime(2013, 3, 9, 3, 6, 39, 500000, tzinfo=UTC)),
        ("2013-03-09T03:06:38.376625Z", datetime(2013, 3, 9, 3, 6, 38, 376625, tzinfo=UTC)),
        ("2013-03-09T03:06:38.3766251+01:00", datetime(2013, 3, 9, 3, 6, 38, 376625, tzinfo=BERLIN)),
        ("20130309030625.500000+060", datetime(2013, 3, 9, 3, 6, 25, 500000, tzinfo=BERLIN)),
        ("20130309030625.******+***", datetime(2013, 3, 9, 3, 6, 25, tzinfo=UTC)),
        ("20130309", datetime(2013, 3, 9, tzinfo=UTC)),
        ("2013-13-09T03:06:25Z", None),
        ("not a time", None),
        (None, None),
    ],
)
def test_times(text: str | None, expected: datetime | None) -> None:
    assert parsing.parse_time(text) == expected


@given(st.text())
def test_times_never_raise(text: str) -> None:
    result = parsing.parse_time(text)
    assert result is None or result.tzinfo is not None


def test_a_dtd_is_refused() -> None:
    with pytest.raises(PeerError, match="DTD"):
        parsing.parse(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')


@pytest.mark.parametrize("data", [b"", b"busy", b"<a><b></a>", b"<a>" * 5, b"\xff\xfe<\x00a\x00/\x00>\x00"])
def test_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(PeerError, match="no XML"):
        parsing.parse(data)


@pytest.mark.parametrize("data", [b"<html><p>busy</html>", b"\n<!DOCTYPE HTML PUBLIC 'x'><html/>"])
def test_a_web_page_is_told_as_one(data: bytes) -> None:
    with pytest.raises(PeerError, match="web page.*proxy"):
        parsing.parse(data)


def test_no_encoding_hides_a_dtd() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    with pytest.raises(PeerError):
        parsing.parse(text.encode("utf-16"))


@pytest.mark.parametrize("bad", [b"\x01", b"&#x1;", b"&#1;", b"\xff", b"&#xFFFFFFFF;"])
def test_illegal_characters_are_replaced_and_told(bad: bytes) -> None:
    warnings: list[str] = []
    root = parsing.parse(b"<a><Name>x" + bad + b"y</Name></a>", warnings)
    assert parsing.text_of(root, "Name") == "x\N{REPLACEMENT CHARACTER}y"
    assert len(warnings) == 1


@given(st.binary())
def test_only_peer_errors_come_out(data: bytes) -> None:
    try:
        root = parsing.parse(data)
    except PeerError:
        return
    assert isinstance(parsing.local(root), str)


def test_properties_of_all_kinds() -> None:
    root = parsing.parse(
        b'<p:X xmlns:p="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common">'
        b'<p:Nil xsi:nil="true"/><p:Empty/><p:One>1</p:One><p:Many>a</p:Many><p:Many>b</p:Many><p:Many>c</p:Many>'
        b"<p:Time><cim:Datetime>2013-03-09T03:06:25Z</cim:Datetime></p:Time><p:Inner><p:A>1</p:A></p:Inner></p:X>"
    )
    assert parsing.properties(root) == {
        "Nil": None,
        "Empty": "",
        "One": "1",
        "Many": ["a", "b", "c"],
        "Time": "2013-03-09T03:06:25Z",
        "Inner": {"A": "1"},
    }


@pytest.mark.parametrize(("value", "expected"), [(None, []), ("", []), ("a", ["a"]), (["a", "b"], ["a", "b"])])
def test_arrays_of_any_length(value: object, expected: list[str]) -> None:
    assert parsing.as_list(value) == expected
