"""The English catalogue: complete, its placeholders kept, compiled, and shown to whoever chose English."""

import pytest

from xinqiao.config import catalogue

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "共 %(n)s 条"\nmsgstr "{}"\n'


@pytest.fixture
def house(tmp_path):
    def write(english: str):
        page = tmp_path / "xinqiao/portals/page.html"
        page.parent.mkdir(parents=True)
        page.write_text("{% load i18n %}{% blocktranslate %}共 {{ n }} 条{% endblocktranslate %}", "utf-8")
        folder = tmp_path / catalogue.FOLDER
        folder.mkdir(parents=True)
        (folder / "django.po").write_text(PO.format(english), "utf-8")
        catalogue.compile_catalogue(tmp_path)
        return tmp_path

    return write


def test_a_translated_word_is_left_in_peace(house):
    assert catalogue.check(house("%(n)s entries")) == []


@pytest.mark.parametrize("english, fault", [("", "缺少"), ("%(count)s entries", "占位符不符")])
def test_a_word_without_english_or_with_other_placeholders_is_found(house, english, fault):
    [found] = catalogue.check(house(english))
    assert fault in found and "共 %(n)s 条" in found


def test_words_changed_but_not_compiled_are_found(house):
    root = house("%(n)s entries")
    (root / catalogue.FOLDER / "django.po").write_text(PO.format("%(n)s rows"), "utf-8")
    assert catalogue.check(root) == ["英文词目还没有编译：请运行 xinqiao docs catalogue"]


def test_writing_keeps_the_words_known_and_drops_those_no_longer_asked(house):
    root = house("%(n)s entries")
    (root / "xinqiao/portals/page.html").write_text('{% load i18n %}{% translate "保存" %}', "utf-8")
    catalogue.write(root)
    assert catalogue.check(root) == ["英文词目缺少：保存"]


def test_whoever_chose_english_reads_english(client, db):
    assert "登录" in client.get("/login").content.decode()
    client.post("/language", {"language": "en"})
    page = client.get("/login").content.decode()
    assert "Sign in" in page and "Staff number" in page and 'lang="en"' in page
