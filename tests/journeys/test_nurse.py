"""A nurse's day at a hospital's desk (护士的一天): 1366 × 768, mostly by keyboard."""

from playwright.sync_api import expect

from tests.journeys.moves import answer, call_of, open_by_keyboard, save
from tests.journeys.ward import WELL_D3
from xinqiao.kit.ids import outside


def test_the_patient_stands_whole_on_one_page(ward, window):
    desk = window(login="chen_jing")
    page = desk.page
    address = f"/patients/{outside('patient', ward.zhang)}"
    for tab in ("", "/timeline", "/trends", "/plans", "/messages", "/consents", "/readers"):
        desk.open(address + tab)
        expect(page.locator(".rail h1")).to_have_text("张国强")
        desk.check()
        if tab == "":
            desk.draw("patient")


def test_a_dangerous_answer_demands_a_disposition_and_then_the_next_one_opens(ward, window):
    desk = window()
    page = ward.sign_in(desk, "chen_jing")
    page.wait_for_url("**/today")
    desk.check()
    open_by_keyboard(page, "张国强")
    desk.draw("today")
    answer(page, WELL_D3 | {"temperature": "38.9"})
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("处置")
    expect(page.locator("[name=q_temperature]")).to_have_value("38.9")
    desk.check()
    page.locator("[name=disposition][value=clinic_today]").check()
    save(page)
    page.wait_for_url("**/today")
    expect(page.get_by_text("已保存。")).to_be_visible()
    expect(page.locator("#rows")).not_to_contain_text("张国强")
    expect(page.locator("#preview .patient-line .name")).not_to_have_text("张国强")
    desk.check()


def test_nothing_is_sent_while_a_character_is_being_composed(ward, window):
    desk = window(login="chen_jing")
    page = desk.open(call_of(ward, ward.composing))
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.get_by_label("无人接听", exact=True).check()
    page.get_by_label("备注").click()
    method = page.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": "tou", "selectionStart": 3, "selectionEnd": 3})
    for keys in ("Enter", "Control+Enter"):
        page.keyboard.press(keys)
    page.wait_for_timeout(200)
    assert sent == []
    method.send("Input.insertText", {"text": "头晕"})
    page.wait_for_timeout(100)
    expect(page.get_by_label("备注")).to_have_value("头晕")
    save(page)
    page.wait_for_url("**/today")
    assert len(sent) == 1


def test_an_idle_lock_keeps_what_was_typed(ward, window, owner):
    desk = window(login="chen_jing")
    page = desk.open("/today")
    open_by_keyboard(page, "马秀英")
    answer(page, {"temperature": "36.9"})
    page.get_by_label("备注").fill("声音有点虚弱")
    owner.execute("UPDATE accounts_sessionrecord SET last_seen_at = last_seen_at - interval '16 minutes'")
    page.wait_for_url("**/locked?**")
    desk.check()
    assert "马秀英" not in page.content()
    page.get_by_label("密码").fill(ward.password)
    page.get_by_role("button", name="解锁").click()
    page.wait_for_url("**/call/**")
    expect(page.get_by_label("备注")).to_have_value("声音有点虚弱")
    expect(page.locator("[name=q_temperature]")).to_have_value("36.9")


def test_a_name_is_found_and_never_stands_in_the_address(ward, window):
    desk = window(login="chen_jing")
    page = desk.open("/today")
    page.keyboard.press("/")
    page.keyboard.type("mxy")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]").first).to_contain_text("马秀英")
    assert "mxy" not in page.url
    desk.check()
