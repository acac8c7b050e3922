"""Two nodes at once: the same approval, two approvers, two updates, an approval against a recall. Real transactions on connections of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from smarthd.alerts import errors
from smarthd.alerts.adapters.fake import FakeBroadcaster
from smarthd.alerts.models import Alert, AlertStep
from smarthd.alerts.rules.messages import Kind
from smarthd.alerts.rules.states import State
from smarthd.alerts.selectors import public
from smarthd.alerts.services import approving, broadcasting, composing, publishing
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, Land
from smarthd.kernel import clock, events
from smarthd.kernel.errors import Refusal
from smarthd.kernel.moves import IllegalMove

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def land(tmp_path: Path, settings: Any) -> Iterator[Land]:
    settings.DATA_DIR = tmp_path
    clock.set_now(NOW)
    yield make.land(tmp_path)
    clock.set_now(None)
    public.forget()


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> FakeBroadcaster:
    fake = FakeBroadcaster()
    monkeypatch.setattr(broadcasting, "broadcaster", lambda: fake)
    return fake


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do several things at the same instant, each in a thread with a connection of its own; return what came, or the refusal."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            found[number] = act()
        except Refusal as refusal:
            found[number] = refusal  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_what_two_nodes_do_in_one_instant_happens_once(land: Land, phones: FakeBroadcaster) -> None:
    one = make.pending(land)

    def approve(alert: Alert, actor: Any) -> Callable[[], Any]:
        return lambda: approving.approve_alert(alert.uid, content_hash=alert.content_hash, actor=make.proving(actor), now=NOW)  # fmt: skip

    # The same click on four nodes.
    found = at_once(*[approve(one, land.approver)] * 4)
    assert {alert.identifier for alert in found} == {Alert.objects.get(pk=one.pk).identifier}
    assert AlertStep.objects.filter(alert=one, act="issued").count() == 1

    # Two approvers of one warning.
    two = make.pending(land)
    found = at_once(approve(two, land.approver), approve(two, land.second))
    assert sum(isinstance(each, IllegalMove) for each in found) == 1
    assert AlertStep.objects.filter(alert=two, act="issued").count() == 1

    # Approved while its writer takes it back: one of the two, whole.
    three = make.pending(land)
    at_once(approve(three, land.approver), lambda: composing.recall(three.uid, actor=land.author, now=NOW))
    three.refresh_from_db()
    assert three.state in {State.ISSUED, State.DRAFT}
    assert (three.cap is not None) is (three.state == State.ISSUED)

    # An update and a cancellation of one warning, approved at once: one goes out, the other says that it was overtaken.
    changes = []
    for kind, words in ((Kind.UPDATE, "Nước lên nữa"), (Kind.CANCEL, "Đã an toàn")):
        change = composing.draft_change(one.uid, kind=kind, actor=land.author, now=NOW)
        change = composing.edit(change.uid, make.draft(land, headline_vi=words), version=1, actor=land.author, now=NOW)
        changes.append(composing.submit(change.uid, version=2, actor=land.author, now=NOW))
    found = at_once(*(approve(change, land.approver) for change in changes))
    states = sorted(Alert.objects.filter(replaces=one).values_list("state", flat=True))
    assert states in ([State.ISSUED, State.LAPSED], [State.ISSUED, State.PENDING])
    assert (
        sum(isinstance(each, errors.AlertMovedOn) or getattr(each, "state", "") == State.LAPSED for each in found) == 1
    )

    # Two warnings of other incidents at once: both.
    four, five = make.pending(land), make.pending(land)
    at_once(approve(four, land.approver), approve(five, land.second))
    assert Alert.objects.filter(pk__in=[four.pk, five.pk], state=State.ISSUED).count() == 2

    # Delivered by two workers at once, each is brought once.
    at_once(*[events.deliver_owed] * 2)
    assert sum(key == broadcasting.key_of(one.uid) for key in phones.started) <= 1
    assert {broadcasting.key_of(each.uid) for each in (two, four, five)} <= phones.started.keys()


def test_a_slow_writer_of_files_never_puts_back_an_older_state(land: Land, phones: FakeBroadcaster, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """The sweep reads "nothing", is slow, and a warning goes out and is written meanwhile: the file must hold the warning."""
    begun, goes_on = threading.Event(), threading.Event()
    write = publishing._write

    def slowly(place: Path, content: bytes) -> bool:
        if threading.current_thread().name == "sweep":
            begun.set()
            goes_on.wait(10)
        return write(place, content)

    monkeypatch.setattr(publishing, "_write", slowly)

    def act(what: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            try:
                what()
            finally:
                connection.close()

        return run

    sweep = threading.Thread(target=act(lambda: publishing.publish_all(now=NOW)), name="sweep")
    sweep.start()
    assert begun.wait(10)
    issued: list[Alert] = []
    duty = threading.Thread(
        target=act(lambda: issued.append(make.issued(land))), name="duty"
    )  # it goes out, and its files wait their turn
    duty.start()
    duty.join(0.5)
    goes_on.set()
    sweep.join(30)
    duty.join(30)
    [alert] = issued
    told = publishing.file_of(land.units["c0"].code).read_text(encoding="utf-8")
    assert alert.code in told
