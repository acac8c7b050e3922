"""From bulletin to the other side and back by the very adapters: a mail server, a cluster, a network, each on loopback."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings

from smarthd.channels.adapters.cluster import Cluster, over_http
from smarthd.channels.models import Dispatch, Outlet
from smarthd.channels.rules import links
from smarthd.channels.rules.bulletins import Change, Priority, Source
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.services import bulletins, dispatching, receipts
from smarthd.channels.tests import make
from smarthd.channels.tests.broker import free_port
from smarthd.kernel import clock

pytestmark = pytest.mark.django_db
NOW = make.NOW


class Mailbox:
    """Takes letters, or refuses one address for good."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], bytes]] = []
        self.refused = ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd looks for this name
        if address == self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.letters.append((envelope.rcpt_tos, envelope.content))
        return "250 taken"


@pytest.fixture
def mailbox(settings):
    held = Mailbox()
    port = free_port()
    controller = Controller(held, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAIL_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{port}", "Smart <khong-tra-loi@nha.example.vn>"
    yield held
    controller.stop()


def text_of(raw: bytes) -> str:
    from email import message_from_bytes
    from email.policy import default

    letter = message_from_bytes(raw, policy=default)
    return f"{letter['Subject']}\n{letter.get_content()}"


def test_a_warning_reaches_press_and_loudspeaker_and_both_say_so(land, mailbox):
    cluster = Cluster("cum-c0")
    with over_http(cluster, token="mat-khau") as address:
        Outlet.objects.filter(pk=land.outlets["loudspeaker"]).delete()
        at = make.outlet(
            Kind.LOUDSPEAKER, agency_id=land.commune, commune_id=land.units["c0"].id, address=address, secret="mat-khau"
        )
        row = make.taken(kinds=[Kind.PRESS, Kind.LOUDSPEAKER], communes=[land.units["c0"].id], drill=True)
        assert dispatching.send_due(now=NOW) == 2
        press, loud = make.dispatch(row, Kind.PRESS), make.dispatch(row, Kind.LOUDSPEAKER)
        assert (press.state, loud.state, loud.outlet_id) == (State.SENT, State.SENT, at)
        [(to, raw)] = mailbox.letters
        said = text_of(raw)
        assert to == [make.ADDRESSES[Kind.PRESS]]
        assert said.startswith("DIỄN TẬP: Bão số 3")
        assert f"{django_settings.ORIGIN}{links.receiver(press.token)}" in said
        [job] = cluster.jobs.values()
        assert job["title"].startswith("DIỄN TẬP")
        assert (job["priority"], job["repeats"], job["drill"], job["cluster"]) == ("urgent", 3, True, "cum-c0")
        assert job["audio"]["url"] == f"{django_settings.ORIGIN}{links.recording(loud.token)}"
        cluster.play_due(NOW)
        assert receipts.collect_words(now=NOW) == 1
        loud.refresh_from_db()
        assert (loud.state, loud.receipt) == (State.RECEIVED, "phát 3 lần")
        receipts.confirm(press.token, what="phat", name="", now=NOW)
        press.refresh_from_db()
        assert press.state == State.RECEIVED


def test_a_cancellation_stops_the_job_at_the_cluster(land):
    cluster = Cluster("cum-c0")
    with over_http(cluster) as address:
        Outlet.objects.filter(pk=land.outlets["loudspeaker"]).update(address=address)
        more = {"source": Source.ALERT, "kinds": [Kind.LOUDSPEAKER], "communes": [land.units["c0"].id]}
        make.taken(key="1", valid_from=NOW + timedelta(hours=1), **more)
        dispatching.send_due(now=NOW)
        make.taken(key="2", replaces="1", change=Change.CANCEL, title="Bão đã tan", **more)
        dispatching.send_due(now=NOW)
        cluster.play_due(NOW + timedelta(hours=2))
        assert [state["said"] for state in cluster.states.values()] == ["đã có tin thay", "phát 3 lần"]


def test_what_is_not_urgent_is_played_by_day(land):
    cluster = Cluster("cum-c0")
    night = NOW + timedelta(hours=14)  # midnight in Hải Dương
    clock.set_now(night)
    with over_http(cluster) as address:
        Outlet.objects.filter(pk=land.outlets["loudspeaker"]).update(address=address)
        for key, priority in (("a", Priority.PRIORITY), ("b", Priority.URGENT)):
            make.taken(
                now=night,
                key=key,
                priority=priority,
                valid_from=night,
                valid_until=night + timedelta(hours=12),
                kinds=[Kind.LOUDSPEAKER],
                communes=[land.units["c0"].id],
            )
        dispatching.send_due(now=night)
        over = make.taken(
            now=night,
            key="c",
            priority=Priority.NORMAL,
            valid_from=night,
            valid_until=night + timedelta(hours=3),
            kinds=[Kind.LOUDSPEAKER],
        )
        dispatching.send_due(now=night)
        assert make.dispatch(over, Kind.LOUDSPEAKER).fault == "hết hiệu lực trước giờ loa được phát"
        begins = {job["priority"]: job["not_before"] for job in cluster.jobs.values()}
    assert begins["priority"] == "2024-04-09T05:00:00+07:00"
    assert begins["urgent"].startswith("2024-04-09T00:00")


def test_a_mailbox_that_is_not_there_ends_at_once_and_says_why(land, mailbox):
    mailbox.refused = make.ADDRESSES[Kind.PRESS]
    row = make.taken(kinds=[Kind.PRESS, Kind.RADIO])
    dispatching.send_due(now=NOW)
    press = make.dispatch(row, Kind.PRESS)
    assert press.state == State.FAILED
    assert "550" in press.fault
    assert make.dispatch(row, Kind.RADIO).state == State.SENT


def test_an_operators_second_letter_is_another_letter(land, mailbox):
    row = make.taken(kinds=[Kind.PRESS])
    dispatching.send_due(now=NOW)
    dispatching.resend(make.dispatch(row, Kind.PRESS).uid, actor=land.editor, now=NOW)
    dispatching.send_due(now=NOW)
    ids = [line for _to, raw in mailbox.letters for line in raw.decode().splitlines() if line.startswith("Message-ID")]
    assert len(set(ids)) == 2


def test_outlets_of_the_terminal_need_nothing_else(land, capsys):
    for outlet in Outlet.objects.exclude(kind=Kind.PORTAL):
        Outlet.objects.filter(pk=outlet.pk).update(address=f"console:{outlet.pk}")
    row = make.taken()
    dispatching.send_due(now=NOW)
    assert set(Dispatch.objects.filter(bulletin=row).values_list("state", flat=True)) == {State.SENT}
    assert capsys.readouterr().out.count("Bão số 3") >= 5


def test_ending_a_source_drops_what_waits(land):
    row = make.taken(key="x", source=Source.ALERT, valid_from=NOW + timedelta(hours=3), kinds=[Kind.PRESS])
    assert bulletins.end_source(Source.ALERT, "x", now=NOW)
    assert not bulletins.end_source(Source.ALERT, "y", now=NOW)
    assert make.dispatch(row, Kind.PRESS).state == State.DROPPED
    assert dispatching.send_due(now=NOW + timedelta(hours=4)) == 0
