"""Asking a one-stop system about one dossier, for the person who holds its code; and telling those who agreed when it moves.

Nothing of a dossier is kept: a follow holds the sealed code and a digest of the standing last seen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import httpx
from django.conf import settings
from django.db import transaction

from smarthd.connectors import policies
from smarthd.connectors.adapters.one_stop import OneStopRest
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.errors import (
    ConsentMissing,
    DossierCodeStrange,
    DossierDeskFaulty,
    DossierDeskSilent,
    DossierDeskUnknown,
    DossierUnknown,
    FollowUnknown,
)
from smarthd.connectors.models import DossierDesk, DossierFollow
from smarthd.connectors.ports import DossierSystem, SourceRefused, SourceUnavailable
from smarthd.connectors.rules import dossiers as rules
from smarthd.connectors.rules.dossiers import Dossier
from smarthd.kernel import audit, limits, sealing, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.messaging import services as messaging

PURPOSE, CODE_PURPOSE = "connectors.dossier-desk", "connectors.dossier-code"
KIND = "connectors.dossier"
TEN_MINUTES = timedelta(minutes=10)
ASKED, MISSED, DESK_ASKED = 20, 6, 600
"""In ten minutes: questions and misses of one address (enough for a family, too few to try codes), questions of everybody to one system."""
SILENCE = timedelta(minutes=1)
"""A system that did not answer is left alone for so long; who asks meanwhile is told at once instead of waiting."""
PATIENCE_S = 6.0
PATIENCE = httpx.Timeout(PATIENCE_S, connect=2.0)
"""Somebody stands before the page: a system that takes longer is slow, and that is what they are told."""
AGAIN, LASTS, MOST_FAILURES = timedelta(hours=4), timedelta(days=180), 30
Make = Callable[[DossierDesk], DossierSystem]


def system_of(desk: DossierDesk) -> DossierSystem:
    """Return what asks a desk's system."""
    secret = json.loads(sealing.unseal(desk.sealed_secret, purpose=PURPOSE)) if desk.sealed_secret else {}
    web = Web(inside=settings.CONNECTOR_INSIDE_HOSTS, most=1 << 20, timeout=PATIENCE, whole_s=PATIENCE_S)
    return OneStopRest(desk.place, secret=secret, web=web)


@transaction.atomic
def keep_desk(
    *,
    key: str,
    title: str,
    agency_id: int,
    pattern: str,
    example: str,
    place: Mapping[str, str],
    secret: Mapping[str, str],
    illustrative: bool = False,
    actor: Actor,
    now: datetime,
) -> DossierDesk:
    """Connect a one-stop system, or say anew how it is reached; a secret left out stays unless the address changed.

    Raises NotAllowed, DossierDeskFaulty.
    """
    require(policies.can_connect(actor, agency_id))
    if wrong := rules.problems(title=title, pattern=pattern, example=example, url=place.get("url", "")):
        raise DossierDeskFaulty(fields=wrong)
    desk = DossierDesk.objects.select_for_update().filter(key=key).first() or DossierDesk(key=key, made_at=now)
    if desk.pk:
        require(policies.can_connect(actor, desk.agency_id))
    if desk.place.get("url") != place.get("url"):
        desk.sealed_secret = None
    if given := {name: told for name, told in secret.items() if told}:
        desk.sealed_secret = sealing.seal(json.dumps(given), purpose=PURPOSE)
    desk.title, desk.agency_id, desk.place = text.nfc(title), agency_id, dict(place)
    desk.pattern, desk.example, desk.illustrative = pattern.strip().upper(), rules.normalised(example), illustrative
    desk.ended_at = None
    desk.save()
    audit.record(actor, "connectors.dossier_desk_kept", desk, at=now, key=key)
    return desk


@transaction.atomic
def end_desk(uid: UUID, *, actor: Actor, now: datetime) -> None:
    """Ask a system no more; who followed a dossier there is told and forgotten."""
    desk = DossierDesk.objects.select_for_update().filter(uid=uid, ended_at=None).first()
    if desk is None or not policies.can_see(actor, desk.agency_id):
        raise DossierDeskUnknown(uid=str(uid))
    require(policies.can_connect(actor, desk.agency_id))
    desk.ended_at, desk.sealed_secret = now, None
    desk.save(update_fields=["ended_at", "sealed_secret"])
    for follow in DossierFollow.objects.filter(desk=desk):
        _close(follow, "Hệ thống một cửa này không còn được hỏi qua ứng dụng. Xin hỏi nơi nộp hồ sơ.", now=now)
    audit.record(actor, "connectors.dossier_desk_ended", desk, at=now)


def desk_of(typed: str) -> tuple[DossierDesk, str]:
    """Return whose dossier a typed code is, and the code as that system writes it. Raises DossierCodeStrange."""
    code = rules.normalised(typed)
    for desk in DossierDesk.objects.filter(ended_at=None).order_by("title", "id"):
        if rules.fits(code, desk.pattern):
            return desk, code
    raise DossierCodeStrange(fields={"ma": "Mã chưa đúng mẫu. Xin gõ đủ như trên giấy hẹn, kể cả dấu chấm, dấu gạch."})


