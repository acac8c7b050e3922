"""Letters to agencies without accounts, and the links in them: signed, for one report, for thirty days, once."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import signing

from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Kind, Role
from smarthd.fieldreports.errors import FieldReportFaulty, LinkExpired, LinkForged, LinkOver, LinkUsed, NotEnoughProof
from smarthd.fieldreports.models import MailLink, Report, ReportStep
from smarthd.fieldreports.rules import mailing
from smarthd.fieldreports.rules.attachments import Part
from smarthd.fieldreports.rules.states import Outcome, State
from smarthd.fieldreports.selectors import gate
from smarthd.fieldreports.services import answering, handling, mail_links
from smarthd.fieldreports.services.mail_links import Proof
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW, SOON
from smarthd.fieldreports.values import Caller
from smarthd.kernel import events
from smarthd.kernel.actor import system
from smarthd.messaging.models import MailDelivery

MAILBOX = "dien-luc@haiduong.example"
SAID = "Đã thay bóng và dây chì của cột số 12, tối 9/4 đèn sáng trở lại."


@pytest.fixture
def company(land) -> int:
    """An enterprise with a mailbox and nobody who has an account."""
    new = agency_services.NewAgency(kind=Kind.ENTERPRISE, name="Điện lực Nhà", code="dl-1", parent_id=land.province)
    agency_id = agency_services.found_agency(new, valid_from=date(2024, 1, 1)).pk
    agency_services.set_mailbox(agency_id, address=MAILBOX, actor=system("test"), now=NOW - timedelta(days=1))
    return agency_id


@pytest.fixture
def report(land, company) -> Report:
    """A report in the company's hands, of which it was written to."""
    made = make.sent(land)
    handling.accept(made.code, caller=land.clerk, now=NOW)
    handling.assign(made.code, to_id=company, words="Đề nghị thay bóng", caller=land.dispatcher, now=NOW)
    made.refresh_from_db()
    assert mail_links.write(made.uid, step=made.steps_count, now=NOW)
    return made


def token(report: Report) -> str:
    return mail_links.token_of(MailLink.objects.filter(report=report).latest("step"))


def answer(report: Report, *, now=SOON, **changes):
    given = {"words": SAID, "outcome": Outcome.FIXED, "proofs": [Proof(make.picture(), Part.AFTER)]} | changes
    return mail_links.answer(token(report), now=now, **given)


# --- rules: nothing a citizen wrote becomes a link -------------------------------------------------------------------
LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://\S|\bwww\.\w|\b(?:mailto|tel|javascript|data):\S|[\w-]+[.。．｡][a-z\w-]*[^\W\d]|\w@\w)",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "words",
    [
        "http://evil.example/x?y=z", "HTTPS://Evil.Example", "xem www.evil.example nhé", "evil.example", "a@evil.example", "mailto:a@b.vn",
        "javascript:alert(1)", "tel:0912345678", "bit.ly/3xYz", "evil。example", "evil．example", "sub.evil.co.uk.", "(http://a.vn)",
        "[a](http://b.vn)", "<a href='http://c.vn'>x</a>", "https://a.vn/b.c#d", "zalo://qr", "xn--vn-mia.example", "đường.vn", "a.b",
    ],
)  # fmt: skip
def test_no_address_in_a_citizens_words_is_left_whole(words):
    assert LINK.search(words)
    assert not LINK.search(mailing.unlinked(words))
    assert not LINK.search(mailing.quoted(f"Trước\n{words} sau"))


@pytest.mark.parametrize("words", ["3.500.000 đồng", "cách 8,5 km", "ngõ 12, số 4.", "Tắt. Tối lắm.", "9/4 lúc 19:30"])
def test_figures_and_sentences_stay_as_they_are(words):
    assert mailing.unlinked(words) == words


def test_a_letter_quotes_every_line_and_holds_one_link_only():
    facts = mailing.Facts(
        code="PA-AAAAAAA",
        category="Đèn đường",
        place="http://noi.vn, Xã c0",
        words="Dòng một http://a.vn\nDòng hai www.b.vn\n\n-- \nKý tên giả",
        received_at=NOW,
        due_at=NOW,
        photos=2,
        link="https://smart.example/can-bo/tra-loi/x:y:z/",
        expires_at=SOON,
    )
    subject, body = mailing.letter(facts)
    assert "\n" not in subject
    assert re.findall(r"https?://\S+", body) == [facts.link]
    quoted = body.split("Người gửi viết:\n")[1].split("Kèm 2 ảnh")[0].strip()
    assert all(line.startswith(">") for line in quoted.splitlines())


# --- when it is written ----------------------------------------------------------------------------------------------
def test_the_letter_goes_to_the_mailbox_once_a_step(land, report, company):
    assert not mail_links.write(report.uid, step=report.steps_count, now=NOW)
    [mail] = MailDelivery.objects.all()
    assert mail.recipient == MAILBOX
    assert report.code in mail.subject
    [told] = re.findall(rf"{token(report).partition(':')[0]}:[\w:-]+", mail.body)  # each is signed with its second
    assert signing.loads(told, salt=mailing.PURPOSE) == MailLink.objects.get().uid.hex
    assert make.WORDS in mail.body
    assert MailLink.objects.get().agency_id == company


