"""Announcing: told after commit, never of a fact that was rolled back, kept when a subscriber fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction

from smarthd.kernel import events
from smarthd.kernel.models import OutboxDelivery

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class LampLit:
    where: str
    at: datetime


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[LampLit]:
    told: list[LampLit] = []
    monkeypatch.setattr(events, "_handlers", {events.name_of(LampLit): {"test.listen": told.append}})
    monkeypatch.setitem(events._types, events.name_of(LampLit), LampLit)
    return told


def test_an_announced_fact_reaches_its_subscriber_whole_and_once(heard: list[LampLit]) -> None:
    fact = LampLit(where="Nam Sách", at=datetime(2024, 4, 1, tzinfo=UTC))
    events.announce(fact)
    assert heard == []
    assert events.deliver_owed() == 1
    assert events.deliver_owed() == 0
    assert heard == [fact]


def test_a_rolled_back_fact_is_never_told(heard: list[LampLit]) -> None:
    def light_and_fail() -> None:
        with transaction.atomic():
            events.announce(LampLit(where="Kinh Môn", at=datetime(2024, 4, 1, tzinfo=UTC)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        light_and_fail()
    assert not OutboxDelivery.objects.exists()
