# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of fields, second part: what the PC is connected to, what runs on it, and who uses it."""

from __future__ import annotations

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import connected as n
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import hardware as h
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import people as p
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import readers as r
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import windows as w
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import work as k
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import READS as CONVERTER_READS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.field import Field, listed, value, wmi

_ADAPTERS = ("adapters", "addresses")
_CONNECTIONS = ("connections", "netstat")
NETWORK: tuple[Field, ...] = (
    Field(
        "network.adapters", "network", "Win32_NetworkAdapter, Win32_NetworkAdapterConfiguration",
        "[{mac, name, pnp_id, bus, wireless, connected, speed, ip, mask, gateway, dns, dhcp}]", n.adapters, _ADAPTERS,
    ),
    Field(
        "network.unit_mac_prediction", "network", "Win32_NetworkAdapter, unit id rule",
        "MAC the converted PC will probably be known by; C(certain) beside it", n.predicted_mac, ("adapters",),
    ),
    Field(
        "network.connections", "network", "netstat or MSFT_NetTCPConnection",
        "peers: [{address, protocol, port}]", n.connections, _CONNECTIONS,
    ),
    Field(
        "network.listening", "network", "netstat or MSFT_NetTCPConnection",
        "open ports: [{protocol, address, port, pid}]", n.listening, _CONNECTIONS,
    ),
    Field(
        "network.routes", "network", "route print or Win32_IP4RouteTable", "[{to, mask, gateway, interface, metric}]",
        n.routes, ("routes", "route_table"),
    ),
    Field(
        "network.persistent_routes", "network", "registry PersistentRoutes", "[{to, mask, gateway, metric}]",
        n.persistent_routes, ("persistent_routes",),
    ),
    Field(
        "network.firewall", "network", "registry EnableFirewall",
        "{domain, private, public}, each {on, policy: what a policy demands or null}", n.firewall,
        ("firewall_domain", "firewall_private", "firewall_public", "firewall_policy"),
    ),
)  # fmt: skip

DEVICES: tuple[Field, ...] = (
    Field("devices.pci", "devices", "Win32_PnPEntity", "cards: [{id, name, problem}]", h.on_bus("PCI\\"), ("devices",)),
    Field(
        "devices.usb", "devices", "Win32_PnPEntity", "USB devices, dongles among them: [{id, name, problem}]",
        h.on_bus("USB\\"), ("devices",),
    ),
    Field(
        "devices.serial_ports", "devices", "Win32_PnPEntity", "serial and parallel ports: [{id, name, problem}]",
        h.serial_ports, ("devices",),
    ),
    Field(
        "devices.com_ports", "devices", "registry SERIALCOMM", "serial ports by driver: [{port, driver}]", h.com_ports,
        ("com_ports",),
    ),
    Field(
        "devices.touch", "devices", "Win32_PnPEntity.Name", "touch screens by their name: [{id, name, problem}]",
        h.touch, ("devices",),
    ),
    listed("devices.monitors", "devices", "monitors", "[{maker, name, serial, active}]", h.monitor),
    listed("devices.video", "devices", "video", "[{name, driver_version, width, height}]", h.video),
)  # fmt: skip

SOFTWARE: tuple[Field, ...] = (
    Field(
        "software.installed", "software", "registry Uninstall, both views", "[{name, version, publisher, installed}]",
        k.software, ("os", "software", "software_32"),
    ),
    Field(
        "software.user_installed", "software", "registry HKU Uninstall",
        "[{name, version, publisher, installed, sid}]", k.user_software, ("user_software",),
    ),
    Field(
        "software.browsers", "software", "registry Internet Explorer, Uninstall", "[{name, version}]", w.browsers,
        ("os", "ie", "ie_old", "software", "software_32"),
    ),
    Field(
        "software.java", "software", "registry JavaSoft, both views", "[{kind, version, view}]", w.java,
        ("os", "java", "java_32"),
    ),
    Field(
        "software.odbc", "software", "registry ODBC Data Sources, both views and accounts",
        "[{name, driver, scope}]; never how they log in", k.odbc, ("os", "odbc", "odbc_32", "user_odbc"),
    ),
    Field(
        "software.opc_servers", "software", "registry Implemented Categories", "OPC DA servers: [{clsid, kinds, view}]",
        k.opc_servers, ("os", "opc", "opc_32"),
    ),
)  # fmt: skip

