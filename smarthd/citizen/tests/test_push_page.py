"""The page where a phone is told or not: readable before its module runs, never kept by caches of pages."""

from __future__ import annotations

import pytest

from smarthd.citizen.views import push, pwa
from smarthd.messaging import rules
from smarthd.people import rules as people_rules

pytestmark = pytest.mark.django_db
PAGE = "/toi/nhan-thong-bao/"


@pytest.fixture
def page(client, province) -> str:
    return client.get(PAGE).content.decode()


def test_the_words_agreed_to_are_shown_whole_with_their_version(page: str) -> None:
    words = max((one for one in people_rules.WORDINGS if one.purpose == "push"), key=lambda one: one.version)
    assert words.text in page
    assert f'data-push-wishes="{words.version}"' in page


def test_every_topic_has_its_switch_and_quiet_is_as_the_rules_say(page: str) -> None:
    assert set(push.TOPICS) == set(rules.Topic)
    for topic in rules.Topic:
        assert f'name="topic" value="{topic.value}"' in page
    assert f'<option value="{rules.QUIET_FROM}" selected>21:00</option>' in page
    assert f'<option value="{rules.QUIET_TO}" selected>07:00</option>' in page


def test_without_a_module_the_page_says_where_messages_are(page: str) -> None:
    assert "<noscript>" in page
    assert "vào Hộp thư" in page


def test_all_communes_of_today_can_be_followed(page: str) -> None:
    assert page.count("<optgroup") > 5
    assert "Xã Hồng Hưng" in page or page.count("<option") > 60


def test_it_is_reached_from_my_page_and_not_kept(client, province) -> None:
    assert PAGE in client.get("/toi/").content.decode()
    assert PAGE in pwa.NEVER_KEPT


def test_it_is_in_english_too(client, province) -> None:
    client.cookies["smarthd_lang"] = "en"
    assert "Agree and turn on" in client.get(PAGE).content.decode()
