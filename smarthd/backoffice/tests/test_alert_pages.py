"""Warnings at the desk: every address × every role, the composer, approval with a code, the glass, the duty desk."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Role
from smarthd.alerts.adapters.fake import FakeBroadcaster
from smarthd.alerts.models import Alert, Answer, AreaPreset
from smarthd.alerts.ports import CommuneReach, Reach
from smarthd.alerts.rules.hazards import Hazard
from smarthd.alerts.rules.messages import Status
from smarthd.alerts.rules.states import Answer as Said
from smarthd.alerts.rules.states import State
from smarthd.alerts.selectors import public
from smarthd.alerts.services import answering, broadcasting, following
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, Land
from smarthd.alerts.tests.test_importing import Forecaster
from smarthd.alerts.values import NewAnswer
from smarthd.backoffice.tests.make import signed_in
from smarthd.kernel import clock
from smarthd.kernel.models import AuditEntry
from smarthd.people import services as people
from tests.planting import planted_once

_land = planted_once(make.land)
ROLES = tuple(Role)
MATRIX = """
                        head delegate clerk dispatcher editor author approver leader auditor administrator
GET  alerts             200  200      404   404        404    200    200      404    200     200
GET  alert_choose       404  404      404   404        404    200    404      404    404     404
GET  alert_compose      404  404      404   404        404    200    404      404    404     404
POST alert_compose      404  404      404   404        404    302    404      404    404     404
POST alert_audience     404  404      404   404        404    200    404      404    404     404
POST alert_preset       404  404      404   404        404    302    404      404    404     404
GET  alert              200  200      404   404        404    200    200      404    200     200
GET  alert_edit         404  404      404   404        404    302    404      404    404     404
POST alert_act          403  403      404   404        404    302    403      404    403     403
POST alert_return       404  404      404   404        404    404    302      404    404     404
POST alert_approve      404  404      404   404        404    404    302      404    404     404
GET  alert_passkey      404  404      404   404        404    404    302      404    404     404
POST alert_break_glass  404  404      404   404        404    403    404      404    404     404
GET  alert_sources      200  200      404   404        404    200    200      404    200     200
GET  alert_source_add   404  404      404   404        404    404    404      404    404     200
GET  alert_source       404  404      404   404        404    404    404      404    404     200
POST alert_source_ask   403  403      404   404        404    302    302      404    403     302
GET  alert_desk         200  200      404   200        404    200    200      404    200     200
POST alert_help         302  302      404   302        404    302    302      404    404     404
"""
TABLE = {
    (line.split()[0], line.split()[1]): dict(zip(ROLES, map(int, line.split()[2:]), strict=True))
    for line in MATRIX.strip().splitlines()[1:]
}


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> FakeBroadcaster:
    fake = FakeBroadcaster()
    monkeypatch.setattr(broadcasting, "broadcaster", lambda: fake)
    return fake


@pytest.fixture
def land(_land: Land, db: None, tmp_path: Path, settings: Any, phones: FakeBroadcaster) -> Iterator[Land]:
    settings.DATA_DIR = tmp_path
    clock.set_now(NOW)
    public.forget()
    cache.clear()
    yield copy.deepcopy(_land)
    public.forget()


def browser(actor: Any) -> Client:
    return signed_in(actor.account_id)


def secret_of(account_id: int) -> str:
    """Give an account an authenticator and return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(get_user_model().objects.get(pk=account_id), secret)
    return secret


def figures(secret: str, steps: int = 0) -> str:
    counter = int(time.time()) // 30 + steps
    return format_hotp_value(hotp_value(secret, counter))


def typed(land: Land, **changes: object) -> dict[str, object]:
    draft = make.draft(land)
    plain: dict[str, object] = {
        "agency": land.province,
        "status": "Actual",
        "level": "3",
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Observed",
        "responses": ["Evacuate"],
        "communes": [str(land.units["c0"].uid), str(land.units["c1"].uid)],
        "effective_at": "2024-09-07T02:00",
        "expires_at": "2024-09-07T10:00",
        "contact": draft.contact,
        "channels": ["app", "feeds"],
        **{name: getattr(draft, name) for name in ("headline_vi", "description_vi", "instruction_vi", "headline_en", "description_en", "instruction_en")},
    }  # fmt: skip
    return plain | changes


