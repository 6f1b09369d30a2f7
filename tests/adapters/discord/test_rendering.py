"""Posts as Discord messages: within the limits, safe, and readable."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Button, File, Post
from adapters.discord import markup, render
from adapters.discord.render import messages, thread_name

HOSTILE = st.text(alphabet="@<>[]()|`~#-*_\\&!: \n\thttps/evilrydonh.0123éß東\u202e\u200b", max_size=300)

BAIT = re.compile(r"@(everyone|here)\b|<@|<#\d|\]\(\s*<?[a-z][a-z0-9+.-]*:|[\u202a-\u202e]", re.IGNORECASE)


def shown(markdown: str) -> str:
    [message] = messages(Post(text=markdown))
    return message.content


@pytest.mark.parametrize(
    ("markdown", "discord"),
    [
        ("**bold** and `code`", "**bold** and `code`"),
        ("[bank](https://evil.example)", "bank (https://evil.example)"),
        ("[](https://a.example)", "https://a.example"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ('![chart](https://a.example/x_(1).png "t")', "chart (https://a.example/x_(1).png)"),
        ("[a\nb](<https://a.example>)", "a\nb (https://a.example)"),
        ("#### small", "**small**"),
        ("# large", "# large"),
        ("a || b", "a \\|\\| b"),
        ("`a || b`", "`a || b`"),
        ("```inline```", "`inline`"),
        ("-# not ours", "\\-# not ours"),
        (">>> all", "\\>>> all"),
        ("~~~python\nx = 1\n~~~", "```python\nx = 1\n```"),
        ("```\nunclosed", "```\nunclosed\n```"),
        ("    indented", "```\nindented\n```"),
        ("if a[0](b) < c:", "if a[0](b) < c:"),
        ("", "…"),
    ],
)
def test_markdown_becomes_what_discord_shows(markdown: str, discord: str) -> None:
    assert shown(markdown) == discord


def test_formulas_are_written_in_characters() -> None:
    post = Post(text=r"It is $x^2$, so \(\frac{1}{2}\) of $5.", reasoning=r"I took $\sqrt{2}$.")
    assert messages(post)[0].content == "It is x², so 1/2 of $5.\n\n-# Reasoning: I took √2."
    assert messages(replace(post, status="Writing …"))[0].content.startswith("It is x², so 1/2 of $5.")


def test_a_table_becomes_aligned_text() -> None:
    table = "| item | price |\n|---|---:|\n| *tea* | 3 |\n| 東京 | `4` |"
    assert shown(table) == "```\nitem  price\n────  ─────\ntea   3\n東京  4\n```"


def test_a_wide_table_becomes_a_list() -> None:
    table = f"| item | note |\n|---|---|\n| tea | {'very ' * 20}|\n| milk | |"
    assert shown(table) == f"- **item:** tea; **note:** {'very ' * 20}".rstrip() + "\n- **item:** milk"


def test_a_table_with_a_fence_in_a_cell_stays_in_its_block() -> None:
    assert shown("| a |\n|---|\n| ```x``` |").count("```") == 2


def test_code_cannot_end_its_block_early() -> None:
    text = shown('````\nprint("```")\n[a](https://b.example)\n````')
    assert text.count("```") == 2
    assert "](https" not in text


@given(HOSTILE, HOSTILE)
def test_nothing_pings_poses_or_hides(text: str, other: str) -> None:
    post = Post(
        text=text + other, notes=(other, text), reasoning=text, files=(File(name=other, media_type="", content=b""),)
    )
    for message in [*messages(post), *messages(Post(text=text, status=other or "x", reasoning=other))]:
        assert 0 < len(message.content) <= render.LONGEST_CONTENT or message.files
        assert not re.search(
            r"@(everyone|here)\b|<@|<#\d|\]\(\s*<?[a-z][a-z0-9+.-]*:|[\u202a-\u202e]", message.content, re.I
        )
        assert message.payload()["allowed_mentions"] == {"parse": []}
        assert all(re.fullmatch(r"[\w.,()+ -]{1,100}", file.name) for file in message.files)


@given(HOSTILE)
def test_making_safe_twice_changes_nothing_more(text: str) -> None:
    once = markup.safe(text)
    assert markup.safe(once) == once


@given(HOSTILE)
def test_small_print_stays_small(note: str) -> None:
    [message] = messages(Post(text="answer", notes=(note,)))
    assert all(line.startswith("-# ") for line in message.content.split("\n")[2:])


@given(st.text(max_size=9_000))
def test_any_text_fits(text: str) -> None:
    for post in (Post(text=text), Post(text=text, status="Writing …", reasoning=text, notes=(text,) * 30)):
        for message in messages(post):
            assert 1 <= len(message.content) <= render.LONGEST_CONTENT


def test_many_notes_all_come_through() -> None:
    notes = tuple(f"#{n} file{n}.png: skipped. It is larger than 50 MB. Send a smaller version." for n in range(60))
    text = "\n".join(message.content for message in messages(Post(text="answer", notes=notes)))
    assert all(note in text for note in notes)


def test_a_draft_is_one_message_with_its_status_last() -> None:
    [message] = messages(Post(text="word " * 2_000, status="Writing …"))
    assert message.content.endswith("…\n\n*Writing …*")


def test_buttons_stand_under_the_last_message() -> None:
    last = messages(Post(text="word\n\n" * 500, buttons=(Button(action="go", label="Go", value="1"),)))
    assert [len(message.buttons) for message in last] == [0, 1]


def test_a_button_that_carries_too_much_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="100"):
        messages(Post(text="x", buttons=(Button(action="go", label="Go", value="1" * 100),)))[0].payload()


def test_many_files_go_out_in_batches() -> None:
    files = tuple(File(name=f"{n}.csv", media_type="text/csv", content=b"x" * 9_000_000) for n in range(5))
    sent = messages(Post(text="Here.", files=files))
    assert [len(message.files) for message in sent] == [2, 2, 1]
    assert [message.content for message in sent] == ["Here.", "", ""]
    few = tuple(File(name=f"{n}.csv", media_type="text/csv", content=b"x") for n in range(12))
    assert [len(message.files) for message in messages(Post(text="Here.", files=few))] == [10, 2]


@given(HOSTILE, HOSTILE)
def test_a_threads_name_fits(text: str, fallback: str) -> None:
    name = thread_name(text, fallback)
    assert 1 <= len(name) <= render.LONGEST_THREAD_NAME
    assert "\n" not in name
    assert markup.safe(name) == name
