"""Forms are asked, checked and judged as clinicians wrote them."""

from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.questionnaires.rules.answers import (
    Asked,
    band,
    check_answers,
    completeness,
    findings,
    follow_ups,
    is_valid_record,
    may_open,
    net_promoter,
    total,
    visible_items,
)
from xinqiao.questionnaires.rules.forms import BadForm, form_faults, parse_form
from xinqiao.questionnaires.rules.tokens import CLOSED, TRIES, Proof, proves, read_proof, try_token

CONTENT = Path(__file__).parents[3] / "content/questionnaires"
DOCUMENTS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(CONTENT.glob("*.yaml"))}
FORMS = {code: parse_form(document) for code, document in DOCUMENTS.items()}
SELF, FAMILY, VERIFIED = Asked(), Asked("family"), Asked(verified=True)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
WELL_D1 = {
    "pain": "2",
    "temperature": "36.8",
    "bleeding": "none",
    "nausea": "none",
    "medicines": "all",
    "contact": "same",
    "symptoms": ["none"],
}


def levels(form, given, asked=SELF):
    checked = check_answers(FORMS[form], given, asked)
    assert checked.errors == {}
    return [finding.level for finding in findings(FORMS[form], checked.answers, asked)]


def test_every_published_form_carries_its_own_name():
    assert list(FORMS) == ["dc_d1", "dc_d3", "dc_d30", "dc_d7", "phq9"]
    assert all(form.code == code for code, form in FORMS.items())


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_word_to_staff_tells_a_score_and_every_danger_tells_the_patient_what_to_do(form):
    for danger in (danger for item in form.items for danger in item.dangers):
        assert "分，" not in danger.reason and "PHQ" not in danger.reason
        assert "120" in danger.advice
        assert "人工联系" in danger.reason


def test_a_well_patient_on_day_one_raises_nothing_and_makes_a_valid_record():
    checked = check_answers(FORMS["dc_d1"], WELL_D1, SELF, complete=True)
    assert (checked.errors, checked.warnings) == ({}, {})
    assert findings(FORMS["dc_d1"], checked.answers, SELF) == []
    assert completeness(FORMS["dc_d1"], checked.answers, SELF) == (7, 7)
    assert is_valid_record(FORMS["dc_d1"], checked.answers, FAMILY)


@pytest.mark.parametrize(
    "form, given, found",
    [
        ("dc_d1", {"temperature": "38.5"}, ["L1"]),
        ("dc_d1", {"temperature": "38.4"}, []),
        ("dc_d1", {"temperature": "38.4", "implant": "no"}, []),
        ("dc_d1", {"temperature": "38.0", "implant": "yes"}, ["L1"]),
        ("dc_d1", {"temperature": "38.0", "implant": "unsure"}, ["L1"]),
        ("dc_d1", {"temperature": "37.9", "implant": "yes"}, []),
        ("dc_d1", {"pain": 7, "pain_relief": "not_relieved"}, ["L1"]),
        ("dc_d1", {"pain": 7, "pain_relief": "relieved"}, []),
        ("dc_d1", {"pain": 6, "pain_relief": "not_relieved"}, []),
        ("dc_d1", {"bleeding": "continuous"}, ["L1"]),
        ("dc_d1", {"bleeding": "spot"}, []),
        *(
            ("dc_d1", {"symptoms": [c]}, ["L1"])
            for c in ("wound", "chest", "leg", "urine", "confused", "blood")
        ),
        ("dc_d1", {"symptoms": ["leg", "chest"]}, ["L1", "L1"]),
        ("dc_d3", {"temperature": "38.0"}, ["L2"]),
        ("dc_d3", {"temperature": "38.0", "implant": "yes"}, ["L1", "L2"]),
        ("dc_d3", {"temperature": "37.9"}, []),
        ("dc_d3", {"temperature": "38.5"}, ["L1"]),
        ("dc_d3", {"wound": "pus"}, ["L1"]),
        ("dc_d3", {"wound": "open"}, ["L1"]),
        ("dc_d3", {"leg": "one"}, ["L1"]),
        ("dc_d3", {"leg": "both"}, []),
        ("dc_d3", {"stool": "black"}, ["L1"]),
        *(
            ("dc_d3", {"symptoms": [c]}, ["L1"])
            for c in ("chest", "urine", "confused", "blood", "pain", "bleeding")
        ),
        *(
            (form, {"symptoms": [c]}, ["L1"])
            for form in ("dc_d7", "dc_d30")
            for c in ("fever", "pain", "bleeding", "wound", "chest", "leg", "urine", "confused", "blood")
        ),
        ("dc_d7", {"nps": 0}, []),
    ],
)
def test_red_flags_after_an_operation_strike_while_the_form_is_being_filled(form, given, found):
    assert levels(form, given) == found


