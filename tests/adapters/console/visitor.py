"""What a person does on the page and sees there, for tests. Every look waits until it is so."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

SECONDS = 20
Seen = TypeVar("Seen")

_GIVE = """
const [where, kind, name, type, content] = arguments;
const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
const held = new DataTransfer();
held.items.add(new File([bytes], name, { type }));
const given = { bubbles: true, cancelable: true };
const event = kind === "paste" ? new ClipboardEvent("paste", { ...given, clipboardData: held })
                               : new DragEvent("drop", { ...given, dataTransfer: held });
document.querySelector(where).dispatchEvent(event);
return event.defaultPrevented;
"""


class Visitor:
    """Somebody in front of the page."""

    def __init__(self, driver: Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def arrive(self) -> None:
        """Open the page and begin a conversation."""
        self.driver.get(self.url)
        self._wait_until_loaded()
        self.begin()

    def reload(self) -> None:
        self.driver.refresh()
        self._wait_until_loaded()

    def _wait_until_loaded(self) -> None:
        self.until(lambda: self.all("#conversations nav, #conversations .none"), "the list")

    def begin(self) -> None:
        self.wait_for("#fresh").click()
        self.wait_for("#chat .placeholder")

    def say(self, text: str, *files: Path) -> None:
        """Attach files, write, and press Enter."""
        self.attach(*files)
        box = self.wait_for("#composer textarea")
        box.send_keys(text)
        box.send_keys(Keys.ENTER)

    def attach(self, *files: Path) -> None:
        if files:
            there = len(self.all("#composer .thumbnail-item"))
            self.driver.find_element(By.CSS_SELECTOR, "#composer input[type=file]").send_keys(
                "\n".join(map(str, files))
            )
            self.until(lambda: len(self.all("#composer .thumbnail-item")) == there + len(files))

    def check(self, question: str, *files: Path) -> None:
        """Turn to the tab for checks, add files, write a question, and press the button."""
        self.turn_to("Check")
        self.driver.find_element(By.CSS_SELECTOR, "#checked-files input[type=file]").send_keys(
            "\n".join(map(str, files))
        )
        self.until(lambda: len(self.all("#checked-files .file-preview tr")) == len(files), "the files")
        box = self.wait_for("#checked-question textarea")
        box.clear()
        box.send_keys(question)
        self.wait_for("#check-button").click()

    def turn_to(self, tab: str) -> None:
        self.until(lambda: next((one for one in self.all("#views [role=tab]") if one.text == tab), None), tab).click()

    def give(self, kind: str, where: str, file: Path, media_type: str) -> bool:
        """Drop or paste a file somewhere on the page; whether the page took it."""
        content = base64.b64encode(file.read_bytes()).decode()
        return bool(self.driver.execute_script(_GIVE, where, kind, file.name, media_type, content))

    def conversation(self, title: str) -> WebElement:
        return self.wait_for(f'#conversations .open[title="{title}"]')

    def titles(self) -> list[str]:
        return [str(one.get_attribute("title")) for one in self.all("#conversations .open")]

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def wait_for(self, selector: str) -> WebElement:
        """The first such element, once it is shown."""
        return self.until(lambda: next((one for one in self.all(selector) if one.is_displayed()), None), selector)

    def wait_for_words(self, words: str, selector: str = "#chat .post") -> str:
        """The text of the first such element that holds the words."""
        return self.until(lambda: next((one.text for one in self.all(selector) if words in one.text), None), words)

    def until(self, look: Callable[[], Seen | None], what: str = "") -> Seen:
        """Wait until the look finds something true."""

        def seen(_: Any) -> Seen | None:
            try:
                return look()
            except StaleElementReferenceException:
                return None

        try:
            return WebDriverWait(self.driver, SECONDS, poll_frequency=0.05).until(seen)
        except TimeoutException:
            shown = self.driver.find_element(By.TAG_NAME, "body").text
            raise AssertionError(f"not seen: {what}; the page says: {shown}") from None

    def resize(self, width: int, height: int, *, scheme: str = "light") -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
