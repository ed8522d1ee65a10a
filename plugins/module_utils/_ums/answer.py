# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading what comes over the wire: a body, the session of a login, the cause of a failed request. Pure."""

from __future__ import annotations

import json
import re
import ssl
from http.cookies import CookieError, SimpleCookie
from typing import Any

# Anything else in a cookie would be refused by requests, with a message that shows the whole header.
_COOKIE = re.compile(r"[A-Za-z0-9._!~+-]+")


def parsed(content: bytes) -> Any:
    """Give the JSON of a body, None if it is none."""
    try:
        return json.loads(content.decode("utf-8"))
    except ValueError:
        return None


def session_cookie(body: Any, set_cookie: str) -> str:
    """Give the session id of a login's answer, empty if there is none.

    Source: contract, section 2: body message and ``Set-Cookie`` both carry it.
    """
    message = body.get("message") if isinstance(body, dict) else None
    if isinstance(message, str) and message.startswith("JSESSIONID="):
        value = message.split("=", 1)[1].split(";", 1)[0].strip()
    else:
        try:
            morsel = SimpleCookie(set_cookie).get("JSESSIONID")
        except CookieError:
            morsel = None
        value = morsel.value if morsel else ""
    return value if _COOKIE.fullmatch(value) else ""


def innermost(exc: BaseException) -> BaseException:
    """Give the exception behind the one at hand: requests wraps it several times."""
    inner: BaseException = exc
    for _depth in range(6):
        reason = getattr(inner, "reason", None)
        wrapped = reason if isinstance(reason, BaseException) else inner.__cause__ or inner.__context__
        if not isinstance(wrapped, BaseException):
            break
        inner = wrapped
    return inner


def cause(exc: BaseException) -> str:
    """Give the innermost cause in one line."""
    inner = innermost(exc)
    return " ".join(str(inner).split())[:200] or type(inner).__name__


def is_distrust(exc: BaseException) -> bool:
    """Say whether a certificate was refused; any other failure of TLS may be a connection that was cut."""
    return isinstance(innermost(exc), ssl.SSLCertVerificationError)
