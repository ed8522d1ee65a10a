# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real OPC UA server for the lines of one endpoint, on loopback.

It offers a small address space instead of the standard one, whose 10,000 nodes take seconds to build: the server
object with its status and name tables, the base types that browsing needs, and the lines' nodes [assumed: like a
controller with the embedded server profile]. No security policy but None [assumed].
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlparse

from .state import Line

try:
    import asyncua
    from asyncua.common.callback import CallbackType

    ua: Any = asyncua.ua  # its own types forbid plain numbers where its code takes them

    IMPORT_ERROR: ImportError | None = None
except ImportError as _exc:
    IMPORT_ERROR = _exc

_APPLICATION = "urn:otedge:twin:lines"

# Numeric ids of namespace 0: (parent, reference type, id, name). OPC 10000-5 and 10000-6, annex A.
_REFERENCE_TYPES = (
    (0, 0, 31, "References"),
    (31, 45, 33, "HierarchicalReferences"),
    (31, 45, 32, "NonHierarchicalReferences"),
    (32, 45, 40, "HasTypeDefinition"),
    (33, 45, 34, "HasChild"),
    (34, 45, 45, "HasSubtype"),
    (34, 45, 44, "Aggregates"),
    (44, 45, 46, "HasProperty"),
    (44, 45, 47, "HasComponent"),
    (33, 45, 35, "Organizes"),
)
_OBJECT_TYPES = ((0, 0, 58, "BaseObjectType"), (58, 45, 61, "FolderType"), (58, 45, 2004, "ServerType"))
_VARIABLE_TYPES = (
    (0, 0, 62, "BaseVariableType"),
    (62, 45, 63, "BaseDataVariableType"),
    (62, 45, 68, "PropertyType"),
)
_OBJECTS = ((0, 0, 84, "Root", 61), (84, 35, 85, "Objects", 61), (85, 35, 2253, "Server", 2004))
# (parent, reference type, id, name, type definition, data type)
_VARIABLES = (
    (2253, 46, 2254, "ServerArray", 68, 12),
    (2253, 46, 2255, "NamespaceArray", 68, 12),
    (2253, 46, 2267, "ServiceLevel", 68, 3),
    (2253, 47, 2256, "ServerStatus", 63, 862),
    (2256, 47, 2257, "StartTime", 63, 294),
    (2256, 47, 2258, "CurrentTime", 63, 294),
    (2256, 47, 2259, "State", 63, 852),
)


class LineServer:
    """One OPC UA endpoint with the nodes of its lines.

    Args:
        lines: the lines behind this endpoint; their node ids must differ.
        endpoint: as the site model gives it; its path is kept.
        port: 0 for any free one.
    """

    def __init__(self, lines: list[Line], endpoint: str, port: int = 0) -> None:
        if IMPORT_ERROR is not None:
            raise IMPORT_ERROR
        self.lines = lines
        self.port = port
        self._path = urlparse(endpoint).path
        self._nodes: dict[str, Line] = {}
        self._server: asyncua.Server | None = None

    @property
    def endpoint(self) -> str:
        """The address under which it is reached."""
        return f"opc.tcp://127.0.0.1:{self.port}{self._path}"

    async def start(self) -> None:
        """Listen on loopback."""
        logging.getLogger("asyncua").setLevel(logging.ERROR)
        server = asyncua.Server()
        server.set_server_name("Simulated production line")
        server.set_endpoint(f"opc.tcp://127.0.0.1:{self.port}{self._path}")
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        _fill(server)
        await server.set_application_uri(_APPLICATION)
        for line in self.lines:
            await self._add_line(server, line)
        server.iserver.callback_service.addListener(CallbackType.PreWrite, self._on_write)  # type: ignore[arg-type]
        await server.start()
        self._server = server
        if server.bserver is not None:
            self.port = server.bserver.port

    async def stop(self) -> None:
        """Close the endpoint."""
        if self._server is not None:
            server, self._server = self._server, None
            await asyncio.wait_for(server.stop(), timeout=5)

    async def _add_line(self, server: asyncua.Server, line: Line) -> None:
        nodes = [("State", line.source.get("node")), ("StateSince", line.source.get("since_node"))]
        for label, text in nodes:
            if not text:
                continue
            node_id = ua.NodeId.from_string(str(text))
            await _name_namespaces(server, node_id.NamespaceIndex)
            name = str(text).rpartition("=")[2]
            _add_variable(server, node_id, name, 13 if label == "StateSince" else _data_type(line))
            server.set_attribute_value_callback(node_id, self._reader(line, label, str(text)))
            self._nodes[node_id.to_string()] = line

    def _reader(self, line: Line, label: str, text: str) -> Any:
        def read(_node: Any, _attribute: Any) -> Any:
            line.read(text)
            return _data_value(line, label)

        return read

    def _on_write(self, event: Any, _service: Any) -> None:
        if not event.is_external:
            return
        for item in event.request_params.NodesToWrite:
            line = self._nodes.get(item.NodeId.to_string(), self.lines[0])
            line.written(item.NodeId.to_string())


