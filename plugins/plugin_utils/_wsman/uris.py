# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of the protocols: namespaces and resource URIs (DSP0226, DSP0227, MS-WSMV)."""

from __future__ import annotations

ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
SHELL_URI = f"{SHELL}/cmd"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi"
WQL = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
IDENTITY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def class_uri(namespace: str, name: str) -> str:
    """Give the resource URI of a WMI class; namespace with slashes or backslashes, ``*`` for a WQL query."""
    path = namespace.replace("\\", "/").strip("/")
    return f"{WMI}/{path}/{name}"
