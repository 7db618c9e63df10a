"""``urllib.request`` and ``requests`` for code that was granted network, by ``pyodide-http``.

That package sends with a browser's synchronous ``XMLHttpRequest``, which a Worker does not have:
``request_type`` makes one out of a function that exchanges a request for an answer. Which hosts may
be reached is not decided here but outside of the isolate.
"""

from __future__ import annotations

import importlib
import types
from collections.abc import Callable, Mapping
from typing import Any

MOST_SECONDS = 10.0
_REQUESTS = (
    "get post put patch delete head options request Session Request Response PreparedRequest "
    "codes RequestException HTTPError ConnectionError Timeout ConnectTimeout ReadTimeout "
    "TooManyRedirects URLRequired JSONDecodeError"
).split()
_URL_ERRORS = ("URLError", "HTTPError", "ContentTooShortError")

Headers = dict[str, str]
Exchange = Callable[[str, str, Headers, Any, float], tuple[int, Headers, bytes]]
"""Method, address, headers, body (or ``None``), seconds → status, headers, body."""


class Unreachable(OSError):
    """There is no answer: the host was not granted, or it did not answer in time."""


class _Bytes:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def to_py(self) -> memoryview:
        return memoryview(self._content)


def request_type(exchange: Exchange, most_seconds: float = MOST_SECONDS) -> type[Any]:
    """An ``XMLHttpRequest`` that waits, as far as ``pyodide-http`` uses it inside of a worker."""

    class XMLHttpRequest:
        timeout = 0
        responseType = ""  # noqa: N815 - the browser's names
        status = 0

        def __init__(self) -> None:
            self._asked: Headers = {}
            self._given: Headers = {}
            self.response = _Bytes(b"")

        @classmethod
        def new(cls) -> XMLHttpRequest:
            return cls()

        def open(self, method: str, url: str, _later: bool) -> None:
            self._method, self._url = method, url

        def setRequestHeader(self, name: str, value: str) -> None:  # noqa: N802
            self._asked[name] = value.decode() if isinstance(value, bytes) else str(value)

        def send(self, body: Any) -> None:
            seconds = min(self.timeout / 1000 or most_seconds, most_seconds)
            self.status, self._given, content = exchange(
                self._method, self._url, self._asked, body, seconds
            )
            self.response = _Bytes(content)

        def getAllResponseHeaders(self) -> str:  # noqa: N802
            return "".join(f"{name}: {value}\r\n" for name, value in self._given.items())

    return XMLHttpRequest


def granted_modules() -> Mapping[str, Callable[[], types.ModuleType]]:
    """What may be imported besides, each as a copy of its public names, made when it is asked for.

    ``XMLHttpRequest`` must be there by then.
    """
    return {
        "urllib.request": _urllib_request,
        "urllib.error": _urllib_error,
        "requests": _requests,
        "requests.exceptions": lambda: _copy("requests.exceptions"),
    }


def _urllib_request() -> types.ModuleType:
    import urllib.error
    import urllib.request

    importlib.import_module("pyodide_http").patch_urllib()
    send = urllib.request.urlopen

    def urlopen(url: Any, data: Any = None, timeout: Any = None) -> Any:
        del timeout
        asked = url if hasattr(url, "get_method") else urllib.request.Request(url)  # noqa: S310
        if data is not None:
            asked.data = data
        try:
            answer = send(asked)
        except OSError as error:
            raise urllib.error.URLError(str(error)) from None
        if answer.status >= 400:
            raise urllib.error.HTTPError(
                asked.full_url, answer.status, answer.reason, answer.headers, answer
            )
        return answer

    made = types.ModuleType("urllib.request")
    made.__dict__.update(urlopen=urlopen, Request=urllib.request.Request)
    return made


def _urllib_error() -> types.ModuleType:
    return _copy("urllib.error", _URL_ERRORS)


def _requests() -> types.ModuleType:
    importlib.import_module("pyodide_http").patch_requests()
    adapter = importlib.import_module("pyodide_http._requests").PyodideHTTPAdapter
    refused = importlib.import_module("requests.exceptions").ConnectionError
    send = adapter.send

    def told(self: Any, request: Any, **options: Any) -> Any:
        try:
            return send(self, request, **{**options, "stream": False})
        except Unreachable as error:
            raise refused(str(error), request=request) from None

    adapter.send = told
    made = _copy("requests", _REQUESTS)
    made.__dict__["exceptions"] = _copy("requests.exceptions")
    return made


def _copy(name: str, names: Any = None) -> types.ModuleType:
    real = importlib.import_module(name)
    copy = types.ModuleType(name)
    for each in names or dir(real):
        value = getattr(real, each)
        if not each.startswith("_") and not isinstance(value, types.ModuleType):
            setattr(copy, each, value)
    return copy
