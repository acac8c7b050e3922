"""An inbox: told once by key, read one by one or all at once, emptied with its account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from smarthd.kernel import events
from smarthd.messaging import selectors, services
from smarthd.messaging.errors import ItemUnknown
from smarthd.messaging.models import InboxItem
from smarthd.people import exports
from smarthd.people import services as people

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 4, 11, 10, tzinfo=UTC)


def account() -> int:
    return int(get_user_model().objects.create(created_at=NOW).pk)


def told(*accounts: int, key: str = "k-1", title: str = "Việc mới", href: str = "") -> int:
    return services.tell(accounts, kind="test", title=title, href=href, key=key, now=NOW)


def test_the_same_key_reaches_an_account_once() -> None:
    one, other = account(), account()
    assert told(one, one) == 1
    assert told(one, other, title="Lời khác") == 1
    assert [item.title for item in selectors.inbox_for(one).items] == ["Việc mới"]


def test_the_newest_stands_first_and_pages_go_on_where_they_ended() -> None:
    one = account()
    for number in range(5):
        told(one, key=f"k-{number}", title=f"Thư {number}")
    first = selectors.inbox_for(one, limit=3)
    rest = selectors.inbox_for(one, limit=3, cursor=first.next_cursor)
    assert [item.title for item in [*first.items, *rest.items]] == [f"Thư {n}" for n in (4, 3, 2, 1, 0)]
    assert rest.next_cursor == ""


def test_reading_counts_down_and_says_where_to_go() -> None:
    one = account()
    told(one, href="/can-bo/")
    told(one, key="k-2")
    [second, first] = selectors.inbox_for(one).items
    assert services.mark_read(first.uid, account_id=one, now=NOW) == "/can-bo/"
    assert selectors.unread_count(one) == 1
    assert services.mark_all_read(one, now=NOW) == 1
    assert all(item.read for item in selectors.inbox_for(one).items)
    assert services.mark_read(second.uid, account_id=one, now=NOW + timedelta(days=1)) == ""


def test_anothers_message_is_not_found() -> None:
    one, other = account(), account()
    told(one)
    [item] = selectors.inbox_for(one).items
    for uid, reader in ((item.uid, other), (uuid4(), one)):
        with pytest.raises(ItemUnknown):
            services.mark_read(uid, account_id=reader, now=NOW)


@pytest.mark.parametrize("href", ["https://x.vn/", "//x.vn/", "javascript:alert(1)"])
def test_a_message_leads_nowhere_but_to_our_own_pages(href: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        told(account(), href=href)


def test_an_erased_account_is_told_nothing_and_its_inbox_is_empty() -> None:
    one = account()
    told(one)
    people.erase_account(one, now=NOW)
    events.deliver_owed()
    assert not InboxItem.objects.exists()
    assert told(one, key="k-2") == 0


def test_a_person_sees_their_messages_among_their_data() -> None:
    one = account()
    told(one)
    section = next(section for section in exports.gather(one) if section.key == "inbox")
    assert section.rows[0]["Nội dung"] == "Việc mới"


def test_old_messages_are_forgotten() -> None:
    one = account()
    told(one)
    assert services.forget_old_items(before=NOW) == 0
    assert services.forget_old_items(before=NOW + timedelta(seconds=1)) == 1