@pytest.mark.parametrize("answer, found", [("0", []), ("1", ["L2"]), ("2", ["L1"]), ("3", ["L1"])])
def test_the_ninth_question_is_answered_by_a_person_whatever_the_score(answer, found):
    assert levels("phq9", {"phq9_9": answer}, VERIFIED) == found
    for finding in findings(FORMS["phq9"], {"phq9_9": answer}, VERIFIED):
        assert "12356" in finding.advice


def test_emotions_are_asked_of_the_patient_only_and_after_a_code():
    assert may_open(FORMS["phq9"], VERIFIED) == (True, "")
    assert "验证码" in may_open(FORMS["phq9"], SELF)[1]
    assert "本人" in may_open(FORMS["phq9"], Asked("family", True))[1]
    asked = {item.code for item in visible_items(FORMS["dc_d30"], {}, SELF)}
    assert "phq2_1" not in asked
    assert "phq2_1" in {item.code for item in visible_items(FORMS["dc_d30"], {}, VERIFIED)}
    assert "phq2_1" not in {item.code for item in visible_items(FORMS["dc_d30"], {}, Asked("family", True))}


@pytest.mark.parametrize(
    "answers, points, word",
    [([1, 1, 1, 1, 1, 0, 0, 0, 1], 6, "轻"), ([3, 3, 2, 2, 1, 2, 1, 1, 0], 15, "中重")],
)
def test_phq9_comes_to_the_published_totals(answers, points, word):
    (score,) = FORMS["phq9"].scores
    given = {f"phq9_{place}": str(answer) for place, answer in enumerate(answers, 1)}
    assert total(score, given) == points
    assert band(score, points) == word


def test_two_missing_items_take_the_mean_and_three_void_the_score():
    (score,) = FORMS["phq9"].scores
    given = {f"phq9_{place}": "1" for place in range(1, 10)}
    assert total(score, given | {"phq9_1": None, "phq9_2": None}) == 9
    assert total(score, given | {"phq9_1": None, "phq9_2": None, "phq9_3": None}) is None
    assert total(score, {}) is None


@pytest.mark.parametrize(
    "form, answers, tasks",
    [
        ("dc_d30", {"phq2_1": "2", "phq2_2": "1"}, ["ask_phq9"]),
        ("dc_d30", {"phq2_1": "1", "phq2_2": "1"}, []),
        ("dc_d30", {"phq2_1": "3"}, []),
        ("dc_d7", {"nps": 6}, ["service_recovery"]),
        ("dc_d7", {"nps": 7}, []),
    ],
)
def test_a_finished_form_causes_unhurried_work(form, answers, tasks):
    assert [rule.task for rule in follow_ups(FORMS[form], answers, VERIFIED)] == tasks


def test_an_answer_to_a_hidden_question_counts_for_nothing():
    hidden = {"phq2_1": "3", "phq2_2": "3"}
    assert follow_ups(FORMS["dc_d30"], hidden, FAMILY) == []
    assert check_answers(FORMS["dc_d30"], hidden, FAMILY).answers == {}


@pytest.mark.parametrize(
    "item, typed, words",
    [
        ("temperature", "三十八度", "请填写数字"),
        ("temperature", "386", "应在 25 到 45℃ 之间"),
        ("temperature", "NaN", "请填写数字"),
        ("pain", "11", "应在 0 到 10"),
        ("pain", "3.5", "整数"),
        ("bleeding", "much", "请从给出的选项里选择"),
        ("symptoms", ["none", "chest"], "不能再选其他"),
        ("remark", "长" * 301, "最多填写 300 个字"),
    ],
)
def test_a_wrong_answer_is_told_in_plain_words(item, typed, words):
    checked = check_answers(FORMS["dc_d1"], WELL_D1 | {item: typed}, SELF, complete=True)
    assert list(checked.errors) == [item]
    assert words in checked.errors[item]


def test_full_width_digits_are_digits_and_a_rare_value_is_questioned_not_refused():
    checked = check_answers(FORMS["dc_d1"], {"temperature": "４２．５"}, SELF)
    assert checked.answers == {"temperature": Decimal("42.5")}
    assert "请核对" in checked.warnings["temperature"]


def test_a_draft_may_be_open_but_a_finished_form_may_not():
    assert check_answers(FORMS["dc_d1"], {}, SELF).errors == {}
    assert set(check_answers(FORMS["dc_d1"], {}, SELF, complete=True).errors) == set(WELL_D1)


