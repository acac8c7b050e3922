"""The exchange with other cells: ours go out once and in order, others' come in once, what is not believed is kept in sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from smarthd.alerts.adapters.fake import FakeExchange, FakeLog
from smarthd.alerts.cap import keys
from smarthd.alerts.commands import group
from smarthd.alerts.models import Alert, ImportedMessage, QuarantinedMessage, RelayPosition
from smarthd.alerts.ports import ExchangeLost
from smarthd.alerts.rules.messages import Kind, Status
from smarthd.alerts.selectors import cells
from smarthd.alerts.services import importing, relaying
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, SYSTEM
from smarthd.alerts.tests.test_importing import SENDER, Forecaster
from smarthd.kernel.errors import NotAllowed
from smarthd.messaging import selectors as messaging

pytestmark = pytest.mark.usefixtures("phones")
CELL = "hai-duong"


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def ours(land, log) -> FakeExchange:
    exchange = FakeExchange(log)
    relaying.begin(exchange, cell=CELL, now=NOW)
    return exchange


@pytest.fixture
def centre(land) -> Forecaster:
    house = Forecaster()
    importing.trust_source("kttv", name="Trung tâm Dự báo", sender=SENDER, certificate_pem=house.pem, actor=SYSTEM, now=NOW)  # fmt: skip
    return house


def said(log: FakeLog, body: bytes, cell: str = "trung-uong") -> None:
    other = FakeExchange(log)
    other.open(cell)
    other.post(str(len(log.entries)), body)


def taken_in(exchange: FakeExchange, land: make.Land) -> list[relaying.Arrived]:
    found = []
    while (received := exchange.next(0)) is not None:
        arrived = relaying.take_in(received, cell=CELL, agency_id=land.province, actor=SYSTEM, now=NOW)
        exchange.done(received)
        found += [arrived] if arrived else []
    return found


def inbox(actor) -> list[str]:
    return [item.title for item in messaging.inbox_for(actor.account_id, limit=20, cursor=None).items]


def test_what_went_out_is_posted_once_in_its_order_and_tests_never(land, ours, log) -> None:
    first = make.issued(land)
    make.issued(land, status=Status.TEST, testers=(make.account(),))
    drill = make.issued(land, status=Status.EXERCISE, communes=land.at("c2"))
    assert relaying.post_owed(ours, cell=CELL, now=NOW) == 2
    assert relaying.post_owed(ours, cell=CELL, now=NOW) == 0
    assert [body for _, body in log.entries] == [bytes(first.cap), bytes(drill.cap)]
    assert taken_in(ours, land) == [relaying.Arrived(1, CELL), relaying.Arrived(2, CELL)]  # our own make no drafts
    assert ImportedMessage.objects.count() == 0


def test_what_was_over_before_this_cell_joined_is_not_posted(land, log) -> None:
    make.issued(land)
    late = NOW + timedelta(days=2)
    exchange = FakeExchange(log)
    relaying.begin(exchange, cell=CELL, now=late)
    assert relaying.post_owed(exchange, cell=CELL, now=late) == 0


def test_killed_between_the_logs_word_and_ours_it_is_the_same_message(land, ours, log) -> None:
    alert = make.issued(land)
    ours.post(relaying.message_id(alert), bytes(alert.cap))  # and dead before it was written down
    assert relaying.post_owed(ours, cell=CELL, now=NOW) == 1
    assert len(log.entries) == 1


def test_others_messages_become_drafts_and_the_duty_is_told(land, ours, log, centre) -> None:
    said(log, centre.says(land))
    [arrived] = taken_in(ours, land)
    alert = Alert.objects.get(code=arrived.taken[0].code)
    assert (alert.state, alert.editors) == ("draft", [])
    assert f"Tin của nơi khác: bản nháp {alert.code}" in inbox(land.author)


@pytest.mark.parametrize("forgets", ["receipt", "place", "log"])
def test_whatever_is_handed_out_again_comes_in_once(land, ours, log, centre, forgets) -> None:
    for number in range(3):
        said(log, centre.says(land, f"kttv.{number}"))
    if forgets == "receipt":  # kept, and dead before the log was told
        received = ours.next(0)
        relaying.take_in(received, cell=CELL, agency_id=land.province, actor=SYSTEM, now=NOW)
    else:
        taken_in(ours, land)
    if forgets == "place":
        RelayPosition.objects.update(sequence=1)
    if forgets == "log":
        log.name = "log 2"
    relaying.begin(ours, cell=CELL, now=NOW)
    taken_in(ours, land)
    assert Alert.objects.count() == ImportedMessage.objects.count() == 3
    assert RelayPosition.objects.get().sequence == 3


def test_an_update_and_a_cancellation_follow_what_they_change(land, ours, log, centre) -> None:
    reference = [(SENDER, "kttv.1", NOW)]
    said(log, centre.says(land))
    said(log, centre.says(land, "kttv.2", kind=Kind.UPDATE, references=reference))
    said(log, centre.says(land, "kttv.3", kind=Kind.CANCEL, references=reference))
    first, second, third = (arrived.taken[0] for arrived in taken_in(ours, land))
    assert first.code
    assert second.code
    assert (third.code, third.note) == ("", f"bản tin Cancel: xem và tự hủy {first.code}")
    assert f"Tin của nơi khác: {third.note}" in inbox(land.author)
    assert [one.identifier for one in cells.latest_foreign()] == ["kttv.3", "kttv.2", "kttv.1"]


BAD = {
    "another key": lambda land: Forecaster().says(land),
    "unknown sender": lambda land: Forecaster("ai-do@la.example").says(land),
    "no XML": lambda _land: b"\x00\xff bomb",
    "an entity": lambda _land: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "too large": lambda _land: b" " * 900_001,
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_not_believed_is_kept_and_holds_nothing_up(land, ours, log, centre, kind) -> None:
    said(log, BAD[kind](land))
    said(log, centre.says(land))
    bad, good = taken_in(ours, land)
    assert bad.why
    assert good.taken[0].code
    row = QuarantinedMessage.objects.get()
    assert (row.cell, bytes(row.body)) == ("trung-uong", log.entries[0][1])
    assert cells.standing(CELL).quarantined == 1
    assert "Chưa tin được một bản tin từ trung-uong" in inbox(land.author)


def test_the_same_garbage_is_kept_once_and_no_flood_fills_the_disk(land, ours, log, monkeypatch) -> None:
    monkeypatch.setattr(relaying, "MOST_KEPT", 2)
    for body in (b"a", b"a", b"b", b"c"):
        said(log, body)
    taken_in(ours, land)
    assert [(one.sequence, one.kept) for one in cells.quarantine()] == [(4, False), (3, True), (1, True)]


def test_once_the_certificate_is_pinned_it_is_taken_in(land, ours, log) -> None:
    house = Forecaster()
    said(log, house.says(land))
    taken_in(ours, land)
    assert relaying.try_again(agency_id=land.province, actor=SYSTEM, now=NOW)[0].why
    importing.trust_source("tu", name="Trung ương", sender=SENDER, certificate_pem=house.pem, actor=SYSTEM, now=NOW)
    [arrived] = relaying.try_again(agency_id=land.province, actor=SYSTEM, now=NOW)
    assert Alert.objects.get(code=arrived.taken[0].code).state == "draft"
    assert cells.quarantine() == []
    assert relaying.try_again(agency_id=land.province, actor=SYSTEM, now=NOW) == []


def test_what_is_dismissed_stays_on_record(land, ours, log) -> None:
    said(log, b"x")
    taken_in(ours, land)
    pk = cells.quarantine()[0].id
    assert relaying.dismiss(pk, actor=SYSTEM, now=NOW)
    assert not relaying.dismiss(pk, actor=SYSTEM, now=NOW)
    assert QuarantinedMessage.objects.get().settled_as == "dismissed"


def test_a_lost_exchange_is_in_sight_until_it_answers(land, ours, log) -> None:
    make.issued(land)
    log.lost = "connection refused"
    with pytest.raises(ExchangeLost):
        relaying.post_owed(ours, cell=CELL, now=NOW)
    relaying.note_fault(cell=CELL, why="connection refused", now=NOW)
    relaying.note_fault(cell=CELL, why="timeout", now=NOW + timedelta(minutes=1))
    seen = cells.standing(CELL)
    assert (seen.fault, seen.fault_at, seen.owed, seen.owed_since) == ("timeout", NOW, 1, NOW)
    log.lost = ""
    relaying.begin(ours, cell=CELL, now=NOW + timedelta(minutes=2))
    relaying.post_owed(ours, cell=CELL, now=NOW)
    seen = cells.standing(CELL)
    assert (seen.fault, seen.fault_at, seen.owed) == ("", None, 0)


def test_only_the_machine_takes_in(land, ours, log) -> None:
    said(log, b"x")
    for act in (
        lambda: relaying.take_in(ours.next(0), cell=CELL, agency_id=land.province, actor=land.author, now=NOW),
        lambda: relaying.try_again(agency_id=land.province, actor=land.head, now=NOW),
        lambda: relaying.dismiss(1, actor=land.auditor, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_what_we_post_another_cell_believes_by_our_certificate(land, ours, log) -> None:
    """The whole way with our own signature: posted here, read by a cell that pinned us."""
    alert = make.issued(land)
    relaying.post_owed(ours, cell=CELL, now=NOW)
    importing.trust_source("hd", name="Hải Dương", sender=keys.sender(), certificate_pem=keys.signer().certificate_pem, actor=SYSTEM, now=NOW)  # fmt: skip
    other = FakeExchange(log)
    relaying.begin(other, cell="trung-uong", now=NOW)
    arrived = relaying.take_in(other.next(0), cell="trung-uong", agency_id=land.province, actor=SYSTEM, now=NOW)
    draft = Alert.objects.get(code=arrived.taken[0].code)
    assert (draft.headline_vi, draft.communes) == (alert.headline_vi, alert.communes)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(group, list(arguments))
    return done.exit_code, done.output


def test_the_operator_lists_takes_in_again_and_dismisses(land, ours, log) -> None:
    assert run("quarantine") == (0, "Không có bản tin nào bị giữ riêng.\n")
    house = Forecaster()
    said(log, house.says(land))
    said(log, b"x")
    taken_in(ours, land)
    code, words = run("quarantine")
    assert (code, "chữ ký không phải của chứng thư đã ghim" in words, "không phải bản tin CAP 1.2" in words) == (0, True, True)  # fmt: skip
    assert run("quarantine", "--retry")[0] == 1  # for whom is not said
    importing.trust_source("tu", name="Trung ương", sender=SENDER, certificate_pem=house.pem, actor=SYSTEM, now=NOW)
    assert "bản nháp CB-" in run("quarantine", "--retry", "--agency", "ubnd-1")[1]
    number = str(cells.quarantine()[0].id)
    assert run("dismiss", number)[0] == 0
    assert run("dismiss", number)[0] == 1


def test_without_an_exchange_the_relay_says_so() -> None:
    code, words = run("relay", "--agency", "ubnd-1")
    assert (code, "RELAY_URL" in words) == (1, True)
