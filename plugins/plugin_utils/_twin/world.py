# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one world behind the simulated peers.

The world makes the peers like this (all state arguments: what ``dump()`` gave, or None at the first start):

* ``pc.machine.Machine(config, hooks: PcHooks, state)``; config = {"name", "model" (twin_pc), "overrides"
  (twin_pc_overrides), "address", "mac", "user", "password", "flows" (station_flows), "apps", "timezone",
  "install_seconds", "boot_seconds", "after_install", "unit_mac" (12 hex digits, upper case)};
  ``.os_phase`` in off, booting, windows, installing, thin_client; ``.armed`` bool; ``.tick(now)``, ``.power_cut()``,
  ``.dump()``, ``.inject(fault, args)``
* ``pc.server.PcServer(machine, user, password, port=0)``; threads of its own; ``.start()``, ``.stop()``, ``.port``
* ``switch.Switch(name, config, hooks: SwitchHooks, state)``; config = twin_switch + {"ports": [names of the access
  ports], "address"}; ``.evaluate(interface, "in", packet)``, ``.tick``, ``.dump()`` (holds "bindings", "lists",
  "startup_equals_running"), ``.inject``
* ``switch.SwitchServer(switch, user, password, host_key_path, port=0)``; ``async start()``, ``async stop()``,
  ``.port`` (after start), ``.host_key_path`` is made if missing, ``.public_key`` (OpenSSH line)
* ``ums.UmsStore(config, hooks: UmsHooks, state)``; config = twin_ums; ``.tick``, ``.dump()``, ``.inject``,
  ``.register(unit_mac, info)`` (automatic registration: makes or updates the record, online; info = {"name",
  "address", "serial"...}), ``.set_online(unit_mac, online)``, ``.summary()`` -> {devices, directories, assignments}
* ``ums.UmsServer(store, user, password, pki_dir, port=0)``; threads of its own; ``.start()``, ``.stop()``,
  ``.port``, ``.ca_path``
"""

from __future__ import annotations
