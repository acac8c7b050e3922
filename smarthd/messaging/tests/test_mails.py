"""An e-mail on its way: queued once by its reference, leased while it is tried, tried a few times, ended in a state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from smarthd.messaging import rules, selectors, services
from smarthd.messaging.adapters.console import ConsoleMailer
from smarthd.messaging.adapters.fake import FakeMailer
from smarthd.messaging.adapters.smtp import SmtpMailer
from smarthd.messaging.models import MailDelivery
from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable
from smarthd.messaging.rules import MailState

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 4, 11, 10, tzinfo=UTC)


def queued(reference: str = "r-1", subject: str = "Nhắc báo cáo") -> MailDelivery:
    services.queue_mail(recipient="a@haiduong.gov.vn", subject=subject, body="Nội dung", reference=reference, now=NOW)
    return MailDelivery.objects.get(reference=reference)


def test_an_email_queued_twice_goes_once() -> None:
    mailer = FakeMailer()
    queued()
    again = services.queue_mail(recipient="b@x.vn", subject="khác", body="khác", reference="r-1", now=NOW)
    services.send_due_mails(now=NOW, via=mailer)
    services.send_due_mails(now=NOW + timedelta(days=1), via=mailer)
    assert (again, list(mailer.sent)) == (False, ["r-1"])


def test_sent_is_written_down_with_its_receipt() -> None:
    mail = queued()
    assert services.try_mail(mail.pk, now=NOW, via=FakeMailer()) is MailState.SENT
    mail.refresh_from_db()
    assert (mail.receipt, mail.closed_at, mail.tries) == ("fake-r-1", NOW, 1)


def test_passing_faults_are_tried_again_later_and_later_until_tries_run_out() -> None:
    mail, mailer, now = queued(), FakeMailer(), NOW
    mailer.failures = [GatewayUnavailable("SMTP 451")] * 10
    states = []
    for _ in range(len(rules.MAIL_WAITS) + 1):
        states.append(services.try_mail(mail.pk, now=now, via=mailer))
        mail.refresh_from_db()
        now = max(now, mail.next_try_at)
    assert states == [MailState.WAITING] * len(rules.MAIL_WAITS) + [MailState.FAILED]
    assert selectors.failed_mails(since=NOW) == 1
    assert mail.fault == "unavailable: SMTP 451"


def test_nobody_tries_before_its_turn() -> None:
    mail, mailer = queued(), FakeMailer()
    mailer.failures = [GatewayUnavailable("x")]
    services.try_mail(mail.pk, now=NOW, via=mailer)
    assert services.try_mail(mail.pk, now=NOW + timedelta(seconds=30), via=mailer) is MailState.WAITING
    assert mailer.sent == {}


def test_a_refusal_ends_at_once() -> None:
    mail, mailer = queued(), FakeMailer()
    mailer.failures = [GatewayRefused("SMTP 550")]
    assert services.try_mail(mail.pk, now=NOW, via=mailer) is MailState.FAILED


def test_a_worker_killed_while_sending_leaves_the_email_to_the_next_sweep() -> None:
    mail, mailer = queued(), FakeMailer()
    mailer.failures = [KeyboardInterrupt()]  # type: ignore[list-item]  # the process dies inside the network call
    with pytest.raises(KeyboardInterrupt):
        services.try_mail(mail.pk, now=NOW, via=mailer)
    assert services.send_due_mails(now=NOW, via=mailer) == 0  # leased: another worker does not try it meanwhile
    assert services.send_due_mails(now=NOW + rules.MAIL_WAITS[0], via=mailer) == 1
    mail.refresh_from_db()
    assert (mail.state, mail.tries, list(mailer.sent)) == (MailState.SENT, 2, ["r-1"])


def test_a_subject_is_one_line_whatever_it_was_given() -> None:
    assert queued(subject="Nhắc\r\nBcc: ai-do@x.vn").subject == "Nhắc Bcc: ai-do@x.vn"


def test_closed_emails_are_forgotten_and_waiting_ones_are_not() -> None:
    services.try_mail(queued("r-1").pk, now=NOW, via=FakeMailer())
    queued("r-2")
    services.forget_mails(before=NOW + timedelta(days=1))
    assert list(MailDelivery.objects.values_list("reference", flat=True)) == ["r-2"]


def test_the_terminal_is_the_mailer_until_a_server_is_named() -> None:
    with override_settings(MAIL_URL=""):
        assert isinstance(services.mailer(), ConsoleMailer)
    with override_settings(MAIL_URL="smtp://mail.haiduong.gov.vn", MAIL_FROM="a@haiduong.gov.vn"):
        assert isinstance(services.mailer(), SmtpMailer)


@pytest.mark.parametrize("state", list(MailState))
@pytest.mark.parametrize("move", rules.MAIL_MOVES, ids=lambda move: move.name)
def test_only_a_waiting_email_moves(move, state: MailState) -> None:
    assert move.may_start(state) == (state is MailState.WAITING)
