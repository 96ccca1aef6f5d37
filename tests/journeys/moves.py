"""What people do on the pages again and again (常用动作)."""

import csv
import io

from playwright.sync_api import Page, expect

from xinqiao.kit.ids import outside


def open_by_keyboard(page: Page, name: str) -> None:
    """Go down the list to somebody, and open the task with the arrow keys alone."""
    chosen = page.locator("[data-row][aria-selected=true]")
    for _ in range(page.locator("[data-row]").count()):
        if name in chosen.inner_text():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#preview .patient-line .name")).to_have_text(name)


def answer(page: Page, answers: dict) -> None:
    """The patient is on the phone: tick what she says."""
    page.get_by_label("已接通", exact=True).check()
    fill_in(page, answers)


def fill_in(page: Page, answers: dict) -> None:
    """Answer the questions of a form, wherever it is shown."""
    for code, said in answers.items():
        if code == "temperature":
            page.locator(f"[name=q_{code}]").fill(said)
        else:
            for value in said if isinstance(said, list) else [said]:
                page.locator(f'[name$=_{code}][value="{value}"]').check()


def save(page: Page) -> None:
    """Press what saves, once the page listens."""
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")


def call_of(ward, patient) -> str:
    (item,) = ward.open_items(patient, "follow_up_call")
    return f"/call/{outside('item', item.id)}"


def file_of(page: Page, button: str) -> list[list[str]]:
    """Take a list home as a file, and read it as a spreadsheet does."""
    with page.expect_download() as taken:
        page.get_by_role("button", name=button).click()
    text = taken.value.path().read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]
