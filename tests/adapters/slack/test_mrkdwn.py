import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.slack.mrkdwn import defused, escaped, to_markdown
from tests.fakes.slack_limits import LOUD

NAMES = {"U1": "anna"}


@pytest.mark.parametrize(
    ("mrkdwn", "markdown"),
    [
        ("plain &lt;b&gt; &amp;amp;", "plain <b> &amp;"),
        ("*bold* and _italic_ and ~gone~", "**bold** and _italic_ and ~~gone~~"),
        ("2*3*4 and a * b * c", "2*3*4 and a * b * c"),
        ("*see <https://a.example/x?y=1&amp;z=2|the page>*", "**see [the page](https://a.example/x?y=1&z=2)**"),
        ("<https://a.example>", "https://a.example"),
        ("<http://a.example|a.example>", "http://a.example"),
        ("<https://a.example/~x/~y/>", "https://a.example/~x/~y/"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<tel:+491234>", "+491234"),
        ("<@U1> <@U2> <@U3|carl>", "@anna @U2 @carl"),
        ("<#C1|general> <#C2>", "#general #C2"),
        ("<!here> <!subteam^S1|@team> <!date^1^{date}|today>", "@here @team today"),
        ("`a *b* &lt;c&gt;`", "`a *b* <c>`"),
        ("look:```x = 1\ny *= 2```end", "look:\n```\nx = 1\ny *= 2\n```\nend"),
        ("`<http://a.example|a.example>`", "`a.example`"),
        ("<https://a.example|a]b>", r"[a\]b](https://a.example)"),
    ],
)
def test_what_people_write_becomes_markdown(mrkdwn: str, markdown: str) -> None:
    assert to_markdown(mrkdwn, NAMES) == markdown


@given(st.text("<>@!#|*~`&;lgtamp^: \nahU1"))
def test_any_markup_is_read(text: str) -> None:
    assert isinstance(to_markdown(text, NAMES), str)


TOKENS = ["<!channel>", "<!here|x>", "<@U1>", "<#C1>", "<!subteam^S1>", "<https://evil.example|bank>", "<mailto:a@b>"]


@pytest.mark.parametrize("token", TOKENS)
def test_tokens_are_defused(token: str) -> None:
    assert "<" not in defused(token)
    assert "<" not in escaped(token)


def test_code_and_quotes_stay_as_they_are() -> None:
    text = "> a <b> && c\n```\nif (x < y && z > 1) <div class='u'>\n```"
    assert defused(text) == text


@pytest.mark.parametrize("word", ["@channel", "@here", "@EVERYONE"])
def test_loud_words_do_not_ping(word: str) -> None:
    assert word not in defused(f"hey {word}!")
    assert word not in escaped(f"hey {word}!")


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[bank](https://evil.example)", "[bank] (https://evil.example)"),
        ("![x]( <//evil.example>)", "![x] ( <//evil.example>)"),
        ("[bank](evil.example/x)", "[bank] (evil.example/x)"),
        ("[bank](&#104;ttps://evil.example)", "[bank] (&#104;ttps://evil.example)"),
        ("[bank][1]\n\n[1]: https://evil.example", "[bank][1]\n\n[1] : https://evil.example"),
        ("[bank]\n\n- [bank]: https://evil.example", "[bank]\n\n- [bank] : https://evil.example"),
        ("[bank]\n\n> 1. [bank]: //evil.example", "[bank]\n\n> 1. [bank] : //evil.example"),
        ("[a b]\n\n[a\nb]: https://evil.example", "[a b]\n\n[a\nb] : https://evil.example"),
        ("[a\\]b]\n\n[a\\]b]: evil.example", "[a\\]b]\n\n[a\\]b] : evil.example"),
        ("<https://plain.example/x>", "https://plain.example/x"),
        ("`f[0](x)` and [a-z](foo)?", "`f[0](x)` and [a-z](foo)?"),
        ("pay\u202eevil", "payevil"),
    ],
)
def test_no_label_hides_an_address(markdown: str, shown: str) -> None:
    assert defused(markdown) == shown


LINKS = MarkdownIt("commonmark")


@given(st.text("[]()<>!:/ \n`.a&#;x1\\"), st.sampled_from(["https://e.x", "mailto:a@b.c", "//e.x", "e.x"]))
def test_no_markdown_makes_a_labelled_link(around: str, target: str) -> None:
    for text in (
        f"{around}[a]({target}){around}",
        f"[a]{around}\n\n[a]: {target}\n{around}",
        f"{around}<{target}>",
        f"[a]\n\n- 1. [a]: {target}\n{around}",
    ):
        for token in LINKS.parse(defused(text)):
            for child in token.children or ():
                assert child.type not in ("link_open", "image") or target not in str(child.attrs)


@given(
    st.lists(st.sampled_from([*TOKENS, "[a](https://e.x)", "@here", " ", "\n", "b"])).map("".join), st.integers(0, 99)
)
def test_what_is_defused_stays_so_when_it_ends_sooner(text: str, cut: int) -> None:
    part = defused(text)[:cut]
    assert LOUD.findall(part) == []
    assert defused(part) == part


def test_ordinary_addresses_keep_their_sign() -> None:
    assert defused("me@here.example and @hereafter") == "me@\u2060here.example and @hereafter"
