"""Every page can be drawn, keeps to the strict policy, and shows what it was given (模板)."""

import json
import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Engine
from django.test import override_settings

from xinqiao.portals.ui.sparks import draw_spark
from xinqiao.portals.ui.tests import sketches
from xinqiao.portals.ui.tests.draw import PORTALS
from xinqiao.portals.ui.tests.specimens import SPECIMENS

ENTRIES = ["staff.js", "patient.js", "public.js", "staff.css", "patient.css", "public.css"]
PAGES = sketches.PAGES | {"styleguide": ("ui/styleguide.html", sketches.STAFF | SPECIMENS | {"many": sketches.many_rows()})}  # fmt: skip
ENGINE = Engine(
    dirs=[PORTALS / face / "templates" for face in ("ui", "staff", "patient", "manager", "public")],
    libraries={
        "ui": "xinqiao.portals.ui.templatetags.ui",
        "i18n": "django.templatetags.i18n",
        "static": "django.templatetags.static",
    },
)


@pytest.fixture(autouse=True)
def _front_end(tmp_path):
    (tmp_path / "manifest.json").write_text(
        json.dumps({f"src/{name}": {"file": f"assets/{name}"} for name in ENTRIES})
    )
    with override_settings(
        FRONTEND_DIST=tmp_path, USE_TZ=True, TIME_ZONE="Asia/Shanghai", LANGUAGE_CODE="zh-hans", STATIC_URL="/static/",
        STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    ):  # fmt: skip
        yield


def draw(name, **more):
    template, context = PAGES[name]
    return ENGINE.get_template(template).render(Context(context | more))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_no_inline_style_script_or_handler(name):
    page = draw(name)
    assert "</html>" in page
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<style", page)
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_label_and_reference_points_at_something(name):
    page = draw(name)
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    wanted = re.findall(
        r'\s(?:for|aria-describedby|aria-labelledby|data-sheet|data-chart|form)="([^"]+)"', page
    )
    assert set(wanted) - ids == set()


def test_the_task_beside_the_list_is_the_same_as_the_call_page():
    panel = 'id="call-1"'
    assert panel in draw("today")
    assert panel in draw("call")


def test_an_empty_day_says_what_to_do():
    page = draw("today", tasks=[], task=None)
    assert "这里没有要做的事" in page
    assert "data-row" not in page


def test_a_stranger_to_the_team_sees_a_masked_name():
    page = draw("search")
    assert "李桂兰" in page
    assert "李国良" not in page
    assert "李*" in page


def test_a_name_full_of_markup_is_shown_as_text():
    patient = sketches.person("<b>王</b>", "女", sketches.LI.birth_on)
    assert "<b>王</b>" not in draw("today", tasks=[sketches.row(1, "L1", patient, "<i>", sketches.NOW)])


def test_every_phone_page_carries_the_emergency_line():
    phone = [name for name in PAGES if name.startswith("phone-")]
    assert len(phone) >= 6
    for name in phone:
        assert 'tel:120"' in draw(name)


def test_the_error_page_tells_its_incident_number_only_when_there_is_one():
    assert "7F3K-21" in draw("error500")
    assert "事件编号" not in draw("error409")


def test_a_trend_leaves_gaps_and_marks_a_last_value_out_of_range():
    drawn = draw_spark([120, None, 140, 150], high=135)
    assert len(drawn["paths"]) == 2
    assert drawn["is_over"] is True
    assert draw_spark([None, None]) == {}
    assert draw_spark([5])["last"][0] == 3


def test_an_unbuilt_front_end_says_what_to_run(tmp_path):
    with (
        override_settings(FRONTEND_DIST=tmp_path / "none"),
        pytest.raises(ImproperlyConfigured, match="make setup"),
    ):
        draw("login")
