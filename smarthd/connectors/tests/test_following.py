"""Who follows data is told what changed: once, of what they follow and nothing else; phones of a commune hear of their cuts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from smarthd.connectors.errors import FollowUnknown, NotFollowed, TooManyFollows
from smarthd.connectors.models import DataRow, Follow, Source
from smarthd.connectors.rules import following as words
from smarthd.connectors.rules.following import Changes
from smarthd.connectors.rules.sources import Publication, Shape
from smarthd.connectors.rules.templates import TEMPLATES
from smarthd.connectors.services import following, sources
from smarthd.connectors.tests import make
from smarthd.kernel import events
from smarthd.messaging import selectors as messaging
from smarthd.people.events import AccountErased
from smarthd.places import selectors as places

NOW = make.NOW
HEADS = ("Mã lịch", "Khu vực", "Loại", "Xã, phường", "Từ", "Đến", "Lý do", "Điện thoại")


@pytest.fixture
def units(department: int) -> list[Any]:
    return places.units_on(NOW.date(), "commune")[:2]


def cut(number: int, unit: Any, hour: int = 8, day: str = "25/11/2026") -> tuple[str, ...]:
    return (
        f"L{number}",
        f"Khu {number}",
        "Cắt điện",
        unit.full_name,
        f"{day} {hour:02}:00",
        f"{day} {hour + 3:02}:00",
        "Bảo dưỡng",
        "",
    )


@pytest.fixture
def cuts(department: int, units: list[Any]) -> Source:
    made = make.source(department, template="cat-dien-nuoc", title="Lịch cắt điện, nước")
    make.published(made, make.table([cut(n, units[n % 2]) for n in range(1, 13)], HEADS))
    events.deliver_owed()
    return made


def person() -> int:
    return int(get_user_model().objects.create(full_name="Nguyễn Thị Lụa", created_at=NOW).pk)


def inbox(account_id: int) -> list[tuple[str, str, str]]:
    return [(item.title, item.body, item.href) for item in messaging.inbox_for(account_id).items]


def change(made: Source, units: list[Any], *, hours: int = 24) -> None:
    rows = [cut(n, units[n % 2], 14 if n == 2 else 8) for n in range(1, 12)] + [cut(20, units[1])]
    make.published(made, make.table(rows, HEADS), now=NOW + timedelta(minutes=hours))
    events.deliver_owed()


def test_each_hears_of_what_they_follow_and_of_nothing_else(cuts, units):
    whole, row, ours, theirs = person(), person(), person(), person()
    second = DataRow.objects.get(source=cuts, key="L2")
    following.follow(cuts.key, account_id=whole, now=NOW)
    following.follow(cuts.key, account_id=row, row_code=second.code, now=NOW)
    following.follow(cuts.key, account_id=ours, unit_id=units[1].id, now=NOW)
    following.follow(cuts.key, account_id=theirs, unit_id=units[0].id, now=NOW)
    change(cuts, units)
    [(title, body, href)] = inbox(row)
    assert title.startswith("Khu 2 · ")
    assert "Từ: 08:00 ngày 25/11/2026 → 14:00 ngày 25/11/2026" in body
    assert href.endswith(f"/muc/{second.code}/")
    assert [body for _title, body, _href in inbox(ours)] == ["1 mục mới: Khu 20."]
    [(_title, told, _href)] = inbox(theirs)
    assert "mục đổi: Khu 2" in told
    assert "mục đã bỏ: Khu 12" in told
    assert inbox(whole) == [], "a whole dataset waits for the morning"
    assert following.tell_digests(now=NOW + timedelta(days=1, hours=-2)) == 1
    assert "1 mục mới" in inbox(whole)[0][1]


def test_nobody_is_told_twice_however_often_the_news_is_delivered(cuts, units):
    who = person()
    following.follow(cuts.key, account_id=who, unit_id=units[1].id, now=NOW)
    change(cuts, units)
    cuts.refresh_from_db()
    assert following.tell_at_once(cuts.uid, cuts.version, now=NOW) == 0
    following.tell_digests(now=NOW)
    assert len(inbox(who)) == 1


def test_a_morning_tells_all_that_changed_since_in_one_message(cuts, units):
    who = person()
    following.follow(cuts.key, account_id=who, now=NOW)
    change(cuts, units, hours=1)
    make.published(
        cuts,
        make.table([cut(n, units[n % 2]) for n in range(1, 13)] + [cut(30, units[0])], HEADS),
        now=NOW + timedelta(hours=2),
    )
    events.deliver_owed()
    following.tell_digests(now=NOW + timedelta(hours=3))
    [(_title, body, _href)] = inbox(who)
    assert "Khu 30" in body
    assert "Khu 20" not in body, "what came and went between two mornings is no news"


def test_the_phones_of_a_commune_hear_of_its_new_cuts_and_not_of_the_first_list(cuts, units):
    assert messaging.latest_fanouts() == []
    change(cuts, units)
    cuts.refresh_from_db()
    found = {one.key for one in messaging.latest_fanouts()}
    assert found == {f"connectors.{cuts.pk}.{cuts.version}.{unit.id}" for unit in units}
    assert following.push_to_communes(cuts.uid, cuts.version, now=NOW + timedelta(minutes=24)) == 2
    assert len(messaging.latest_fanouts()) == 2, "delivered again it is the same message"


def test_a_cut_that_is_over_is_no_news(cuts, units):
    who = person()
    following.follow(cuts.key, account_id=who, unit_id=units[1].id, now=NOW)
    rows = [cut(n, units[n % 2]) for n in range(1, 13)] + [cut(40, units[1], day="20/11/2026")]
    make.published(cuts, make.table(rows, HEADS), now=NOW + timedelta(hours=1))
    events.deliver_owed()
    assert inbox(who) == []


def test_following_is_ended_by_its_owner_alone_and_by_erasure(cuts):
    who, other = person(), person()
    made = following.follow(cuts.key, account_id=who, now=NOW)
    assert following.follow(cuts.key, account_id=who, now=NOW) == made
    with pytest.raises(FollowUnknown):
        following.unfollow(made.uid, account_id=other)
    following.unfollow(made.uid, account_id=who)
    following.follow(cuts.key, account_id=who, now=NOW)
    events.announce(AccountErased(account_id=who, at=NOW))
    events.deliver_owed()
    assert not Follow.objects.filter(account_id=who).exists()


def test_rows_of_a_look_up_are_followed_by_nobody_and_nobody_follows_without_end(cuts, monkeypatch):
    sources.set_publication(
        uid=cuts.uid, publication=Publication(Shape.LOOKUP, lookup="ma_lich"), actor=make.SYSTEM, now=NOW
    )
    with pytest.raises(NotFollowed):
        following.follow(cuts.key, account_id=person(), now=NOW)
    sources.set_publication(
        uid=cuts.uid, publication=TEMPLATES["cat-dien-nuoc"].publication, actor=make.SYSTEM, now=NOW
    )
    monkeypatch.setattr(words, "MOST_FOLLOWS", 0)
    with pytest.raises(TooManyFollows):
        following.follow(cuts.key, account_id=person(), now=NOW)


def test_many_changes_are_a_sentence_not_a_list():
    told = words.body_of(Changes(added=tuple(f"Khu {n}" for n in range(30)), removed=("Khu cũ",)))
    assert told == "30 mục mới: Khu 0; Khu 1; Khu 2; Khu 3; Khu 4 và 25 mục nữa. 1 mục đã bỏ: Khu cũ."