def _data_type(line: Line) -> int:
    return 6 if isinstance(line.value, int) else 12


def _data_value(line: Line, label: str) -> Any:
    """Give value, quality and times of one node as they are now."""
    stamp = datetime.fromtimestamp(line.source_time, UTC)
    status = {
        "good": ua.StatusCodes.Good,
        "uncertain": ua.StatusCodes.UncertainLastUsableValue,
        "bad": ua.StatusCodes.BadSensorFailure,
    }[line.quality]
    if line.down:
        status = ua.StatusCodes.BadNotConnected
    value: Any = None
    if line.quality != "bad" and not line.down:
        if label == "StateSince":
            value = ua.Variant(datetime.fromtimestamp(line.since, UTC), ua.VariantType.DateTime)
        elif isinstance(line.value, int):
            value = ua.Variant(line.value, ua.VariantType.Int32)
        else:
            value = ua.Variant(line.value, ua.VariantType.String)
    return ua.DataValue(
        Value=value or ua.Variant(None, ua.VariantType.Null),
        StatusCode=ua.StatusCode(status),
        SourceTimestamp=stamp,
        ServerTimestamp=datetime.now(UTC),
    )


async def _name_namespaces(server: asyncua.Server, index: int) -> None:
    """Have a name for every namespace up to the one a node id uses."""
    for number in range(len(await server.get_namespace_array()), index + 1):
        await server.register_namespace(f"urn:otedge:twin:namespace:{number}")


def _place(row: list[Any]) -> tuple[int, int, int, str]:
    parent, reference, node, name = row
    return parent, reference, node, name


def _item(place: tuple[int, int, int, str], kind: Any, attributes: Any, type_of: int = 0) -> Any:
    """Give the request that makes a node; place: parent, reference type, id, name."""
    parent, reference, node, name = place
    item = ua.AddNodesItem()
    item.ParentNodeId = ua.NodeId(parent)
    item.ReferenceTypeId = ua.NodeId(reference)
    item.RequestedNewNodeId = ua.NodeId(node)
    item.BrowseName = ua.QualifiedName(name, 0)
    item.NodeClass = kind
    item.TypeDefinition = ua.NodeId(type_of)
    attributes.DisplayName = ua.LocalizedText(name)
    item.NodeAttributes = attributes
    return item


def _variable_attributes(data_type: int, rank: int = -1) -> Any:
    attributes = ua.VariableAttributes()
    attributes.DataType = ua.NodeId(data_type)
    attributes.ValueRank = rank
    attributes.AccessLevel = attributes.UserAccessLevel = ua.AccessLevel.CurrentRead.mask
    return attributes


def _fill(server: asyncua.Server) -> None:
    """Build the small address space."""
    items = [_item(place, ua.NodeClass.ReferenceType, ua.ReferenceTypeAttributes()) for place in _REFERENCE_TYPES]
    items += [_item(place, ua.NodeClass.ObjectType, ua.ObjectTypeAttributes()) for place in _OBJECT_TYPES]
    items += [_item(place, ua.NodeClass.VariableType, ua.VariableTypeAttributes()) for place in _VARIABLE_TYPES]
    for *place, type_of in _OBJECTS:
        items.append(_item(_place(place), ua.NodeClass.Object, ua.ObjectAttributes(), type_of))
    for *place, type_of, data_type in _VARIABLES:
        attributes = _variable_attributes(data_type, 1 if str(place[3]).endswith("Array") else -1)
        items.append(_item(_place(place), ua.NodeClass.Variable, attributes, type_of))
    _add(server, items)
    space = server.iserver.aspace
    first = {2254: [_APPLICATION], 2255: ["http://opcfoundation.org/UA/"]}
    for node, value in first.items():
        variant = ua.Variant(value, ua.VariantType.String)
        space[ua.NodeId(node)].attributes[ua.AttributeIds.Value].value = ua.DataValue(variant)
    level = ua.DataValue(ua.Variant(255, ua.VariantType.Byte))
    space[ua.NodeId(2267)].attributes[ua.AttributeIds.Value].value = level


def _add_variable(server: asyncua.Server, node_id: Any, name: str, data_type: int) -> None:
    item = _item((85, 35, 0, name), ua.NodeClass.Variable, _variable_attributes(data_type), 63)
    item.RequestedNewNodeId = node_id
    item.BrowseName = ua.QualifiedName(name, node_id.NamespaceIndex)
    _add(server, [item])


def _add(server: asyncua.Server, items: list[Any]) -> None:
    refused = list(server.iserver.node_mgt_service.try_add_nodes(items, check=False))
    if refused:
        names = ", ".join(f"{item.BrowseName.Name} ({item.RequestedNewNodeId.to_string()})" for item in refused)
        raise ValueError(f"these OPC UA nodes cannot be made: {names}")
