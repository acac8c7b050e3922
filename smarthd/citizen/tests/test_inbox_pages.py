"""The inbox through its pages: one's own messages only, read by a press, nothing kept by caches."""

from __future__ import annotations

import pytest
from django.test import Client

from smarthd.citizen.tests.account_make import account_of, sign_in
from smarthd.kernel import clock
from smarthd.messaging import selectors, services

pytestmark = pytest.mark.django_db
NUMBER = "0912 345 678"


@pytest.fixture
def person(client: Client) -> Client:
    sign_in(client, NUMBER)
    return client


def told(key: str = "k-1", href: str = "") -> None:
    services.tell(
        [account_of(NUMBER).pk], kind="test", title=f"Việc {key}", body="Một dòng", href=href, key=key, now=clock.now()
    )


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get("/toi/hop-thu/").status_code == 302
    assert client.post("/toi/hop-thu/doc-het/").status_code == 302


def test_an_empty_inbox_says_what_will_come(person: Client) -> None:
    answer = person.get("/toi/hop-thu/")
    assert "Chưa có thư nào" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_what_waits_is_counted_on_my_page_until_it_is_read(person: Client) -> None:
    told("k-1", href="/can-bo/")
    told("k-2")
    assert "2 thư chưa đọc" in person.get("/toi/").content.decode()
    assert "no-store" in person.get("/toi/")["Cache-Control"]
    [newest, oldest] = selectors.inbox_for(account_of(NUMBER).pk).items
    assert person.post(f"/toi/hop-thu/{oldest.uid}/")["Location"] == "/can-bo/"
    assert person.post(f"/toi/hop-thu/{newest.uid}/")["Location"] == "/toi/hop-thu/"
    assert "không có thư mới" in person.get("/toi/").content.decode()


def test_everything_can_be_read_at_once(person: Client) -> None:
    told("k-1")
    told("k-2")
    page = person.post("/toi/hop-thu/doc-het/", follow=True).content.decode()
    assert "Đã đánh dấu đọc hết" in page
    assert "chưa đọc" not in page


def test_anothers_message_is_not_found(person: Client) -> None:
    other = Client()
    sign_in(other, "0987 654 321")
    told()
    [item] = selectors.inbox_for(account_of(NUMBER).pk).items
    assert other.post(f"/toi/hop-thu/{item.uid}/").status_code == 404
    assert selectors.unread_count(account_of(NUMBER).pk) == 1


def test_words_of_a_message_never_become_markup(person: Client) -> None:
    services.tell(
        [account_of(NUMBER).pk], kind="test", title="<b>x</b>", body="<script>1</script>", key="k", now=clock.now()
    )
    page = person.get("/toi/hop-thu/").content.decode()
    assert "<b>x</b>" not in page
    assert "<script>1" not in page
