"""What citizens answer to a warning: safe, or in need of help; and that they opened it. Works from a phone without an account."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from smarthd.alerts.errors import AlertOver, AlertUnknown, AnswerFaulty, TooManyAnswers
from smarthd.alerts.events import HelpAsked
from smarthd.alerts.models import Alert, HelpStep, Opening
from smarthd.alerts.models import Answer as Row
from smarthd.alerts.rules import codes
from smarthd.alerts.rules.messages import Status
from smarthd.alerts.rules.states import OUT, Answer, Help
from smarthd.alerts.selectors import ground
from smarthd.alerts.values import NewAnswer
from smarthd.kernel import clock, events, sealing
from smarthd.kernel.ids import uuid7
from smarthd.kernel.limits import TooManyAttempts, count_attempts
from smarthd.places import selectors as places
from smarthd.places.errors import BadPoint

PHONE = "alerts.phone"
AFTER = timedelta(hours=12)
"""How long after its end a warning is still answered: help may be needed when the storm has passed, and phones were without a network."""
_A_PERSON = (30, timedelta(hours=1))
_AN_ADDRESS = (600, timedelta(hours=1))


def answer_alert(new: NewAnswer, *, who: bytes, account_id: int | None, address: str, now: datetime) -> Row:
    """Take an answer in; the same client id is one answer, and of one person in one incident the latest counts.

    Raises AlertUnknown, AlertOver, AnswerFaulty (fields), TooManyAnswers.
    """
    kept = Row.objects.filter(client_id=new.client_id).first()
    if kept is not None and bytes(kept.who) == who and kept.answer == new.answer:
        return kept
    if (
        kept is not None
    ):  # another word under a used name (an old page, a phone handed on) is another answer, never swallowed
        new = replace(new, client_id=uuid7())
    try:
        count_attempts([(f"answer:{who.hex()[:24]}", *_A_PERSON), (f"answer:{address}", *_AN_ADDRESS)], now=now)
    except TooManyAttempts as refusal:
        raise TooManyAnswers(retry_at=refusal.facts["retry_at"]) from None
    return _take(new, who, account_id, now)


@transaction.atomic
def _take(new: NewAnswer, who: bytes, account_id: int | None, now: datetime) -> Row:
    alert = Alert.objects.filter(code=codes.as_code(new.code), state__in=list(OUT)).defer("cap").first()
    if alert is None or (alert.status == Status.TEST and account_id not in alert.testers):
        raise AlertUnknown
    if alert.expires_at + AFTER <= now:
        raise AlertOver
    commune = _commune(new, now)
    _check(new)
    said_at = min(new.at or now, now)
    before = Row.objects.select_for_update().filter(incident=alert.incident, who=who, superseded_at=None).first()
    late = before is not None and said_at < before.at  # it waited on the phone, and the person has spoken since
    if before is not None and not late:
        _supersede(before, new, now)
    row = Row(
        client_id=new.client_id,
        alert=alert,
        incident=alert.incident,
        who=who,
        account_id=account_id,
        answer=new.answer,
        commune_id=commune,
        lat=new.lat,
        lon=new.lon,
        place=" ".join(new.place.split()),
        people=new.people,
        phone_sealed=sealing.seal(new.phone.strip(), purpose=PHONE) if new.phone.strip() else None,
        words=new.words.strip(),
        state=(Help.CLOSED if late else Help.OPEN) if new.answer is Answer.HELP else "",
        at=said_at,
        received_at=now,
        superseded_at=now if late else None,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        again = Row.objects.filter(client_id=new.client_id, who=who).first()
        if again is None:
            raise
        return again
    if new.answer is Answer.HELP and not late:
        HelpStep.objects.create(answer=row, act="asked", at=now)
        events.announce(HelpAsked(answer_uid=row.uid, commune_id=commune, at=now))
    return row


def _supersede(before: Row, new: NewAnswer, now: datetime) -> None:
    """Put a person's earlier answer behind the new one; who says to be safe now needs no help any more."""
    before.superseded_at = now
    if before.answer == Answer.HELP and before.state != Help.CLOSED:
        words = "Người gửi báo đã an toàn." if new.answer is Answer.SAFE else "Người gửi đã gửi lại."
        before.state = Help.CLOSED
        HelpStep.objects.create(answer=before, act="superseded", at=now, words=words)
    before.save(update_fields=["superseded_at", "state"])


def _commune(new: NewAnswer, now: datetime) -> int:
    """Return where the person is: by the point if there is one, else the commune named."""
    day = clock.day_of(now)
    if new.lat is not None and new.lon is not None:
        try:
            found = places.locate(new.lat, new.lon, day)
        except BadPoint:
            found = None
        if found is not None:
            return found.unit.id
    if new.commune_id is None or not ground.stands(new.commune_id, day):
        raise AnswerFaulty(fields={"commune": "Chọn xã, phường đang ở, hoặc cho phép định vị."})
    return new.commune_id


def _check(new: NewAnswer) -> None:
    wrong: dict[str, str] = {}
    if (new.lat is None) != (new.lon is None):
        wrong["point"] = "Vị trí chưa đủ. Xin định vị lại."
    if new.people is not None and not 1 <= new.people <= 999:
        wrong["people"] = "Số người từ 1 đến 999."
    if new.phone.strip() and not 8 <= sum(letter.isdigit() for letter in new.phone) <= 15:
        wrong["phone"] = "Số điện thoại chưa đúng, ví dụ 0912 345 678."
    if len(new.place) > 200 or len(new.words) > 500 or len(new.phone) > 30:
        wrong["words"] = "Viết ngắn hơn: nơi ở nhiều nhất 200 chữ, lời nhắn 500 chữ."
    if new.answer is Answer.HELP and not new.place.strip() and new.lat is None:
        wrong["place"] = "Cho biết đang ở đâu: bật định vị, hoặc ghi thôn, số nhà, cạnh chỗ nào."
    if wrong:
        raise AnswerFaulty(fields=wrong)


def note_opening(code: str, *, who: bytes, commune_id: int | None, address: str, now: datetime) -> bool:
    """Note that a phone opened a warning's page, once. Returns whether it was counted.

    ``who`` is empty for a phone without account and secret: nothing is left on it for being counted, so that it counts once more if it
    says so again; the page itself remembers. Raises AlertUnknown, TooManyAnswers.
    """
    alert = Alert.objects.filter(code=codes.as_code(code), state__in=list(OUT)).only("id").first()
    if alert is None:
        raise AlertUnknown
    if who and Opening.objects.filter(alert=alert, who=who).exists():
        return False
    try:
        count_attempts([(f"opening:{address}", *_AN_ADDRESS)], now=now)
    except TooManyAttempts as refusal:
        raise TooManyAnswers(retry_at=refusal.facts["retry_at"]) from None
    row = Opening(alert=alert, who=who or os.urandom(32), commune_id=commune_id, at=now)
    Opening.objects.bulk_create([row], ignore_conflicts=True)
    return True