def at(view: str, alert: Alert, **more: object) -> str:
    return reverse(f"backoffice:{view}", kwargs={"code": alert.code, **more})


def help_asked(land: Land, alert: Alert) -> Answer:
    new = NewAnswer(client_id=uuid4(), code=alert.code, answer=Said.HELP, commune_id=land.units["c0"].id, place="Thôn 3", people=2)  # fmt: skip
    return answering.answer_alert(new, who=b"x" * 32, account_id=None, address="", now=NOW)


def pin_a_source(land: Land) -> Forecaster:
    house = Forecaster()
    wishes = following.SourceWishes(
        key="kttv", name="Trung tâm Dự báo", sender=house.sender, url="https://kttv.example/cap.xml",
        agency_id=land.province, every_minutes=15, certificate_pem=house.pem,
    )  # fmt: skip
    following.keep_source(wishes, actor=make.SYSTEM, now=NOW)
    return house


def request_of(land: Land, method: str, view: str) -> tuple[str, Any]:
    """Return address and body of a right request behind each view."""
    if view in {"alerts", "alert_choose", "alert_sources", "alert_source_add", "alert_source", "alert_source_ask"}:
        of_one = view in {"alert_source", "alert_source_ask"} and bool(pin_a_source(land))
        return reverse(f"backoffice:{view}", args=["kttv"] if of_one else []), {}
    if view == "alert_compose":
        return reverse("backoffice:alert_compose", args=["lu"]), typed(land)
    if view == "alert_audience":
        return reverse("backoffice:alert_audience"), [str(land.units["c0"].uid)]
    if view == "alert_preset":
        return reverse("backoffice:alert_preset"), {"name": "Ven sông", "communes": [str(land.units["c0"].uid)]}
    if view in {"alert_desk", "alert_help"}:
        alert = make.issued(land)
        uid = {"uid": help_asked(land, alert).uid} if view == "alert_help" else {}
        return at(view, alert, **uid), {"viec": "assign", "words": "Đội 1"}
    alert = make.pending(land, severity=make.Severity.MINOR, level=1)
    body = {"hash": alert.content_hash, "viec": "recall", "ly-do-all": "Chưa rõ nơi.", "reason": "Gấp quá rồi"}
    return at(view, alert), body


@pytest.mark.parametrize(("method", "view"), TABLE)
def test_each_role_gets_through_the_doors_of_its_line(land, method, view):
    found = {}
    for role in ROLES:
        from django.db import transaction

        with transaction.atomic():
            client = browser(make.officer(land.province, role))
            address, body = request_of(land, method, view)
            if view == "alert_audience":
                answer = client.post(address, json.dumps(body), content_type="application/json")
            else:
                answer = client.get(address) if method == "GET" else client.post(address, body)
            found[role] = answer.status_code
            transaction.set_rollback(True)
    assert found == TABLE[method, view]


def test_a_neighbouring_commune_sees_no_draft_and_no_help_of_another(land):
    draft, out = make.pending(land), make.issued(land, communes=land.at("c0"))
    asked = help_asked(land, out)
    author = browser(make.officer(land.other, Role.ALERT_AUTHOR))
    dispatcher = browser(land.other_dispatcher)
    assert author.get(at("alert", draft)).status_code == 404
    assert author.get(at("alert", out)).status_code == 200  # what went out, everybody may read
    assert dispatcher.get(at("alert_desk", out)).status_code == 404
    assert dispatcher.post(at("alert_help", out, uid=asked.uid), {"words": "x"}).status_code == 404
    page = author.get(at("alert_desk", out)).content.decode()
    assert "Thôn 3" not in page
    assert "Thôn 3" in browser(land.dispatcher).get(at("alert_desk", out)).content.decode()


# --- writing -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("hazard", Hazard)
def test_the_composer_opens_with_the_hazards_words(land, hazard):
    page = browser(land.author).get(reverse("backoffice:alert_compose", args=[hazard.value])).content.decode()
    assert page.count("<h1>") == 1
    assert "112" in page or hazard in {Hazard.OUTAGE, Hazard.EPIDEMIC}
    assert ("Cấp 5" in page) is make.levels_of(hazard)


