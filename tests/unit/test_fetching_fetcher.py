"""The guarded way out against hostile answers: redirects, names, sizes, types and time."""

from __future__ import annotations

import gzip
import ipaddress
import itertools
import json
from pathlib import Path

import pytest

from littoral.errors import DeadlineExceeded, FetchFailed, FetchRefused
from littoral.fetching import limits
from littoral.fetching.addresses import Address
from littoral.fetching.bodies import text_of
from littoral.fetching.fetcher import Fetcher
from littoral.fetching.names import HttpsResolver, require_public
from tests.fakes.web_wire import Answer, WebWire, moved, page

DATA = Path(__file__).parents[1] / "data"
HOME = "https://site.com/"
DNS = "https://resolver.net/dns-query"


class Names:
    """A resolver that knows some names; others lead to a public address."""

    def __init__(self, **known: list[Address | str]) -> None:
        self.known = known
        self.asked: list[str] = []

    async def answers(self, host: str) -> list[Address | str]:
        self.asked.append(host)
        return self.known.get(host, [ipaddress.ip_address("93.184.216.34")])


def web(**answers: Answer) -> WebWire:
    wire = WebWire()
    wire.answers.update(answers)
    return wire


def hostile_names() -> list[tuple[str, str, str]]:
    lines = (DATA / "hostile_names.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if not line.startswith("#")]  # type: ignore[misc]


def dns_answers(answers: str) -> WebWire:
    """A resolver's wire that gives these answers to both questions."""
    numbers = {"A": 1, "AAAA": 28, "CNAME": 5}
    found = [each.split() for each in answers.split(", ") if each]
    said = [{"type": numbers[kind], "data": data, "TTL": 0} for kind, data in found]
    text = json.dumps({"Status": 0, "Answer": said})
    return web(**{DNS: page(text, "application/dns-json")})


@pytest.mark.parametrize(("host", "answers", "why"), hostile_names())
async def test_no_name_leads_into_a_private_network(host: str, answers: str, why: str):
    wire = dns_answers(answers)
    wire.answers[f"https://{host}/"] = page("secret")
    fetcher = Fetcher(wire, HttpsResolver(wire, DNS))

    with pytest.raises((FetchRefused, FetchFailed), match=why):
        await fetcher.read(f"https://{host}/")

    assert all("resolver.net" in each.url for each in wire.asked)
    assert wire.open == 0


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        page("no json"),
        page("[]"),
        page("{}"),
        page('{"Status": 2}'),
        page('{"Status": 3}'),
        page('{"Status": 0, "Answer": 7}'),
        page('{"Status": 0, "Answer": [{"type": 1, "data": "1.2.3"}]}'),
        Answer(chunks=lambda: itertools.repeat(b"x" * 10_000)),
    ],
)
async def test_a_resolver_that_cannot_tell_closes_the_way(answer: Answer):
    wire = web(**{DNS: answer, HOME: page("hello")})
    with pytest.raises(FetchFailed):
        await Fetcher(wire, HttpsResolver(wire, DNS)).read(HOME)
    assert HOME not in [each.url for each in wire.asked]
    with pytest.raises(FetchFailed):
        await require_public("site.com", HttpsResolver(WebWire(), DNS))


async def test_a_page_is_read_and_nothing_of_ours_goes_along():
    wire = web(**{HOME: page("<p>Hello")})
    found = await Fetcher(wire, Names()).read("https://site.com#part")

    assert (found.url, found.media_type, found.text, found.size) == (
        HOME,
        "text/html",
        "<p>Hello",
        8,
    )
    (asked,) = wire.asked
    assert set(asked.headers) == {"user-agent", "accept"}
    assert wire.open == 0


async def test_every_hop_is_judged_and_looked_up():
    names = Names(**{"evil.com": [ipaddress.ip_address("10.0.0.1")]})
    wire = web(
        **{
            HOME: moved("/two", 301),
            "https://site.com/two": moved("https://other.com/three", 308),
            "https://other.com/three": page("end"),
            "https://site.com/evil": moved("https://evil.com/"),
            "https://evil.com/": page("secret"),
        }
    )
    found = await Fetcher(wire, names).read(HOME)
    assert (found.url, found.redirects) == ("https://other.com/three", 2)
    assert names.asked == ["site.com", "site.com", "other.com"]

    with pytest.raises(FetchRefused, match=r"10\.0\.0\.1"):
        await Fetcher(wire, names).read("https://site.com/evil")
    assert wire.asked[-1].url == "https://site.com/evil"
    assert wire.open == 0


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "//[::1]/",
        "https://localhost/",
        "file:///etc/passwd",
        "https://user:word@site.com/",
        "http://site.com/",
        "\\\\127.0.0.1\\",
        "https://site.com:22/",
        "http://[",
    ],
)
async def test_no_redirect_leads_away_from_the_public_web(location: str):
    wire = web(**{HOME: moved(location)})
    with pytest.raises(FetchRefused):
        await Fetcher(wire, Names()).read(HOME)
    assert [each.url for each in wire.asked] == [HOME]


async def test_redirects_end():
    wire = web(**{HOME: moved("/")})
    with pytest.raises(FetchRefused, match="more than 5 times"):
        await Fetcher(wire, Names()).read(HOME)
    assert (len(wire.asked), wire.open) == (limits.REDIRECTS + 1, 0)


