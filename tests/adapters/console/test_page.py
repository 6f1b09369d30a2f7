"""The page in a real browser."""

from pathlib import Path
from urllib.request import urlopen

import pytest
from selenium.webdriver.common.by import By

from adapters.base import Action, Incoming
from adapters.console.guard import POWERLESS
from tests.adapters.console.talker import Running
from tests.adapters.console.visitor import Visitor

pytestmark = pytest.mark.browser

ARTIFACTS = Path(__file__).parents[3] / "artifacts"


@pytest.fixture
def picture(documents: Path) -> Path:
    return documents / "receipt (März).png"


def shot(visitor: Visitor, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    visitor.driver.save_screenshot(str(ARTIFACTS / f"console-{name}.png"))


def last(console: Running) -> Incoming:
    return console.messages()[-1]


def test_a_picture_is_asked_about_and_then_again(visitor: Visitor, console: Running, picture: Path) -> None:
    visitor.say("What is the total?", picture)
    visitor.wait_for_words("You asked What is the total? about receipt (März).png, message 1")
    assert visitor.all(".notes")[0].text == "#1 receipt (März).png: used"
    drawn = "return document.querySelector('.question .picture img').naturalWidth"
    visitor.until(lambda: visitor.driver.execute_script(drawn) == 320, "the thumbnail")
    assert last(console).direct
    assert last(console).attachments[0].media_type == "image/png"
    visitor.say("And the date?")
    visitor.wait_for_words("You asked And the date? about nothing, message 2")
    assert last(console).reply
    assert last(console).thread == console.messages()[0].thread


def test_two_conversations_work_side_by_side(visitor: Visitor, console: Running) -> None:
    visitor.say("slow pair")
    visitor.wait_for_words("Waiting: number 2 in line, about 12 s …")
    visitor.begin()
    visitor.say("Meanwhile")
    visitor.wait_for_words("You asked Meanwhile")
    assert visitor.titles()[:2] == ["Meanwhile", "slow pair"]
    assert len(visitor.all("#conversations .spinner")) == 1
    console.open("pair reads")
    visitor.conversation("slow pair").click()
    visitor.wait_for_words("Reading page 2 of 5 …")
    visitor.reload()
    visitor.wait_for_words("Reading page 2 of 5 …")
    console.open("pair writes")
    visitor.wait_for_words("Half an answer")
    visitor.conversation("Meanwhile").click()
    visitor.wait_for_words("You asked Meanwhile")
    console.open("pair ends")
    visitor.until(lambda: not visitor.all("#conversations .spinner"), "the end of the work")
    visitor.conversation("slow pair").click()
    visitor.wait_for_words("The whole answer to pair.")


def test_stop_keeps_what_was_said(visitor: Visitor, console: Running) -> None:
    visitor.say("slow stopped")
    visitor.wait_for_words("Waiting")
    assert visitor.wait_for(".press").text == "Stop"
    visitor.wait_for(".press").click()
    visitor.wait_for_words("Half an answer.\nStopped.")
    assert not visitor.all(".press")
    stopped = console.talker.heard[-1]
    assert isinstance(stopped, Action)
    assert (stopped.name, stopped.value, stopped.thread) == ("stop", "7", last(console).thread)


def test_files_are_checked_in_a_tab_of_their_own(visitor: Visitor, console: Running, documents: Path) -> None:
    visitor.check("Is it paid?", *sorted(documents.iterdir()))
    visitor.wait_for_words("1 of 2 documents, about 3 s to go", "#checked")
    assert visitor.wait_for("#checked .press").text == "Stop"
    assert [one.name for one in last(console).attachments] == ["invoice.pdf", "receipt (März).png"]
    assert last(console).text == "check these documents: Is it paid?"
    visitor.reload()
    visitor.conversation("check these documents: Is it paid?").click()
    visitor.wait_for_words("1 of 2 documents", "#checked")
    console.open("check these documents: Is it paid? ends")
    visitor.wait_for("#checked iframe")
    links = {one.text: str(one.get_attribute("href")) for one in visitor.all("#checked .file")}
    assert visitor.wait_for_words("Left out", "#checked")
    visitor.driver.switch_to.frame(visitor.wait_for("#checked iframe"))
    visitor.wait_for_words("open first", "p")
    visitor.driver.switch_to.default_content()
    with urlopen(links["check.html"]) as answer:
        assert answer.headers.get_all("Content-Security-Policy") == [POWERLESS]
    visitor.driver.get(links["check.html"])
    visitor.wait_for_words("open first", "p")
    assert visitor.driver.title == "Report"
    visitor.arrive()
    visitor.turn_to("Ask")
    visitor.conversation("check these documents: Is it paid?").click()
    visitor.wait_for("#checked iframe")


def test_a_check_can_be_stopped_and_needs_files(visitor: Visitor, console: Running, picture: Path) -> None:
    visitor.turn_to("Check")
    visitor.wait_for("#check-button").click()
    visitor.wait_for_words("Add the files", ".toast-body")
    visitor.check("Is it signed?", picture)
    visitor.wait_for("#checked .press").click()
    visitor.wait_for_words("Stopped.", "#checked")
    visitor.turn_to("Ask")
    visitor.wait_for_words("Half an answer")


def test_one_click_tries_an_example(visitor: Visitor, console: Running) -> None:
    cards = visitor.all("#chat .example")
    assert [card.text for card in cards] == ["An invoice\nHas this been paid?", "A receipt\nHow much?"]
    assert all(card.find_element(By.TAG_NAME, "img").get_property("naturalWidth") for card in cards)
    cards[0].click()
    visitor.wait_for_words("You asked Has this been paid? about invoice.pdf")
    assert visitor.wait_for(".question .file").text == "invoice.pdf"
    assert last(console).attachments[0].media_type == "application/pdf"


def test_the_chosen_mode_arrives(visitor: Visitor, console: Running) -> None:
    visitor.say("As it is")
    visitor.wait_for_words("mode think")
    for mode in ("quick", "deep"):
        visitor.wait_for(f"#mode label:has(input[value={mode}])").click()
        visitor.say(f"With {mode}")
        visitor.wait_for_words(f"mode {mode}")
        assert last(console).mode == mode


def test_reasoning_is_folded_until_asked_for(visitor: Visitor) -> None:
    visitor.say("rich question")
    visitor.wait_for_words("What the invoice says")
    visitor.until(lambda: "then added up the lines" not in visitor.driver.find_element(By.ID, "chat").text, "folded")
    visitor.wait_for(".thought-group .title").click()
    assert visitor.wait_for_words("then added up the lines", ".thought-group")


def test_an_answer_has_its_form(visitor: Visitor) -> None:
    visitor.say("rich question")
    visitor.wait_for_words("What the invoice says")
    assert [cell.text for cell in visitor.all(".said td")][:3] == [
        "Olive oil, extra virgin, cold pressed",
        "2",
        "25.60",
    ]
    visitor.until(lambda: len(visitor.all(".said .katex")) == 2, "two formulas")
    assert not visitor.all(".katex-error")
    assert visitor.wait_for(".said a").get_attribute("rel") == "noopener noreferrer"


def test_hostile_text_stays_text(visitor: Visitor) -> None:
    title = visitor.driver.title
    visitor.say("hostile question")
    visitor.wait_for_words("The end of it.")
    visitor.wait_for(".thought-group .title").click()
    visitor.wait_for_words("The end of it.", ".thought-group")
    assert '<img src="http://evil.example/raw.png"' in visitor.wait_for(".said").text
    for intruder in ("img", "iframe", "script", "svg", "style", ".overlay", ".mermaid", "b"):
        assert not visitor.all(f".said {intruder}, .notes {intruder}, .press {intruder}, .content {intruder}"), intruder
    assert visitor.driver.title == title == "Threadsight"


@pytest.mark.parametrize("kind", ["drop", "paste"])
@pytest.mark.parametrize("where", ["#chat", "#composer textarea", "body"])
def test_files_come_from_anywhere(kind: str, where: str, visitor: Visitor, documents: Path) -> None:
    taken = visitor.give(kind, where, documents / "invoice.pdf", "application/pdf")
    visitor.until(lambda: len(visitor.all("#composer .thumbnail-item")) == 1, "the file in the box")
    visitor.say("And this?")
    visitor.wait_for_words("about invoice.pdf")
    assert taken


def test_what_is_no_document_is_refused_with_a_sentence(visitor: Visitor, tmp_path: Path) -> None:
    (tmp_path / "notes.xyz").write_text("hello")
    visitor.driver.find_element(By.CSS_SELECTOR, "#composer input[type=file]").send_keys(str(tmp_path / "notes.xyz"))
    visitor.wait_for_words("Invalid file type: notes.xyz.", ".toast-wrap")


def test_what_is_too_large_is_refused_with_a_sentence(visitor: Visitor, tmp_path: Path) -> None:
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(201 * 1024 * 1024)
    visitor.driver.find_element(By.CSS_SELECTOR, "#composer input[type=file]").send_keys(str(tmp_path / "huge.png"))
    visitor.wait_for_words("maximum allowed size of 200", ".toast-wrap")


def test_a_message_that_is_not_taken_stays_in_the_box(visitor: Visitor, console: Running) -> None:
    console.talker.refuse = True
    try:
        visitor.say("Hello?")
        visitor.wait_for_words("not taken", ".toast-wrap")
    finally:
        console.talker.refuse = False
    assert "no room" not in visitor.driver.page_source
    assert visitor.wait_for("#composer textarea").get_property("value") == "Hello?"
    assert "Hello?" not in visitor.titles()


def test_a_conversation_can_be_deleted(visitor: Visitor) -> None:
    visitor.say("Delete me")
    visitor.wait_for_words("You asked Delete me")
    visitor.wait_for("#conversations .current .remove").click()
    visitor.driver.switch_to.alert.accept()
    visitor.wait_for("#chat .placeholder")
    assert "Delete me" not in visitor.titles()


def test_nothing_of_gradio_is_offered(visitor: Visitor) -> None:
    assert not any(footer.is_displayed() for footer in visitor.all("footer"))


def test_it_looks_as_it_should(visitor: Visitor, console: Running, picture: Path) -> None:
    """Keeps pictures for people to judge, and checks that nothing hangs over the edge of a phone."""
    shot(visitor, "first")
    visitor.say("rich What does it say?", picture)
    visitor.wait_for_words("What the invoice says")
    visitor.until(lambda: len(visitor.all(".said .katex")) == 2, "two formulas")
    shot(visitor, "answer")
    visitor.say("slow looks")
    visitor.wait_for_words("Waiting")
    visitor.resize(1280, 800, scheme="dark")
    visitor.reload()
    visitor.wait_for_words("Waiting")
    shot(visitor, "waiting-dark")
    visitor.resize(390, 844)
    visitor.reload()
    visitor.wait_for_words("Waiting")
    visitor.until(lambda: not visitor.all("#side.open"), "the folded side")
    shot(visitor, "phone")
    widest = "return Math.max(...[...document.querySelectorAll('#chat .message-row, #foot')].map(e => e.scrollWidth))"
    assert visitor.driver.execute_script(widest) <= 390
    visitor.wait_for("#side .toggle-button").click()
    visitor.wait_for("#fresh").click()
    visitor.wait_for("#chat .placeholder")
    visitor.until(lambda: not visitor.all("#side.open"), "the folded side")
    shot(visitor, "phone-first")
    visitor.wait_for("#side .toggle-button").click()
    visitor.conversation("rich What does it say?").click()
    console.open("looks reads")
    console.open("looks writes")
    console.open("looks ends")
    visitor.wait_for_words("The whole answer to looks.")
