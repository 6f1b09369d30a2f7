"""Files in the fake Slack: looked up, uploaded in three steps, and downloaded by those who may."""

import uuid
from urllib.parse import urlsplit

from aiohttp import web

from tests.fakes.slack_limits import loud
from tests.fakes.slack_world import BOT, BOT_TOKEN, BOT_USER, Channel, Json, Refused, World, whole

SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head></html>"


class Files:
    """``files.*``, the address to upload to, and the addresses that file objects name."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._uploads: dict[str, Json] = {}

    async def info(self, arguments: Json) -> Json:
        file = self._world.files.get(str(arguments.get("file")))
        if file is None:
            raise Refused("file_not_found")
        if file.deleted:
            raise Refused("file_deleted")
        return {"file": whole(file.json)}

    async def upload_url(self, arguments: Json) -> Json:
        length = int(arguments.get("length") or 0)
        if not arguments.get("filename") or length <= 0:
            raise Refused("invalid_arguments")
        ticket, identity = uuid.uuid4().hex, self._world.number("F")
        self._uploads[ticket] = {"id": identity, "name": arguments["filename"], "length": length}
        return {"upload_url": f"{arguments['_base']}/upload/v1/{ticket}", "file_id": identity}

    async def upload(self, request: web.Request) -> web.Response:
        """Where ``upload_url`` points to."""
        upload = self._uploads.get(request.match_info["ticket"])
        content = await request.read()
        if upload is None or len(content) != upload["length"]:
            return web.Response(status=400, text="bad upload")
        more = {"id": upload["id"], "name": upload["name"], "mimetype": "application/octet-stream", "user": BOT_USER}
        self._world.add_file(content, f"http://{request.host}", **more)
        return web.Response(text=f"OK - {len(content)}")

    async def upload_done(self, channel: Channel, arguments: Json) -> Json:
        """Posts the files, as a message of the bot's without metadata."""
        for one in arguments.get("files") or []:
            if one.get("id") not in self._world.files:
                raise Refused("file_not_found")
        files = [self._world.files[one["id"]].json for one in arguments["files"]]
        message: Json = {
            "user": BOT_USER,
            "bot_id": BOT,
            "text": arguments.get("initial_comment") or "",
            "files": files,
        }
        if arguments.get("thread_ts"):
            message["thread_ts"] = arguments["thread_ts"]
        await self._world.put(channel, message | {"_loud": loud(message), "_unfurls": bool(message["text"])})
        return {"files": [{"id": one["id"], "title": one["title"]} for one in files]}

    async def download(self, request: web.Request) -> web.Response:
        """The bytes, or a way to the sign-in page, which has status 200 (as measured by many a bot, such as
        github.com/NousResearch/hermes-agent/pull/16281)."""
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}" or "files:read" not in self._world.scopes:
            raise web.HTTPFound(f"/signin?redir={request.path}")
        file = self._world.files.get(request.match_info["file"].partition("-")[2])
        if file is None or file.deleted:
            return web.Response(status=404)
        if request.query_string != urlsplit(file.json["url_private"]).query:
            return web.Response(status=403)
        return web.Response(body=file.content, content_type=file.json["mimetype"])

    def move(self, request: web.Request) -> None:
        """The file that a download is about."""
        self._world.move_file(request.match_info["file"].partition("-")[2])

    @staticmethod
    async def sign_in(request: web.Request) -> web.Response:
        return web.Response(text=SIGN_IN, content_type="text/html")
