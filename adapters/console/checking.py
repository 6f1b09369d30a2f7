"""The tab in which many files are checked at once. What it sends is a message like any other, so that the same question
can be asked by typing it, and asked on about in the conversation that it begins."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from adapters.base import Mode
from adapters.console.desk import Desk

TITLE = "Check documents"
PROMISE = "The same question about every file: a verdict for each, with the words that say it."
QUESTION = "Has this invoice been paid?"
NOTHING_CHOSEN = "Add the files that you want to have checked."

CHECK = "check these documents: "
"""How one asks for it in words."""


@dataclass(frozen=True, slots=True)
class CheckTab:
    """Its parts that others listen to or fill."""

    files: gr.File
    question: gr.Textbox
    button: gr.Button
    result: gr.HTML


def build(file_types: list[str]) -> CheckTab:
    """Within a tab."""
    with gr.Column(elem_id="checking"):
        gr.HTML(f"<h2>{TITLE}</h2><p>{PROMISE}</p>", elem_id="checking-head")
        files = gr.File(
            elem_id="checked-files",
            file_count="multiple",
            file_types=file_types,
            label="Pictures and PDFs",
            height=120,
        )
        with gr.Row(elem_id="checked-question"):
            question = gr.Textbox(
                value=QUESTION,
                placeholder=QUESTION,
                show_label=False,
                label="Question",
                container=False,
                max_lines=3,
                scale=1,
            )
            button = gr.Button("Check", variant="primary", elem_id="check-button", scale=0, min_width=130)
        result = gr.HTML(elem_id="checked")
    return CheckTab(files, question, button, result)


async def send(
    desk: Desk, paths: list[str], question: str, mode: Mode, show: Callable[[str | None], None]
) -> dict[str, Any]:
    """Begin a conversation with the check, and show it; the emptied box."""
    files = [Path(path) for path in paths]
    attachments = await desk.attach([(path, path.name) for path in files])
    show(await desk.ask(None, CHECK + (question.strip() or QUESTION), attachments, mode))
    emptied: dict[str, Any] = gr.update(value=None)
    return emptied