@given(st.integers(0, 7))
def test_a_record_is_valid_from_four_fifths_of_its_core_on(answered):
    answers = check_answers(FORMS["dc_d1"], dict(list(WELL_D1.items())[:answered]), SELF).answers
    assert is_valid_record(FORMS["dc_d1"], answers, SELF) is (answered * 100 >= 80 * 7)


@given(st.data())
def test_more_answers_never_take_a_danger_away(data):
    form = FORMS["dc_d1"]
    values = {
        item.code: data.draw(st.sampled_from([*item.options, None] if item.type == "choice" else [None]))
        for item in form.items
    }
    values |= {"temperature": data.draw(st.decimals(25, 45, places=1)), "pain": data.draw(st.integers(0, 10))}
    answers = check_answers(form, values, SELF).answers
    partial = {code: answers[code] for code in list(answers)[: data.draw(st.integers(0, len(answers)))]}
    assert set(findings(form, partial, SELF)) <= set(findings(form, answers, SELF))


def test_net_promoter_of_the_published_ten():
    assert net_promoter([10, 9, 9, 8, 7, 6, 10, 3, 9, 8]) == 30
    assert net_promoter([]) is None


@pytest.mark.parametrize(
    "spoil, place",
    [
        (lambda d: d.update(minutes=0), "minutes："),
        (lambda d: d.update(who=["dog"]), "who："),
        (lambda d: d.update(colour=1), "colour："),
        (lambda d: d.update(items=[]), "items："),
        (lambda d: d["items"][0].update(max=0), "items[0]："),
        (lambda d: d["items"][1]["show_if"].update(fact="symptoms"), "items[1].show_if.fact："),
        (lambda d: d["items"][2].update(soft=[30, 50]), "items[2].hard："),
        (lambda d: d["items"][2]["danger"][0].update(level="red"), "items[2].danger[0].level："),
        (lambda d: d["items"][2]["danger"][0].pop("advice"), "items[2].danger[0]："),
        (lambda d: d["items"][4].update(options={True: "是", False: "否"}), "items[4].options："),
        (lambda d: d["items"][4].update(code="pain"), "items：代码“pain”重复"),
        (lambda d: d["items"][5].update(type="photo"), "items[5].type："),
        (lambda d: d.update(follow_up=[{"if": {}, "task": "x"}]), "follow_up[0]："),
    ],
)
def test_a_fault_in_a_form_is_told_with_its_place(spoil, place):
    document = deepcopy(DOCUMENTS["dc_d1"])
    spoil(document)
    faults = form_faults(document)
    assert faults and faults[0].startswith(place)
    with pytest.raises(BadForm):
        parse_form(document)


@pytest.mark.parametrize(
    "text, proof",
    [
        ("19540308", Proof(date(1954, 3, 8))),
        ("1954年3月8日", Proof(date(1954, 3, 8))),
        ("１９５４-03-08", Proof(date(1954, 3, 8))),
        ("002x", Proof(last_four="002X")),
        ("1234", Proof(last_four="1234")),
        ("19541308", None),
        ("李桂兰", None),
        ("", None),
    ],
)
def test_a_proof_is_read_as_people_type_it(text, proof):
    assert read_proof(text) == proof


@given(st.lists(st.sampled_from([True, False, None]), max_size=15))
def test_a_link_never_opens_after_its_fifth_wrong_try(tries):
    failures, void = 0, False
    for matches in tries:
        opened = try_token(matches, failures, NOW + timedelta(days=1), NOW, void)
        assert opened.opens is (matches is True and failures < TRIES)
        assert bool(opened.message) is not opened.opens
        failures, void = opened.failures, opened.void
        assert void is (failures == TRIES)


def test_the_fifth_wrong_try_voids_the_link_even_for_the_right_answer():
    fifth = try_token(False, 4, NOW + timedelta(days=1), NOW)
    assert (fifth.void, fifth.failures, fifth.opens) == (True, 5, False)
    assert not try_token(True, 5, NOW + timedelta(days=1), NOW).opens


def test_an_expired_link_does_not_open_even_with_the_right_answer():
    closed = try_token(True, 0, NOW, NOW)
    assert not closed.opens
    assert closed.message == try_token(True, 0, NOW + timedelta(1), NOW, void=True).message == CLOSED


def test_a_proof_is_compared_with_birth_date_and_papers_and_with_nothing_else():
    assert proves(read_proof("19540308"), date(1954, 3, 8), [])
    assert not proves(read_proof("19540309"), date(1954, 3, 8), ["11010119540309002X"])
    assert proves(read_proof("002x"), None, ["E12345678", "11010119540308002X"])
    assert not proves(read_proof("0021"), None, ["11010119540308002X"])
    assert not proves(read_proof("19540308"), None, [])
    assert proves(read_proof("李桂兰"), date(1954, 3, 8), []) is None
