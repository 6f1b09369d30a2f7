from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from adapters.base import Attachment
from adapters.errors import Forbidden, Gone, RateLimited, TooLarge, Unreachable
from adapters.slack.client import SlackAdapter
from adapters.slack.settings import SlackSettings
from tests.adapters.slack.conftest import PNG, Inbox, Place, attachment, connected
from tests.fakes.server import Server
from tests.fakes.slack_world import SCOPES

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIMIT = 1_000_000


async def test_a_file_is_fetched(adapter: SlackAdapter, place: Place, tmp_path: Path, slack: Server) -> None:
    file = await place.file()
    before = len(await slack.control("calls", method="files.info"))
    await adapter.fetch(attachment(file), tmp_path / "file", limit=LIMIT)
    assert (tmp_path / "file").read_bytes() == PNG
    assert len(await slack.control("calls", method="files.info")) == before


async def test_a_file_is_fetched_over_shared_connections(
    slack: Server, adapter: SlackAdapter, place: Place, tmp_path: Path
) -> None:
    file = await place.file(b"x" * 500_000)
    async with connected(slack, adapter, Inbox()):
        await adapter.fetch(attachment(file), tmp_path / "file", limit=LIMIT)
    assert (tmp_path / "file").stat().st_size == 500_000


async def test_a_slack_connect_stub_is_looked_up(
    slack: Server, adapter: SlackAdapter, place: Place, tmp_path: Path
) -> None:
    file = await place.file(file_access="check_file_info")
    inbox = Inbox()
    async with connected(slack, adapter, inbox):
        await place.say("look", files=[file["id"]])
        (stub,) = (await inbox.message()).attachments
    assert stub.reference == file["id"]
    await adapter.fetch(stub, tmp_path / "file", limit=LIMIT)
    assert (tmp_path / "file").read_bytes() == PNG


async def test_without_the_scope_the_sign_in_page_is_no_file(
    slack: Server, adapter: SlackAdapter, place: Place, tmp_path: Path
) -> None:
    file = await place.file()
    await slack.control("scopes", scopes=sorted(SCOPES - {"files:read"}))
    for one in (attachment(file), attachment(file, stub=True)):
        with pytest.raises(Forbidden) as caught:
            await adapter.fetch(one, tmp_path / "file", limit=LIMIT)
        assert caught.value.missing == "the scope files:read"
    await slack.control("scopes", scopes=sorted(SCOPES))
    assert not (tmp_path / "file").exists()


async def test_a_web_page_that_is_the_file_is_fetched(adapter: SlackAdapter, place: Place, tmp_path: Path) -> None:
    file = await place.file(b"<html>", name="page.html", mimetype="text/html")
    for one in (attachment(file), attachment(file, stub=True)):
        await adapter.fetch(one, tmp_path / "file", limit=LIMIT)
        assert (tmp_path / "file").read_bytes() == b"<html>"


async def test_a_deleted_file_is_gone(adapter: SlackAdapter, place: Place, tmp_path: Path, slack: Server) -> None:
    file = await place.file()
    await slack.control("delete_file", file=file["id"])
    for one in (attachment(file), attachment(file, stub=True)):
        with pytest.raises(Gone):
            await adapter.fetch(one, tmp_path / "file", limit=LIMIT)


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"mode": "hidden_by_limit"}, "a Slack plan that keeps old files"),
        ({"is_external": True, "mode": "external"}, "an upload of the file to Slack itself"),
        ({"file_access": "access_denied"}, "access to the file"),
    ],
)
async def test_withheld_files_say_what_is_missing(
    adapter: SlackAdapter, place: Place, tmp_path: Path, fields: dict[str, object], missing: str
) -> None:
    file = await place.file(**fields)
    with pytest.raises(Forbidden) as caught:
        await adapter.fetch(attachment(file, stub=True), tmp_path / "file", limit=LIMIT)
    assert caught.value.missing == missing


async def test_an_address_out_of_date_is_looked_up(adapter: SlackAdapter, place: Place, tmp_path: Path) -> None:
    file = await place.file()
    moved = file | {"url_private_download": file["url_private_download"].replace(f"-{file['id']}", "-F404")}
    await adapter.fetch(attachment(moved), tmp_path / "file", limit=LIMIT)
    assert (tmp_path / "file").read_bytes() == PNG


async def test_an_address_that_is_refused_is_looked_up(
    slack: Server, adapter: SlackAdapter, place: Place, tmp_path: Path
) -> None:
    file = await place.file()
    await slack.control("expire_link", file=file["id"])
    await adapter.fetch(attachment(file), tmp_path / "file", limit=LIMIT)
    assert (tmp_path / "file").read_bytes() == PNG


@pytest.mark.parametrize("told", [True, False])
async def test_files_above_the_limit(adapter: SlackAdapter, place: Place, tmp_path: Path, told: bool) -> None:
    file = await place.file(b"x" * 200_000)
    with pytest.raises(TooLarge):
        await adapter.fetch(attachment(file | ({} if told else {"size": None})), tmp_path / "file", limit=100_000)


@pytest_asyncio.fixture(loop_scope="module")
async def elsewhere() -> AsyncIterator[str]:
    """A server that leads astray; it answers by its path."""

    async def answer(request: web.Request) -> web.StreamResponse:
        kind = request.match_info["kind"]
        if kind == "away":
            raise web.HTTPFound("http://127.0.0.2:9/")
        if kind == "round":
            raise web.HTTPFound(request.path)
        if kind == "on":
            raise web.HTTPTemporaryRedirect("/file/there")
        if kind.isdecimal():
            return web.Response(status=int(kind), headers={"Retry-After": "3"})
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"x" * 1_000)
        if kind == "cut":
            assert request.transport is not None
            request.transport.abort()
        return response

    app = web.Application()
    app.add_routes([web.get("/file/{kind}", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("away", Forbidden),
        ("round", Unreachable),
        ("401", Forbidden),
        ("403", Forbidden),
        ("404", Gone),
        ("429", RateLimited),
        ("500", Unreachable),
        ("cut", Unreachable),
        ("endless", TooLarge),
    ],
)
async def test_servers_that_go_wrong(
    settings: SlackSettings, elsewhere: str, tmp_path: Path, kind: str, error: type[Exception]
) -> None:
    adapter = SlackAdapter(settings.model_copy(update={"file_hosts": (elsewhere,)}))
    with pytest.raises(error):
        await adapter.fetch(linked(f"http://{elsewhere}/file/{kind}"), tmp_path / "file", limit=900)


async def test_redirects_within_the_hosts_are_followed(settings: SlackSettings, elsewhere: str, tmp_path: Path) -> None:
    adapter = SlackAdapter(settings.model_copy(update={"file_hosts": (elsewhere,)}))
    await adapter.fetch(linked(f"http://{elsewhere}/file/on"), tmp_path / "file", limit=LIMIT)
    assert (tmp_path / "file").stat().st_size == 1_000


def linked(address: str) -> Attachment:
    return Attachment(id=address, name="a", media_type="image/*", size=None, reference=address)


async def test_other_hosts_are_never_asked(adapter: SlackAdapter, elsewhere: str, tmp_path: Path) -> None:
    with pytest.raises(Forbidden, match="not on Slack's hosts"):
        await adapter.fetch(linked(f"http://{elsewhere}/file/there"), tmp_path / "file", limit=LIMIT)