def test_a_warning_is_written_read_handed_in_approved_with_a_code_and_out(land, phones):
    author, approver = browser(land.author), browser(land.approver)
    answer = author.post(reverse("backoffice:alert_compose", args=["lu"]), typed(land))
    alert = Alert.objects.get()
    assert answer["Location"] == at("alert", alert)
    page = author.get(at("alert", alert)).content.decode()
    for words in ("Loa truyền thanh đọc", "Thư gửi báo chí", "120", "80", alert.headline_en, "Gửi duyệt"):
        assert words in page, words
    author.post(at("alert_act", alert), {"viec": "submit", "version": alert.version})
    page = approver.get(at("alert", alert)).content.decode()
    assert alert.content_hash in page
    refused = approver.post(at("alert_approve", alert), {"hash": alert.content_hash})
    assert refused.status_code == 403
    assert "Cần mã xác thực mới" in refused.content.decode()
    secret = secret_of(land.approver.account_id)
    wrong = approver.post(at("alert_approve", alert), {"hash": alert.content_hash, "code": "000000"})
    assert wrong.status_code == 403
    right = approver.post(at("alert_approve", alert), {"hash": alert.content_hash, "code": figures(secret)})
    assert (right.status_code, right["Location"]) == (302, at("alert_desk", alert))
    alert.refresh_from_db()
    assert (alert.state, alert.approved_by_factor) == (State.ISSUED, "totp")


def test_a_code_serves_one_approval_only(land):
    first, second = make.pending(land), make.pending(land)
    approver, code = browser(land.approver), figures(secret_of(land.approver.account_id))
    assert approver.post(at("alert_approve", first), {"hash": first.content_hash, "code": code}).status_code == 302
    cache.clear()  # another process knows nothing of this one's memory
    assert approver.post(at("alert_approve", second), {"hash": second.content_hash, "code": code}).status_code == 403


def test_a_passkey_given_for_this_content_approves_it_and_no_other(land):
    alert, other = make.pending(land), make.pending(land, contact="0220 2")
    approver = browser(land.approver)
    detour = approver.get(at("alert_passkey", alert))
    assert "webauthn" in detour["Location"]
    assert approver.get(at("alert_passkey", alert))["Location"] == detour["Location"]  # nothing was given yet
    session = approver.session
    session["account_authentication_methods"] += [{"method": "mfa", "type": "webauthn", "at": time.time()}]
    session.save()
    assert approver.get(at("alert_passkey", alert))["Location"].endswith("#duyet")
    assert approver.post(at("alert_approve", other), {"hash": other.content_hash}).status_code == 403
    assert approver.post(at("alert_approve", alert), {"hash": alert.content_hash}).status_code == 302
    alert.refresh_from_db()
    assert alert.approved_by_factor == "passkey"


def test_a_passkey_of_sign_in_is_no_passkey_of_this_approval(land):
    alert, approver = make.pending(land), browser(land.approver)
    session = approver.session
    session["account_authentication_methods"] += [{"method": "mfa", "type": "webauthn", "at": time.time()}]
    session.save()
    approver.get(at("alert_passkey", alert))
    assert approver.post(at("alert_approve", alert), {"hash": alert.content_hash}).status_code == 403


def test_the_glass_is_broken_with_a_colleagues_code_and_reviewed_by_a_third(land, phones):
    alert, author = make.composed(land), browser(land.author)
    account = get_user_model().objects.get(pk=land.second.account_id)
    from smarthd.kernel import sealing
    from smarthd.people.models import PHONE

    account.phone_sealed, account.phone_index = sealing.seal("+84912345678", purpose=PHONE), people.phone_index("+84912345678")  # fmt: skip
    account.save()
    secret = secret_of(account.pk)
    sent = {"hash": alert.content_hash, "reason": "Không gọi được ai tới trụ sở", "phone": "0912 345 678"}
    for wrong in ({"code": "000000"}, {"code": ""}, {"phone": "0999", "code": figures(secret)}):
        answer = author.post(at("alert_break_glass", alert), sent | wrong)
        assert answer.status_code == 403
        assert "Không gọi được ai" in answer.content.decode()
    assert author.post(at("alert_break_glass", alert), sent | {"code": figures(secret)}).status_code == 302
    alert.refresh_from_db()
    assert (alert.state, alert.break_glass) == (State.ISSUED, True)
    third = browser(land.approver)
    assert "Soát lại cảnh báo phát khẩn cấp" in browser(land.head).get(reverse("backoffice:work")).content.decode()
    assert "Soát lại cảnh báo phát khẩn cấp" not in author.get(reverse("backoffice:work")).content.decode()
    assert "chờ soát lại" in third.get(reverse("backoffice:alerts")).content.decode()
    third.post(at("alert_act", alert), {"viec": "review", "words": "Phát đúng, gọi sớm hơn"})
    alert.refresh_from_db()
    assert alert.reviewed_at is not None


