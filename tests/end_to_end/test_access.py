"""Who may ask, as the platforms tell of people: through the composition root, so that adapters know what matters."""

from pathlib import Path

from bot import app
from bot.settings import AccessSettings, CatchUpSettings, Selection, Settings
from inference.scripted import ScriptedEngine
from tests.end_to_end.bot import running
from tests.end_to_end.test_discord import Discord
from tests.end_to_end.test_slack import FAST, Slack
from tests.fakes.server import serving

PRIVATE = "You are not among those whom I may answer here."


async def test_slack_s_user_groups_are_let_in_and_kept_out(tmp_path: Path) -> None:
    access = AccessSettings(allow=Selection(groups=("S0STAFF", "77")), deny=Selection(groups=("S0LEAVING",)))
    async with serving("tests.fakes.slack", speed=FAST) as server:
        slack = await Slack.open(server)
        bob, eve = [(await server.control("add_user", name=name))["id"] for name in ("Bob", "Eve")]
        await server.control("group", group="S0STAFF", users=[slack.user, eve])
        await server.control("group", group="S0LEAVING", users=[eve])
        settings = Settings(data_dir=tmp_path, slack=slack.settings(), access=access)
        async with running(app.chat_adapters(settings), ScriptedEngine(), tmp_path, settings):
            await server.control("wait_connected")
            for stranger in (bob, eve):
                await slack.say(f"{slack.us} let me in", user=stranger)
            await slack.answer(await slack.say(f"{slack.us} what is this?"), "I was asked “what is this?”")
            await server.control("wait_call", method="chat.postEphemeral", count=2)
        whispers = await server.control("whispers")
        assert sorted(one["user"] for one in whispers) == [bob, eve]
        assert all(PRIVATE in one["text"] for one in whispers)
        stored = (await server.control("channel", channel=slack.channel))["messages"]
        assert len([one for one in stored if one["user"] == slack.info["bot_user"]]) == 1


async def test_slack_s_guests_and_strangers_are_told_in_private_and_bots_nothing(tmp_path: Path) -> None:
    async with serving("tests.fakes.slack", speed=FAST) as server:
        slack = await Slack.open(server)
        guest = (await server.control("add_user", name="Gus", is_ultra_restricted=True))["id"]
        stranger = (await server.control("add_user", name="Sam", team_id="T0OTHER"))["id"]
        admin = (await server.control("add_user", name="Ann", is_restricted=True))["id"]
        settings = Settings(data_dir=tmp_path, slack=slack.settings(), access=AccessSettings(admins=(admin,)))
        async with running(app.chat_adapters(settings), ScriptedEngine(), tmp_path, settings):
            await server.control("wait_connected")
            await slack.say(f"{slack.us} I am a bot", bot_id="B0OTHER")
            await slack.say(f"{slack.us} so am I", subtype="bot_message", bot_id="B0OTHER", username="Alerts")
            thread = await slack.say(f"{slack.us} what is this?", user=admin)
            await slack.answer(thread, "I was asked “what is this?”")
            for number in range(3):
                await slack.say(f"and what is that {number}?", thread_ts=thread, bot_id="B0OTHER")
            for person in (guest, stranger):
                await slack.say("not for the bot in so many words", user=person, thread_ts=thread)
                await slack.say(f"{slack.us} let me in", user=person, thread_ts=thread)
            await server.control("wait_call", method="chat.postEphemeral", count=2)
            await slack.answer(await slack.say(f"{slack.us} last", user=admin), "I was asked “last”")
        told = {one["user"]: one["text"] for one in await server.control("whispers")}
        assert ["guests" in told[guest], "this organization" in told[stranger], len(told)] == [True, True, 2]
        stored = (await server.control("channel", channel=slack.channel))["messages"]
        assert len([one for one in stored if one["user"] == slack.info["bot_user"]]) == 2


async def test_missed_questions_in_discord_are_answered_by_the_roles_of_who_asked(tmp_path: Path) -> None:
    async with serving("tests.fakes.discord") as server:
        discord = Discord(server, await server.control("start"))
        access = AccessSettings(allow=Selection(groups=("S0STAFF", "77")))
        settings = Settings(
            data_dir=tmp_path, discord=discord.settings(), access=access, catch_up=CatchUpSettings(minutes=0.01)
        )
        bob = await server.control("add_user", name="Bob")
        await server.control("change_user", user=discord.user, roles=["77"])
        async with running(app.chat_adapters(settings), ScriptedEngine(), tmp_path, settings):
            await server.control("until_connected", identified=1)
            first = await discord.say(f"{discord.us} first")
            await discord.answer(first, "I was asked “first”")
        missed = await discord.say(f"{discord.us} second", unseen=True)
        await discord.say("third", channel=first, unseen=True)
        await discord.say(f"{discord.us} let me in", user=bob, unseen=True)
        async with running(app.chat_adapters(settings), ScriptedEngine(), tmp_path, settings):
            await discord.answer(missed, "I was asked “second”")
            await discord.answer(first, "I was asked “third”")
            direct = await server.control("open_dm", user=bob)
            await discord.answer(direct, PRIVATE)
        threads = {one["id"] for one in await server.control("threads", channel=discord.channel)}
        assert threads == {first, missed}
        asked = [one["path"] for one in await server.control("requests") if "/members/" in one["path"]]
        assert len(asked) <= 3, "once for each of them in a run, however often is looked"
