# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``query`` of the plugins that list things. This is the only file that uses the jmespath library."""

from __future__ import annotations

import sys
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError

try:
    import jmespath

    JMESPATH_ERROR: ImportError | None = None
except ImportError as exc:
    JMESPATH_ERROR = exc


def check(query: str | None) -> None:
    """Refuse a query that cannot be run, before the peer is asked.

    Raises:
        InputError: the query is not valid JMESPath.
        OtedgeError: the library jmespath is missing.
    """
    if not query:
        return
    if JMESPATH_ERROR is not None:
        raise OtedgeError(
            "The option query needs the Python library jmespath, which is missing on the controller, in"
            f" {sys.executable}.",
            fix="Install it there: pip install -r requirements.txt of this collection; or filter without query.",
        ) from JMESPATH_ERROR
    try:
        jmespath.compile(query)
    except jmespath.exceptions.JMESPathError as exc:
        raise _invalid(query, exc) from exc


def selected(found: Any, query: str | None) -> list[Any]:
    """Give what a JMESPath query selects from a list of things, or from a whole result; all of it without a query.

    Raises:
        InputError: the query is not valid or does not give a list.
        OtedgeError: the library jmespath is missing.
    """
    check(query)
    if not query:
        return found
    try:
        result = jmespath.search(query, found)
    except jmespath.exceptions.JMESPathError as exc:
        raise _invalid(query, exc) from exc
    if result is None:
        return []
    if not isinstance(result, list):
        raise InputError(
            f"The query {query!r} gives no list but {type(result).__name__}.",
            fix="Select from the list, for example [?name=='l1-op1'].",
        )
    return result


def _invalid(query: str, exc: Exception) -> InputError:
    text = " ".join(str(exc).split())
    return InputError(f"The query {query!r} is not valid JMESPath: {text}.", fix="See jmespath.org.")