WORK: tuple[Field, ...] = (
    listed(
        "processes.running", "processes", "processes",
        "[{name, pid, parent, session, path, command_line, started, memory_bytes}]; secrets masked", k.process,
    ),
    Field("services.running", "services", "Win32_Service.State", "names of running services", k.running, ("services",)),
    listed(
        "services.list", "services", "services",
        "that run or start by themselves: [{name, title, state, start, command_line, account, pid}]", k.service,
    ),
    Field(
        "tasks.list", "tasks", "schtasks or MSFT_ScheduledTask",
        "tasks outside Windows' own folder: [{name, enabled, commands, user}]; secrets masked", k.tasks,
        ("os", "tasks", "schtasks"),
    ),
    Field(
        "printers.list", "printers", "Win32_Printer, registry Standard TCP/IP Port",
        "[{name, driver, port, address, network, default, shared}]; not those that print to a file", k.printers,
        ("printers", "printer_ports"),
    ),
    Field(
        "printers.user_connections", "printers", "registry HKU Printers", "[{sid, printer}]", k.user_printers,
        ("user_printers",),
    ),
)  # fmt: skip

ACCESS: tuple[Field, ...] = (
    wmi("access.console_user", "access", "system.UserName", "who is logged on at the console; not over RDP"),
    Field(
        "access.sessions", "access", "query user",
        "[{user, session, id, state, idle_minutes, since}]; state and since in the PC's language", p.sessions,
        ("sessions",),
    ),
    value("access.rdp_enabled", "access", "rdp.fDenyTSConnections", "true if Remote Desktop is on", p.rdp_enabled),
    value("access.rdp_nla", "access", "rdp_nla.UserAuthentication", "true with logon before the screen", p.rdp_nla),
    value("access.rdp_port", "access", "rdp_port.PortNumber", "port", r.registry_number("rdp_port", "PortNumber")),
    value("access.autologon", "access", "autologon.AutoAdminLogon", "true if Windows logs on by itself", p.autologon),
    Field(
        "access.autologon_account", "access", "registry DefaultUserName, DefaultDomainName", "{user, domain}",
        p.autologon_account, ("autologon_user", "autologon_domain"),
    ),
    Field(
        "access.autologon_password_stored", "access", "registry DefaultPassword, whether it exists",
        "true if a password lies in the registry; its value never leaves the PC", p.autologon_password,
        ("autologon_password", "userinit"),
    ),
    value("access.shell", "access", "shell.Shell", "program that Windows shows to everybody"),
    value("access.userinit", "access", "userinit.Userinit", "programs that start before the shell"),
    value("access.shell_policy", "access", "shell_policy.Shell", "shell set by policy; empty for none", p.policy_shell),
    Field(
        "access.user_shells", "access", "registry HKU Winlogon Shell", "[{sid, shell}]", p.user_shells, ("user_shell",)
    ),
    Field(
        "access.shell_launcher", "access", "WESL_UserSetting", "[{sid, shell, action}]", p.launcher,
        ("os", "launcher"),
    ),
    Field(
        "access.assigned_access", "access", "registry AssignedAccessConfiguration", "true if a kiosk is set up",
        p.assigned_access, ("assigned_access",),
    ),
    Field(
        "access.autostart", "access", "registry Run, RunOnce; startup folder",
        "[{name, command_line, place, scope}]; secrets masked", p.autostart,
        ("os", "run", "run_once", "run_32", "run_once_32", "startup_folder", "user_run"),
    ),
    listed("access.shares", "access", "shares", "shares that are not Windows' own: [{name, path, kind}]", p.share),
    Field(
        "access.mapped_drives", "access", "registry HKU Network", "[{sid, drive, path, user}]", p.mapped_drives,
        ("user_drives",),
    ),
)  # fmt: skip

CONVERTER: tuple[Field, ...] = (
    Field(
        "converter.files", "converter", r"C:\OSC", "{installed, image, staged, armed, original, files, downloads}",
        n.converter, tuple(CONVERTER_READS),
    ),
)  # fmt: skip
