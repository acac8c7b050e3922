"""What a person may see of their answers, and what is left when they are gone or ninety days have passed: counts, by nobody."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from smarthd.alerts.models import Answer, Opening
from smarthd.alerts.rules import states
from smarthd.alerts.selectors import own_data
from smarthd.alerts.services import answering, erasure
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, Land
from smarthd.alerts.values import NewAnswer
from smarthd.kernel import events
from smarthd.people.events import AccountErased

PERSONAL = ("account_id", "lat", "lon", "phone_sealed")


def asked(land: Land, account: int) -> Answer:
    alert, unit = make.issued(land), land.units["c0"]
    new = NewAnswer(client_id=uuid4(), code=alert.code, answer=states.Answer.HELP, commune_id=unit.id, lat=unit.lat, lon=unit.lon, place="Nhà bà Tý", people=2, phone="0912345678", words="Cần thuyền")  # fmt: skip
    who = account.to_bytes(32, "big")
    row = answering.answer_alert(new, who=who, account_id=account, address="", now=NOW)
    answering.note_opening(alert.code, who=who, commune_id=unit.id, address="", now=NOW)
    return row


def left(row: Answer) -> dict[str, object]:
    row.refresh_from_db()
    return {name: getattr(row, name) for name in (*PERSONAL, "place", "words")}


EMPTY = {"account_id": None, "lat": None, "lon": None, "phone_sealed": None, "place": "", "words": ""}


def test_a_person_sees_what_they_answered(land, phones):
    account = make.account()
    row = asked(land, account)
    [section] = own_data.sections(account)
    assert [line["Ở"] for line in section.rows] == ["Nhà bà Tý"]
    assert row.people == 2


def test_an_erased_person_leaves_a_count_and_nothing_else(land, phones):
    account, other = make.account(), make.account()
    row, stays = asked(land, account), asked(land, other)
    before = bytes(row.who)
    events.announce(AccountErased(account_id=account, at=NOW))
    events.deliver_owed()
    assert left(row) == EMPTY
    assert bytes(row.who) != before
    assert (row.answer, row.commune_id) == ("help", land.units["c0"].id)
    assert Opening.objects.count() == 1
    assert left(stays)["place"] == "Nhà bà Tý"


def test_after_ninety_days_nobody_knows_where_anybody_was(land, phones):
    row = asked(land, make.account())
    assert erasure.forget_contacts(before=NOW) == 0
    assert erasure.forget_contacts(before=NOW + timedelta(days=90)) == 1
    assert erasure.forget_contacts(before=NOW + timedelta(days=90)) == 0
    assert left(row) == EMPTY
    assert Opening.objects.count() == 0