def test_what_is_wrong_comes_back_with_everything_typed(land):
    author = browser(land.author)
    answer = author.post(reverse("backoffice:alert_compose", args=["lu"]), typed(land, ring="[[106,20],[106.1,20.1],[106.1,20],[106,20.1]]"))  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "tự cắt" in page
    assert make.draft(land).headline_vi in page


@pytest.mark.parametrize("ring", ["x", "[1,2]", "{}", '[["a","b"]]', "[[null,null]]", "[" * 5000])
def test_a_ring_of_nonsense_is_refused_in_words(land, ring):
    answer = browser(land.author).post(reverse("backoffice:alert_compose", args=["lu"]), typed(land, ring=ring))
    assert answer.status_code == 422


def test_a_drawn_polygon_adds_the_communes_it_touches(land):
    unit = land.units["c2"]
    ring = [[unit.lon - 0.01, unit.lat - 0.01], [unit.lon + 0.01, unit.lat - 0.01], [unit.lon + 0.01, unit.lat + 0.01], [unit.lon - 0.01, unit.lat + 0.01]]  # fmt: skip
    browser(land.author).post(reverse("backoffice:alert_compose", args=["lu"]), typed(land, communes=[], ring=json.dumps(ring)))  # fmt: skip
    alert = Alert.objects.get()
    assert unit.id in alert.communes
    assert len(alert.ring) == 5


def test_a_polygon_of_ten_thousand_points_comes_out_small(land):
    import math

    ring = [[106.35 + 0.02 * math.cos(i / 1591), 20.92 + 0.02 * math.sin(i / 1591)] for i in range(9_990)]
    browser(land.author).post(reverse("backoffice:alert_compose", args=["lu"]), typed(land, ring=json.dumps(ring)))
    assert 4 <= len(Alert.objects.get().ring) <= 100


def test_a_commune_officer_is_told_which_places_are_not_theirs(land):
    answer = browser(land.commune_author).post(reverse("backoffice:alert_compose", args=["lu"]), typed(land, agency=land.commune))  # fmt: skip
    assert answer.status_code == 403
    assert land.units["c1"].full_name in answer.content.decode()


def test_a_colleagues_faster_save_is_not_overwritten(land):
    alert, author = make.composed(land), browser(land.author)
    assert author.post(at("alert_edit", alert), typed(land, version=1, contact="0220 1")).status_code == 302
    slower = author.post(at("alert_edit", alert), typed(land, version=1, contact="0220 2"))
    assert slower.status_code == 409
    assert "0220 2" in slower.content.decode()
    assert Alert.objects.get().contact == "0220 1"


def test_who_would_be_told_is_counted_as_places_are_ticked(land):
    answer = browser(land.author).post(reverse("backoffice:alert_audience"), json.dumps([str(land.units["c0"].uid), str(uuid4())]), content_type="application/json")  # fmt: skip
    assert answer.json() == {"communes": 1, "people": 120, "phones": 80}


@pytest.mark.parametrize("body", ["", "x", "{}", "5", "[1]", '["x"]', "[" * 9000])
def test_nonsense_is_no_question_about_an_audience(land, body):
    answer = browser(land.author).post(reverse("backoffice:alert_audience"), body, content_type="application/json")
    assert answer.status_code in {200, 404}
    assert answer.status_code == 404 or answer.json()["communes"] == 0


def test_a_preset_is_kept_in_order_and_offered(land):
    author = browser(land.author)
    uids = [str(land.units[name].uid) for name in ("c3", "c1", "c2")]
    author.post(reverse("backoffice:alert_preset"), {"name": "Sông Thái Bình", "along": "1", "communes": uids})
    assert AreaPreset.objects.get().communes == list(land.at("c3", "c1", "c2"))
    page = author.get(reverse("backoffice:alert_compose", args=["lu"])).content.decode()
    assert " ".join(uids) in page
    assert author.post(reverse("backoffice:alert_preset"), {"name": "", "communes": uids}).status_code == 422


