"""A patient's answer on her phone, 390 px wide, and what it sets going (患者的回答)."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.moves import fill_in, save
from tests.journeys.ward import LI, WELL_D1
from tests.journeys.windows import PHONE
from xinqiao.kit.ids import outside

HAND = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2}


def prove(page: Page, year: str, month: str, day: str) -> None:
    for label, said in (("年", year), ("月", month), ("日", day)):
        page.get_by_label(label, exact=True).fill(said)
    page.get_by_role("button", name="开始填写").click()


def test_a_fever_is_answered_at_once_and_a_nurse_takes_it_up_and_closes_it(ward, window):
    (token,) = {found for text in ward.hospital.texts(LI) for found in re.findall(r"/q/(\S+)", text)}
    phone = window(PHONE, **HAND)
    page = phone.open(f"/q/{token}")
    assert "李桂兰" not in page.content()
    phone.check()
    prove(page, "1954", "3", "9")
    expect(page.get_by_role("alert").first).to_contain_text("还可以再试 4 次")
    phone.check()
    prove(page, "1954", "3", "8")
    page.get_by_label("本人", exact=True).check()
    fill_in(page, WELL_D1 | {"temperature": "39.1"})
    page.locator("[name=q_temperature]").blur()
    expect(page.locator("#advice")).to_contain_text("护士会尽快给您打电话")
    phone.check()
    page.evaluate("scrollTo(0, 0)")
    phone.draw("phone")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    expect(page.get_by_text("护士会尽快给您打电话")).to_be_visible()
    phone.check()

    ward.settle()
    (item,) = ward.open_items(ward.li, "alert")
    desk = window(login="chen_jing")
    page = desk.open("/today?kind=alert")
    expect(page.locator("[data-row]").first).to_contain_text("李桂兰")
    expect(page.locator("#preview")).to_contain_text("39.1")
    desk.check()
    page.get_by_role("button", name="确认，由我处理").click()
    page.wait_for_url(f"**/call/{outside('item', item.id)}")
    page.get_by_role("button", name="已联系到患者").click()
    expect(page.locator("#id_disposition")).to_be_visible()
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("处置结论")
    desk.check()
    page.locator("[name=disposition][value=emergency]").check()
    save(page)
    page.wait_for_url("**/today")
    assert ward.open_items(ward.li, "alert") == []


def test_she_comes_in_with_a_code_and_everything_grows_in_large_type(ward, window):
    phone = window(PHONE, **HAND)
    page = phone.open("/me/login")
    phone.check()
    page.get_by_label("手机号").fill(LI)
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_url("**/me/login/code")
    phone.check()
    ward.settle()
    code = re.search(r"\d{6}", ward.hospital.texts(LI)[-1])[0]
    page.get_by_label("6位验证码").fill(code)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/me")
    expect(page.get_by_role("heading", level=1)).to_contain_text("李桂兰")
    for path in ("/me", "/me/plan", "/me/readers", "/me/consents"):
        phone.open(path)
        phone.check()
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    assert page.evaluate(size) == 17
    page.get_by_role("button", name="长辈版").click()
    for path in ("/me", "/me/plan", "/me/readers", "/me/consents"):
        phone.open(path)
        assert page.evaluate(size) == 22
        phone.check()
