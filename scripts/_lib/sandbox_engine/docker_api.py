"""The part of the Docker Engine API that workerd and miniflare call, over HTTP.

Seen with workerd 1.20261117: networks/bridge, images/*/json, volumes, containers (create, start,
json, wait, stop, kill, delete, list) and archive. Nothing else is answered but by 404.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from _lib.sandbox_engine.boxes import Boxes, Container

SESSION_LABEL = "dev.workerd.session"
_SIGNALS = {"SIGTERM": 15, "SIGKILL": 9, "SIGINT": 2, "SIGHUP": 1, "SIGUSR1": 10, "SIGUSR2": 12}


class DockerApi:
    """Routes over the boxes of one engine."""

    def __init__(self, boxes: Boxes) -> None:
        self._boxes = boxes

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/_ping", self._ping),
                web.get("/version", self._version),
                web.get("/networks/{name}", self._network),
                web.get("/images/{name:.+}/json", self._image),
                web.get("/volumes", self._volumes),
                web.get("/containers/json", self._list),
                web.post("/containers/create", self._create),
                web.get("/containers/{name}/json", self._inspect),
                web.post("/containers/{name}/start", self._start),
                web.post("/containers/{name}/stop", self._stop),
                web.post("/containers/{name}/kill", self._kill),
                web.post("/containers/{name}/wait", self._wait),
                web.put("/containers/{name}/archive", self._archive),
                web.delete("/containers/{name}", self._delete),
            ]
        )
        return app

    async def _ping(self, _request: web.Request) -> web.Response:
        return web.Response(text="OK")

    async def _version(self, _request: web.Request) -> web.Response:
        return web.json_response({"Version": "local", "ApiVersion": "1.44"})

    async def _network(self, request: web.Request) -> web.Response:
        addresses = {"Subnet": "127.0.0.0/8", "Gateway": "127.0.0.1"}
        return web.json_response(
            {"Name": request.match_info["name"], "IPAM": {"Config": [addresses]}}
        )

    async def _image(self, request: web.Request) -> web.Response:
        return web.json_response({"Id": request.match_info["name"], "Size": 0})

    async def _volumes(self, _request: web.Request) -> web.Response:
        return web.json_response({"Volumes": [], "Warnings": []})

    async def _list(self, request: web.Request) -> web.Response:
        filters = json.loads(request.query.get("filters") or "{}")
        wanted = [str(label).partition("=")[::2] for label in filters.get("label") or []]
        return web.json_response(
            [
                {
                    "Id": one.id,
                    "Names": ["/" + one.name],
                    "State": one.status,
                    "Labels": one.labels,
                    "HostConfig": {
                        "NetworkMode": (one.create.get("HostConfig") or {}).get("NetworkMode", "")
                    },
                }
                for one in self._boxes.all()
                if all(one.labels.get(name) == value for name, value in wanted)
            ]
        )

    async def _create(self, request: web.Request) -> web.Response:
        name = request.query.get("name", "")
        container = self._boxes.create(name, await request.json())
        if container is None:
            return _message(409, f"The name {name} is taken.")
        return web.json_response({"Id": container.id, "Warnings": []}, status=201)

    async def _inspect(self, request: web.Request) -> web.Response:
        container = self._found(request)
        self._adopt(container, request.match_info["name"])
        return web.json_response(_description(container))

    async def _start(self, request: web.Request) -> web.Response:
        container = self._found(request)
        if container.status == "running":
            return web.Response(status=304)
        try:
            await self._boxes.start(container)
        except OSError as error:
            return _message(500, f"The sandbox cannot be started: {error}")
        return web.Response(status=204)

    async def _stop(self, request: web.Request) -> web.Response:
        container = self._found(request)
        if container.status != "running":
            return web.Response(status=304)
        await self._boxes.stop(container)
        return web.Response(status=204)

    async def _kill(self, request: web.Request) -> web.Response:
        container = self._found(request)
        if container.status != "running":
            return _message(409, "It is not running.")
        await self._boxes.kill(container, _SIGNALS.get(request.query.get("signal", ""), 9))
        return web.Response(status=204)

    async def _wait(self, request: web.Request) -> web.StreamResponse:
        container = self._found(request)
        if container.status == "running":
            await container.ended.wait()
        return web.json_response({"StatusCode": container.exit_code})

    async def _archive(self, request: web.Request) -> web.Response:
        self._found(request)
        await request.read()
        return web.Response(status=200)

    async def _delete(self, request: web.Request) -> web.Response:
        await self._boxes.remove(self._found(request))
        return web.Response(status=204)

    def _found(self, request: web.Request) -> Container:
        container = self._boxes.find(request.match_info["name"])
        if container is None:
            raise web.HTTPNotFound(
                text=json.dumps({"message": "No such container"}), content_type="application/json"
            )
        return container

    def _adopt(self, container: Container, asked_as: str) -> None:
        """A new session found what an older one left: from now on it belongs to the new one."""
        parts = asked_as.split("-")
        if len(parts) > 1 and SESSION_LABEL in container.labels and len(parts[1]) == 16:
            container.labels[SESSION_LABEL] = parts[1]


def _description(container: Container) -> dict[str, Any]:
    ports: dict[str, Any] = {}
    if container.ingress is not None:
        for port in container.create.get("ExposedPorts") or {}:
            ports[port] = [{"HostIp": "127.0.0.1", "HostPort": str(container.ingress.port)}]
    return {
        "Id": container.id,
        "Name": "/" + container.name,
        "State": {
            "Status": container.status,
            "Running": container.status == "running",
            "ExitCode": container.exit_code,
        },
        "Config": {"Labels": container.labels},
        "NetworkSettings": {"Ports": ports},
    }


def _message(status: int, text: str) -> web.Response:
    return web.json_response({"message": text}, status=status)
