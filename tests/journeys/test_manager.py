"""The manager's number, whom it stands for, and how a call moves it (管理者的数字)."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.moves import answer, call_of, file_of, save
from tests.journeys.ward import WELL_D3


def number(page: Page) -> tuple[int, int]:
    """Read numerator and denominator of the completion rate off its card."""
    found = re.search(r"(\d+) / (\d+)", page.locator(".card", has_text="随访完成率").inner_text())
    return int(found[1]), int(found[2])


def test_the_list_and_the_file_behind_the_number_are_the_number_and_a_call_moves_it(ward, window):
    office = window(login="sun_li")
    page = office.open("/manager")
    done, due = number(page)
    assert due >= 30
    office.check()
    office.draw("manager")
    page.get_by_role("link", name=f"{done} / {due}").click()
    expect(page.locator("[data-row]")).to_have_count(due)
    office.check()
    rows = file_of(page, "导出")
    assert len({row[0] for row in rows}) == due
    assert sum(row[4] == "已完成" for row in rows) == done
    page.get_by_role("link", name=re.compile("^已完成")).click()
    expect(page.locator("[data-row]")).to_have_count(done)
    assert {row[0] for row in file_of(page, "导出")} == {row[0] for row in rows if row[4] == "已完成"}

    office.open("/manager")
    desk = window(login="chen_jing")
    # Her step was still in its window, and so not counted either way until now.
    answer(desk.open(call_of(ward, ward.moving)), WELL_D3)
    save(desk.page)
    desk.page.wait_for_url("**/today")
    expect(page.locator(".card", has_text="随访完成率")).to_contain_text(f"{done + 1} / {due + 1}")
    office.check()
