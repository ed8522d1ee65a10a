# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the connection to the management server; documented in the doc fragment ``otedge.endpoint.ums``."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback

UMS_CONNECTION: dict[str, Any] = {
    "host": {"type": "str", "required": True, "fallback": (env_fallback, ["IGEL_UMS_HOST"])},
    "port": {"type": "int", "default": 8443, "fallback": (env_fallback, ["IGEL_UMS_PORT"])},
    "username": {"type": "str", "required": True, "fallback": (env_fallback, ["IGEL_UMS_USERNAME"])},
    "password": {
        "type": "str",
        "required": True,
        "no_log": True,
        "fallback": (env_fallback, ["IGEL_UMS_PASSWORD"]),
    },
    "ca_path": {"type": "path", "fallback": (env_fallback, ["IGEL_UMS_CA_PATH"])},
    "validate_certs": {"type": "bool", "default": True, "fallback": (env_fallback, ["IGEL_UMS_VALIDATE_CERTS"])},
    "timeout": {"type": "int", "default": 60, "fallback": (env_fallback, ["IGEL_UMS_TIMEOUT"])},
}

# For modules that write.
UMS_RECORDS: dict[str, Any] = {
    "site_records": {"type": "path"},
    "parallel": {"type": "int", "default": 4},
    "empty_server": {"type": "bool", "default": False},
}
UMS_STATE: dict[str, Any] = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}
