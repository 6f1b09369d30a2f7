"""A Discord of our own: REST, gateway and CDN on one port, with Discord's documented limits on a clock.

Driven through ``discord_control.Control``; pages named in comments are those of discord/discord-api-docs.
"""

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.fakes.discord_control import Control
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_interactions import Interactions
from tests.fakes.discord_limits import LARGEST_REQUEST, too_many
from tests.fakes.discord_rest import Rest
from tests.fakes.discord_world import World
from tests.fakes.server import Clock, Mishaps, Outage, Trouble, serve


def build(clock: Clock) -> web.Application:
    world = World(clock)
    rest, gateway, interactions = Rest(world), Gateway(world), Interactions(world)
    outage = Outage(clock)
    mishaps = Mishaps(lambda: too_many(1.0).response(), lambda _: world.expire_links())
    control = Control(world, rest, gateway, interactions, Trouble(outage, mishaps))

    async def cdn(request: web.Request) -> web.Response:
        """developers/reference#signed-attachment-cdn-urls; 403 for a bare address is what fetchers report."""
        for failure in rest.failures:
            if failure.fits(request):
                failure.times -= 1
                return web.Response(status=failure.status, headers=failure.headers)
        if "hm" not in request.query:
            return web.Response(status=403)
        if not world.link_is_good(request.path, request.query):
            return web.Response(status=404, text="This content is no longer available.")
        file = world.files[request.match_info["file"]]
        return web.Response(body=file.content, content_type=file.type)

    @web.middleware
    async def learn_address(request: web.Request, handler: Handler) -> web.StreamResponse:
        world.base = f"http://{request.host}"
        return await handler(request)

    app = web.Application(
        middlewares=[learn_address, outage.middleware, mishaps.middleware], client_max_size=2 * LARGEST_REQUEST
    )
    app.add_routes([*rest.routes(), *interactions.routes(), *control.routes()])
    app.add_routes([web.get("/gateway", gateway.handle), web.get("/attachments/{channel}/{file}/{name}", cdn)])
    return app


if __name__ == "__main__":
    serve(build)