def test_a_drill_is_marked_on_every_page_of_the_desk(land, phones):
    alert = make.issued(land, status=Status.EXERCISE)
    author = browser(land.author)
    for address in (reverse("backoffice:alerts"), at("alert", alert), at("alert_desk", alert)):
        assert f"DIỄN TẬP: {alert.headline_vi}" in author.get(address).content.decode()


def test_the_return_names_the_field_and_the_writer_reads_it(land):
    alert, author = make.pending(land), browser(land.author)
    browser(land.approver).post(at("alert_return", alert), {"ly-do-headline_vi": "Ghi rõ tên sông."})
    assert "Ghi rõ tên sông." in author.get(at("alert", alert)).content.decode()
    assert "Ghi rõ tên sông." in author.get(at("alert_edit", alert)).content.decode()


def test_approved_too_late_the_page_says_that_nobody_was_told(land):
    alert, approver = make.pending(land), browser(land.approver)
    clock.set_now(alert.expires_at)
    secret = secret_of(land.approver.account_id)
    answer = approver.post(at("alert_approve", alert), {"hash": alert.content_hash, "code": figures(secret)})
    assert answer.status_code == 302
    assert "không ai nhận được" in approver.get(at("alert", alert)).content.decode()


# --- the duty desk --------------------------------------------------------------------------------------------------------
def test_the_desk_shows_the_broadcasters_own_counts_or_that_there_are_none(land, phones):
    alert = make.issued(land)
    c0, c1 = land.at("c0", "c1")
    phones.reached[broadcasting.key_of(alert.uid)] = Reach(
        targeted=931, accepted=917, waiting=14, by_commune={c0: CommuneReach(500, 490), c1: CommuneReach(431, 427)}
    )
    page = browser(land.author).get(at("alert_desk", alert)).content.decode()
    for words in ("917", "931", "490", "427"):
        assert words in page
    phones.reached[broadcasting.key_of(alert.uid)] = Reach(connected=False)
    page = browser(land.author).get(at("alert_desk", alert)).content.decode()
    assert "chưa nối kênh đẩy" in page
    assert "917" not in page


def test_a_call_for_help_is_given_to_somebody_and_ended_with_what_was_done(land):
    alert = make.issued(land)
    asked, desk = help_asked(land, alert), browser(land.dispatcher)
    address = at("alert_help", alert, uid=asked.uid)
    assert desk.post(address, {"viec": "assign", "words": " "}).status_code == 422
    assert desk.post(address, {"viec": "assign", "words": "Đội xung kích thôn 3"}).status_code == 302
    assert "Đội xung kích thôn 3" in desk.get(at("alert_desk", alert)).content.decode()
    assert desk.post(address, {"viec": "close", "words": "Đã đưa 2 người tới nhà văn hóa"}).status_code == 302
    assert desk.post(address, {"viec": "close", "words": "Lần nữa"}).status_code == 409
    asked.refresh_from_db()
    assert asked.state == "closed"


def test_a_look_at_where_people_are_is_written_down_once_an_hour(land):
    alert, desk = make.issued(land), browser(land.dispatcher)
    help_asked(land, alert)
    for _ in range(3):
        desk.get(at("alert_desk", alert))
    assert AuditEntry.objects.filter(act="alerts.helps_seen").count() == 1


COSTS = {"alerts": 14, "alert": 14, "alert_desk": 18, "alert_edit": 14}


@pytest.mark.parametrize("view", COSTS)
def test_a_page_costs_few_statements_whatever_it_holds(land, settings, view):
    settings.PLACES_REVISION_SECONDS = float("inf")
    alert = make.composed(land) if view == "alert_edit" else make.issued(land, communes=land.at("c0", "c1", "c2", "c3"))
    address = reverse("backoffice:alerts") if view == "alerts" else at(view, alert)
    client = browser(land.author)
    client.get(address)

    def cost() -> int:
        with CaptureQueriesContext(connection) as told:
            assert client.get(address).status_code == 200
        return len(told)

    first = cost()
    for number in range(4):
        make.issued(land)
        if view == "alert_desk":
            new = NewAnswer(client_id=uuid4(), code=alert.code, answer=Said.HELP, commune_id=land.at("c0", "c1", "c2", "c3")[number], place="Thôn")  # fmt: skip
            answering.answer_alert(new, who=bytes([number]) * 32, account_id=None, address="", now=NOW)
    client.get(address)
    assert cost() <= first + 1
    assert first <= COSTS[view]