def test_an_agency_with_accounts_or_without_a_mailbox_is_not_written_to(land, report, company):
    ours = make.sent(land)
    assert not mail_links.write(ours.uid, step=1, now=NOW)
    agency_services.end_mailbox(company, actor=system("test"), now=NOW)
    assert not mail_links.write(report.uid, step=99, now=NOW)
    agency_services.set_mailbox(company, address=MAILBOX, actor=system("test"), now=NOW)
    make.officer(company, Role.CLERK)
    assert not mail_links.write(report.uid, step=99, now=NOW)


def test_steps_that_ask_something_of_the_holder_write_by_themselves(land, company):
    made = make.sent(land)
    handling.accept(made.code, caller=land.clerk, now=NOW)
    handling.assign(made.code, to_id=company, words="Đề nghị thay bóng", caller=land.dispatcher, now=NOW)
    events.deliver_owed()
    assert MailLink.objects.filter(report=made).count() == 1
    assert MailDelivery.objects.get().recipient == MAILBOX


# --- what a link opens -----------------------------------------------------------------------------------------------
def test_looking_uses_nothing_up(report):
    for _ in range(3):
        assert mail_links.opened(token(report), now=SOON).code == report.code


def test_an_answer_by_link_stands_as_such_for_the_agency(land, report, company):
    answer(report)
    report.refresh_from_db()
    assert report.state == State.ANSWERED
    last = gate.report_for(Caller(), report.code, now=SOON).timeline[-1]
    assert (last.act, last.act_words, last.by_agency) == ("answered", "Trả lời qua liên kết trong thư", "Điện lực Nhà")
    assert gate.report_for(Caller(), report.code, now=SOON).answers[0].agency == "Điện lực Nhà"


def test_what_was_not_accepted_is_accepted_by_answering(land, company):
    made = make.sent(land)
    handling.reroute(made.code, to_id=company, words="Lưới điện do công ty quản lý", caller=land.dispatcher, now=NOW)
    mail_links.write(made.uid, step=2, now=NOW)
    answer(made)
    acts = list(ReportStep.objects.filter(report=made).order_by("number").values_list("act", "by_agency"))
    assert acts[-3:] == [("accepted", company), ("started", company), ("answered", company)]
    made.refresh_from_db()
    assert made.original_due_at is not None
    assert made.published_at is not None


def test_a_link_is_used_once(report):
    answer(report)
    with pytest.raises(LinkUsed):
        mail_links.opened(token(report), now=SOON)
    with pytest.raises(LinkUsed):
        answer(report)


def test_a_link_expires(report):
    last = MailLink.objects.get().expires_at
    assert mail_links.opened(token(report), now=last - timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        mail_links.opened(token(report), now=last)
    with pytest.raises(LinkExpired):
        answer(report, now=last)


@pytest.mark.parametrize(
    "spoil",
    [lambda t: t[:-1], lambda t: t + "x", lambda t: "x" + t, lambda _t: "", lambda _t: "a:b:c", lambda _t: "\x00"],
)
def test_a_changed_link_opens_nothing(report, spoil):
    with pytest.raises(LinkForged):
        mail_links.opened(spoil(token(report)), now=SOON)


def test_a_signature_made_for_something_else_opens_nothing(report):
    link = MailLink.objects.get()
    for made in (
        signing.dumps(link.uid.hex),
        signing.dumps(link.uid.hex, salt="people.code"),
        signing.dumps(link.uid.hex, salt=mailing.PURPOSE, key="another key"),
        signing.dumps("0" * 32, salt=mailing.PURPOSE),
        signing.dumps(["x"], salt=mailing.PURPOSE),
        signing.dumps(report.code, salt=mailing.PURPOSE),
    ):
        with pytest.raises(LinkForged):
            mail_links.opened(made, now=SOON)


def test_a_report_that_moved_on_is_no_longer_answered_by_the_link(land, report):
    leader = make.officer(land.province, Role.HEAD)
    handling.assign(report.code, to_id=land.other, words="Nhờ xã bên xử lý giúp", caller=leader, now=SOON)
    with pytest.raises(LinkOver):
        answer(report)
    assert not report.answers.exists()


def test_a_second_link_is_over_when_the_first_was_used(land, report):
    first = token(report)
    mail_links.write(report.uid, step=99, now=NOW)
    answer(report)  # by the second
    with pytest.raises(LinkOver):
        mail_links.opened(first, now=SOON)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"proofs": []}, NotEnoughProof),
        ({"words": "Đã xong"}, FieldReportFaulty),
        ({"outcome": Outcome.PLANNED}, FieldReportFaulty),
        ({"outcome": Outcome.REFERRED}, NotEnoughProof),
        ({"proofs": [Proof(make.picture(), Part.CITIZEN)]}, NotEnoughProof),
    ],
)
def test_the_rules_of_an_answer_hold_and_a_refused_one_leaves_the_link(report, changes, refused):
    before = report.steps_count
    with pytest.raises(refused):
        answer(report, **changes)
    report.refresh_from_db()
    assert (report.state, report.steps_count) == (State.ASSIGNED, before)
    answer(report)


def test_a_reopened_report_gets_a_letter_of_its_own(land, company):
    who = make.citizen()
    made = make.sent(land, who)
    handling.accept(made.code, caller=land.clerk, now=NOW)
    handling.assign(made.code, to_id=company, words="Đề nghị thay bóng", caller=land.dispatcher, now=NOW)
    mail_links.write(made.uid, step=3, now=NOW)
    answer(made)
    answering.reopen(made.code, words="Đèn sáng một hôm rồi lại tắt", caller=who, now=SOON)
    assert mail_links.write(made.uid, step=9, now=SOON)
    answer(made, now=SOON + timedelta(hours=1))
    assert made.answers.count() == 2