def look_up(typed: str, *, address: str, now: datetime, make: Make = system_of) -> tuple[DossierDesk, Dossier]:
    """Ask about one dossier. Raises DossierCodeStrange, TooManyAttempts, DossierUnknown, DossierDeskSilent."""
    desk, code = desk_of(typed)
    misses = f"dossier.miss:{address}"[:120]
    limits.count_attempts(
        [
            (f"dossier:{address}"[:120], ASKED, TEN_MINUTES),
            (f"dossier.desk:{desk.pk}", DESK_ASKED, TEN_MINUTES),
        ],
        now=now,
    )
    found = _asked(desk, code, now=now, make=make)
    if found is None:
        limits.count_attempt(misses, limit=MISSED, window=TEN_MINUTES, now=now)
        raise DossierUnknown(key=desk.key)
    return desk, found


def _asked(desk: DossierDesk, code: str, *, now: datetime, make: Make) -> Dossier | None:
    """Ask outside any transaction; a system that fails is noted, and left alone for a minute."""
    if desk.failed_at is not None and timedelta() <= now - desk.failed_at < SILENCE:
        raise DossierDeskSilent(key=desk.key)
    try:
        found = make(desk).ask(code)
    except (SourceRefused, SourceUnavailable) as why:
        DossierDesk.objects.filter(pk=desk.pk).update(failed_at=now, fault=str(why)[:300])
        raise DossierDeskSilent(key=desk.key) from why
    if desk.failed_at is not None:
        DossierDesk.objects.filter(pk=desk.pk).update(failed_at=None, fault="")
    return found


def follow(
    typed: str, *, consented: bool, account_id: int, address: str, now: datetime, make: Make = system_of
) -> DossierFollow:
    """Tell the account when a dossier moves, by their consent; again is once. Raises ConsentMissing and what ``look_up`` raises."""
    if not consented:
        raise ConsentMissing(fields={"dong_y": "Muốn được báo, xin đánh dấu đồng ý."})
    desk, found = look_up(typed, address=address, now=now, make=make)
    made, _new = DossierFollow.objects.update_or_create(
        desk=desk,
        account_id=account_id,
        code_index=sealing.blind_index(found.code, purpose=CODE_PURPOSE),
        defaults={
            "sealed_code": sealing.seal(found.code, purpose=CODE_PURPOSE),
            "digest": rules.digest(found),
            "consented_at": now,
            "consent_words": rules.CONSENT,
            "asked_at": now,
            "next_ask_at": now + AGAIN,
            "failures": 0,
            "until": now + LASTS,
        },
    )
    return made


def unfollow(uid: UUID, *, account_id: int) -> None:
    """Take the agreement back: nothing of it stays. Raises FollowUnknown."""
    gone, _what = DossierFollow.objects.filter(uid=uid, account_id=account_id).delete()
    if not gone:
        raise FollowUnknown(uid=str(uid))


def forget_account(account_id: int) -> None:
    """Forget what a person who is gone followed."""
    DossierFollow.objects.filter(account_id=account_id).delete()


def ask_due(*, now: datetime, make: Make = system_of, most: int = 200) -> int:
    """Ask about the dossiers whose turn it is, and tell those whose moved. Return how many were told."""
    due = DossierFollow.objects.filter(next_ask_at__lte=now, desk__ended_at=None).select_related("desk")
    return sum(_ask_again(one, now=now, make=make) for one in due.order_by("next_ask_at", "id")[:most])


def _ask_again(follow: DossierFollow, *, now: datetime, make: Make) -> bool:
    if follow.until <= now:
        return _close(
            follow, "Đã hết thời hạn báo tin đã đồng ý. Muốn được báo tiếp, xin tra cứu và đồng ý lại.", now=now
        )
    code = sealing.unseal(follow.sealed_code, purpose=CODE_PURPOSE)
    follow.desk.refresh_from_db(fields=["failed_at"])
    try:
        found = _asked(follow.desk, code, now=now, make=make)
    except DossierDeskSilent:
        return _failed(follow, now=now)
    if found is None:
        return _close(follow, "Hệ thống một cửa không còn hồ sơ này. Xin hỏi nơi nộp hồ sơ.", now=now)
    moved = bytes(follow.digest) != rules.digest(found)
    if found.finished:
        return _close(follow, f"{found.state}. Đã thôi báo tin về hồ sơ này.", now=now)
    with transaction.atomic():
        follow.digest, follow.asked_at, follow.next_ask_at, follow.failures = rules.digest(found), now, now + AGAIN, 0
        follow.save(update_fields=["digest", "asked_at", "next_ask_at", "failures"])
        if moved:
            _tell(follow, f"{found.state}." + (f" Nơi giữ: {found.where}." if found.where else ""), now=now)
    return moved


def _failed(follow: DossierFollow, *, now: datetime) -> bool:
    if follow.failures + 1 >= MOST_FAILURES:
        return _close(
            follow, "Hệ thống một cửa không trả lời nhiều ngày nay, nên thôi báo tin. Xin hỏi nơi nộp hồ sơ.", now=now
        )
    follow.failures += 1
    follow.next_ask_at = now + AGAIN
    follow.save(update_fields=["failures", "next_ask_at"])
    return False


@transaction.atomic
def _close(follow: DossierFollow, words: str, *, now: datetime) -> bool:
    _tell(follow, words, now=now)
    follow.delete()
    return True


def _tell(follow: DossierFollow, words: str, *, now: datetime) -> None:
    code = sealing.unseal(follow.sealed_code, purpose=CODE_PURPOSE)
    messaging.tell(
        [follow.account_id],
        kind=KIND,
        title=f"Hồ sơ {rules.tail(code)}: có tin mới",
        body=words,
        href="/tra-cuu-ho-so/",
        key=f"connectors.dossier.{follow.uid}.{now.isoformat()}",
        now=now,
    )