def test_what_waits_for_approval_stands_first_on_my_own_page(land):
    alert = make.pending(land)
    address = reverse("backoffice:work")
    assert "Duyệt cảnh báo" in browser(land.approver).get(address).content.decode()
    assert "Duyệt cảnh báo" not in browser(land.author).get(address).content.decode()
    make.approving.return_alert(alert.uid, reasons={"all": "Chưa rõ nơi."}, actor=land.approver, now=NOW)
    assert "Sửa cảnh báo bị trả lại" in browser(land.author).get(address).content.decode()


# --- others' messages ------------------------------------------------------------------------------------------------
def test_a_source_is_pinned_on_screen_fetched_when_asked_and_its_draft_leads_to_the_desk(land):
    house, administrator = Forecaster(), browser(make.officer(land.province, Role.ADMINISTRATOR))
    told = {
        "key": "kttv", "name": "Trung tâm Dự báo", "sender": house.sender, "url": "https://kttv.example/cap.xml",
        "agency": str(land.province), "every": "0", "certificate": SimpleUploadedFile("chung-thu.pem", house.pem),
    }  # fmt: skip
    assert administrator.post(reverse("backoffice:alert_source_add"), told).status_code == 302
    author = browser(land.author)
    author.post(reverse("backoffice:alert_source_ask", args=["kttv"]))
    assert "Đang lấy" in author.get(reverse("backoffice:alert_sources")).content.decode()
    raw = house.says(land)
    following.follow_due(now=clock.now(), fetches=Given(raw))
    page = author.get(reverse("backoffice:alert_sources")).content.decode()
    alert = Alert.objects.get()
    assert "Lấy được" in page
    assert at("alert", alert) in page
    assert alert.headline_vi in author.get(reverse("backoffice:alerts")).content.decode()
    author.post(reverse("backoffice:alert_source_ask", args=["kttv"]))
    following.follow_due(now=clock.now(), fetches=Given(raw.replace(b"cap 12", b"")[:-20]))
    assert "Có lỗi" in author.get(reverse("backoffice:alert_sources")).content.decode()


@pytest.mark.parametrize("pem", [b"", b"khong phai", b"x" * 70_000])
def test_a_certificate_that_is_none_is_refused_with_words(land, pem):
    administrator = browser(make.officer(land.province, Role.ADMINISTRATOR))
    told = {
        "key": "kttv",
        "name": "X",
        "sender": "x@y.example",
        "url": "https://kttv.example/",
        "agency": str(land.province),
        "every": "15",
    }
    more = {"certificate": SimpleUploadedFile("c.pem", pem)} if pem else {}
    answer = administrator.post(reverse("backoffice:alert_source_add"), told | more)
    assert answer.status_code == 422
    assert "PEM" in answer.content.decode()


class Given:
    """Gives the same bytes for every address."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def fetch(self, url: str) -> bytes:
        return self.raw


def test_an_author_who_also_approves_cannot_approve_their_own_by_any_request(land, phones):
    """Author at a commune and approver of the province: the roles may be held so, the same text not by both eyes."""
    author = make.officer(land.commune, Role.ALERT_AUTHOR)
    agency_services.grant_role(account_id=author.account_id, agency_id=land.province, role=Role.ALERT_APPROVER, actor=make.SYSTEM, now=NOW)  # fmt: skip
    code, client = figures(secret_of(author.account_id)), browser(author)
    own = typed(land, agency=land.commune, communes=[str(land.units["c0"].uid)])
    client.post(reverse("backoffice:alert_compose", args=["lu"]), own)
    alert = Alert.objects.get()
    client.post(at("alert_act", alert), {"viec": "submit", "version": alert.version})
    refused = client.post(at("alert_approve", alert), {"hash": alert.content_hash, "code": code})
    assert refused.status_code == 403
    assert "Người soạn không tự duyệt" in refused.content.decode()
    alert.refresh_from_db()
    assert (alert.state, alert.approver, phones.started) == (State.PENDING, None, {})