async def test_an_allow_list_holds_for_redirects_too():
    wire = web(**{HOME: moved("https://other.com/"), "https://other.com/": page("x")})
    with pytest.raises(FetchRefused, match="not among"):
        await Fetcher(wire, Names(), allowed=("site.com",)).read(HOME)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(chunks=lambda: itertools.repeat(b"x" * 65_536)),
        Answer(headers={"content-length": "2000001"}, chunks=lambda: iter([b"x"])),
        Answer(headers={"content-length": "9" * 400}),
    ],
)
async def test_a_huge_body_is_given_up_early(answer: Answer):
    wire = web(**{HOME: answer})
    with pytest.raises(FetchFailed, match="more than 2,000,000 bytes") as failed:
        await Fetcher(wire, Names()).read(HOME)
    assert (failed.value.retryable, wire.open) == (False, 0)


async def test_a_length_that_lies_is_not_believed():
    small = {"content-type": "text/plain", "content-length": "5"}
    wire = web(**{HOME: Answer(headers=small, chunks=lambda: itertools.repeat(b"x" * 100_000))})
    with pytest.raises(FetchFailed, match="more than"):
        await Fetcher(wire, Names()).read(HOME)
    odd = Answer(headers={"content-type": "text/plain", "content-length": "-1, ²"})
    wire.answers[HOME] = odd
    assert (await Fetcher(wire, Names()).read(HOME)).text == ""


@pytest.mark.parametrize(
    "answer", [Answer(stalls=True), Answer(chunks=lambda: iter([b"x"]), stalls=True)]
)
async def test_a_slow_body_is_given_up(answer: Answer):
    wire = web(**{HOME: answer})
    fetcher = Fetcher(wire, Names(), total_seconds=0.05)
    with pytest.raises(DeadlineExceeded):
        await fetcher.read(HOME)
    assert wire.open == 0
    with pytest.raises(DeadlineExceeded):
        await fetcher.post(HOME, {}, "{}")
    assert wire.open == 0


async def test_a_body_that_breaks_off_is_no_page():
    wire = web(**{HOME: Answer(chunks=lambda: iter([b"half"]), breaks=True)})
    with pytest.raises(FetchFailed, match="broke off"):
        await Fetcher(wire, Names()).read(HOME)


@pytest.mark.parametrize(
    ("status", "retryable"), [(404, False), (403, False), (408, True), (429, True), (503, True)]
)
async def test_a_status_tells_whether_waiting_helps(status: int, retryable: bool):
    wire = web(**{HOME: Answer(status=status, headers={"retry-after": "7"})})
    with pytest.raises(FetchFailed, match=str(status)) as failed:
        await Fetcher(wire, Names()).read(HOME)
    assert (failed.value.retryable, failed.value.retry_after_seconds) == (retryable, 7)


@pytest.mark.parametrize("media_type", ["image/png", "application/pdf", "application/octet-stream"])
async def test_only_text_is_read(media_type: str):
    wire = web(**{HOME: Answer(headers={"content-type": media_type})})
    with pytest.raises(FetchFailed, match="no text"):
        await Fetcher(wire, Names()).read(HOME)


async def test_a_type_that_is_not_told_is_seen():
    wire = web(**{HOME: Answer(headers={}, chunks=lambda: iter([b" <p>x"]))})
    assert (await Fetcher(wire, Names()).read(HOME)).media_type == "text/html"


async def test_a_near_host_is_asked_without_a_resolver():
    near = "127.0.0.1:8860"
    names = Names()
    wire = web(**{f"http://{near}/": moved("http://127.0.0.1:9/")})
    with pytest.raises(FetchRefused):
        await Fetcher(wire, names, near={near}).read(f"http://{near}/")
    assert (names.asked, len(wire.asked)) == ([], 1)


async def test_what_is_sent_is_sent_once_and_redirects_are_answers():
    wire = web(**{HOME: moved("http://127.0.0.1/")})
    taken = await Fetcher(wire, Names()).post(HOME, {"webhook-id": "1"}, "{}")

    assert taken.status == 302
    (asked,) = wire.asked
    assert (asked.method, asked.body, asked.headers["webhook-id"]) == ("POST", "{}", "1")
    with pytest.raises(FetchRefused):
        await Fetcher(wire, Names()).post("http://localhost/", {}, "{}")


async def test_an_endless_answer_to_what_was_sent_does_not_matter():
    wire = web(**{HOME: Answer(status=204, chunks=lambda: itertools.repeat(b"x" * 9_999))})
    assert (await Fetcher(wire, Names()).post(HOME, {}, "{}")).status == 204


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("é".encode(), "", "é"),
        ("é".encode("latin-1"), "iso-8859-1", "é"),
        (b"\x80", "latin1", "€"),
        ("é".encode("utf-16"), "utf-8", "é"),
        (b"\xef\xbb\xbf\xc3\xa9", "latin1", "é"),
        (b'<meta charset="windows-1251">\xe4', "", '<meta charset="windows-1251">д'),
        (b'<?xml version="1.0" encoding="koi8-r"?>\xc4', "", None),
        (gzip.compress(b"x"), "gzip", None),
        (b"+AGE-", "utf-7", "+AGE-"),
        (b"\\u0041", "unicode_escape", "\\u0041"),
        (b"x", "punycode", "x"),
        (b"x", "\x00", "x"),
        (b"\xff\xfe", "utf-8", ""),
        (b"a\xff", "", "a\ufffd"),
    ],
)
def test_text_is_read_by_the_charsets_of_the_web_alone(body: bytes, charset: str, text: str | None):
    found = text_of(body, charset)
    assert text is None or found == text
