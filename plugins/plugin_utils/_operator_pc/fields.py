# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of an assessment: key, section, where each comes from and what must be asked for it."""

from __future__ import annotations

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import fields_machine as machine
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import fields_use as use
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.field import Field

FIELDS: tuple[Field, ...] = (
    *machine.SYSTEM,
    *machine.WINDOWS,
    *machine.FIRMWARE,
    *machine.PROTECTION,
    *use.NETWORK,
    *use.DEVICES,
    *use.SOFTWARE,
    *use.WORK,
    *use.ACCESS,
    *use.CONVERTER,
)
SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(field.section for field in FIELDS))
