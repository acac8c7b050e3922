"""The planted demonstration keeps its promises. It is planted once for this module and taken back at its end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from config.seeding import accounts, chapters, demo, phones, record, story
from config.seeding.chapters import troubles
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor, Grant, system
from smarthd.kernel.models import SystemRecord
from smarthd.people import services as people
from smarthd.people.models import Account
from smarthd.places.selectors import world
from smarthd.rollout import rules
from smarthd.rollout import selectors as rollout
from smarthd.rollout.selectors import Row

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
]  # journeys plant it and sign in to it in every run; without a mark in the selection, pytest-django sets no database up


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[demo.Planted]]:
    with django_db_blocker.unblock(), transaction.atomic():
        clock.set_now(NOW)
        yield list(demo.plant(now=NOW))
        clock.set_now(None)
        transaction.set_rollback(True)


def _flagged(rows: list[Row], flag: rules.Flag) -> list[str]:
    return [row.name for row in rows if flag in row.values["installed"].flags]


def test_every_chapter_is_told_once_and_written_down(planted: list[demo.Planted]) -> None:
    assert [told.words for told in planted] == [chapter.words for chapter in chapters.CHAPTERS]
    assert SystemRecord.objects.get(key=record.DEMO).value["chapters"] == list(record.DEMO_CHAPTERS)


def test_a_second_planting_finds_nothing_to_do(planted: list[demo.Planted]) -> None:
    assert list(demo.plant(now=NOW)) == []


def test_the_spring_is_measured_on_235_communes_with_the_flags_promised(planted: list[demo.Planted]) -> None:
    table = rollout.table("commune", story.SPRING_LAST, story.SPRING_FIRST)
    assert len(table.rows) == 235
    assert len(_flagged(table.rows, rules.Flag.OVER_100)) == 1
    assert len(_flagged(table.rows, rules.Flag.NO_BASE)) == story.COMMUNES_WITHOUT_BASE
    [over] = [row for row in table.rows if rules.Flag.OVER_100 in row.values["installed"].flags]
    assert over.values["installed"].ratio == pytest.approx(story.OVERCOUNTED, abs=0.02)


def test_the_running_campaign_shows_the_same_oddities_on_the_present_communes(planted: list[demo.Planted]) -> None:
    table = rollout.table("commune", TODAY, TODAY)
    assert len(table.rows) == 114
    assert len(_flagged(table.rows, rules.Flag.OVER_100)) == 1
    assert len(_flagged(table.rows, rules.Flag.NO_BASE)) == story.COMMUNES_WITHOUT_BASE
    assert not _flagged(table.rows, rules.Flag.HIDDEN)


@pytest.mark.parametrize("boundaries", [story.SPRING_FIRST, story.DECEMBER, story.JULY, TODAY])
@pytest.mark.parametrize("key", ["installed", "activated", "used_owners", "active_28"])
def test_the_spring_has_the_same_total_under_the_boundaries_of_any_day(
    planted: list[demo.Planted], boundaries: date, key: str
) -> None:
    then = rollout.table("commune", story.SPRING_LAST, story.SPRING_FIRST)
    other = rollout.table("commune", story.SPRING_LAST, boundaries)
    assert other.total.values[key].numerator == then.total.values[key].numerator
    added = sum(row.values[key].numerator or 0 for row in other.rows if not row.values[key].hidden)
    hidden = sum(10 for row in other.rows if row.values[key].hidden)
    assert added == pytest.approx(then.total.values[key].numerator, abs=hidden + 1e-6)


def test_every_base_says_that_it_is_for_trial(planted: list[demo.Planted]) -> None:
    for day in (story.SPRING_LAST, TODAY):
        for row in rollout.table("commune", day, day).rows:
            figure = row.values["installed"]
            assert rules.Flag.NO_BASE in figure.flags or "dùng thử" in figure.source
    assert all("dùng thử" in campaign.title for campaign in rollout.campaigns())


def test_one_campaign_is_closed_and_one_runs_round_today(planted: list[demo.Planted]) -> None:
    running = rollout.running_campaign()
    assert running is not None
    assert running.opens_on < TODAY < clock.day_of(running.deadline_at)
    [closed] = [campaign for campaign in rollout.campaigns() if campaign.status == rules.CampaignStatus.CLOSED]
    assert closed.deadline_at == clock.at_local(date(2024, 4, 19), 17)


@pytest.mark.parametrize(("day", "communes", "districts"), [
    (story.SPRING_FIRST, 235, 12), (story.DECEMBER, 207, 12), (story.JULY, 114, 0),
])  # fmt: skip
def test_each_unit_has_its_committee_under_the_coordinating_department(
    planted: list[demo.Planted], day: date, communes: int, districts: int
) -> None:
    committees = agencies.agencies_on(day, kinds=[Kind.COMMUNE_COMMITTEE])
    assert len(committees) == communes
    assert len(agencies.agencies_on(day, kinds=[Kind.DISTRICT_COMMITTEE])) == districts
    coordinator = agencies.agency_by_code("stttt" if day < story.JULY else "hp-skhcn", day)
    assert {committee.id for committee in committees} <= agencies.below([coordinator.id], day)


def test_staff_go_along_when_committees_merge(planted: list[demo.Planted]) -> None:
    eve = date(2024, 11, 30)
    before = agencies.roster_sizes([body.id for body in agencies.agencies_on(eve)], eve)
    after = agencies.roster_sizes([body.id for body in agencies.agencies_on(story.DECEMBER)], story.DECEMBER)
    assert sum(before.values()) == sum(after.values()) > 2000


@pytest.mark.parametrize("account", accounts.ACCOUNTS, ids=lambda account: account.role or "citizen")
def test_a_demo_account_signs_in_and_holds_its_role(planted: list[demo.Planted], account: accounts.DemoAccount) -> None:
    with transaction.atomic():
        ticket = people.request_code(account.phone, address="203.0.113.5", now=NOW)
        person = people.verify_code(
            account.phone, code=ticket.shown_code, install_uid=None, address="203.0.113.5", now=NOW
        )
        transaction.set_rollback(True)
    assert person.full_name == account.full_name
    actor = agencies.actor_for(person.pk, NOW)
    assert {grant.role for grant in actor.grants} == ({account.role} if account.role else set())


def test_the_administrator_reaches_every_commune(planted: list[demo.Planted]) -> None:
    [account] = [account for account in accounts.ACCOUNTS if account.role == "administrator"]
    person = Account.objects.get(phone_index=people.phone_index(account.phone))
    reach = agencies.actor_for(person.pk, NOW).agencies_as("administrator")
    assert {body.id for body in agencies.agencies_on(TODAY, kinds=[Kind.COMMUNE_COMMITTEE])} <= reach


def test_every_telephone_number_lies_in_the_demonstrations_block(planted: list[demo.Planted]) -> None:
    numbers = [account.phone for account in Account.objects.exclude(phone_sealed=None)[:3000]]
    assert len(numbers) == 3000
    assert all(phones.is_demo(number) for number in numbers)


def test_nobody_is_used_before_opening_an_account_nor_after_today(planted: list[demo.Planted]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE d.day < p.activated_on), count(*) FILTER (WHERE d.day > %s), count(*)"
            " FROM rollout_activity_day d JOIN rollout_participant p USING (account_id)",
            [TODAY],
        )
        early, late, all_days = cursor.fetchone()  # type: ignore[misc]
    assert (early, late) == (0, 0)
    assert all_days > 100_000


def test_no_fact_waits_to_be_told(planted: list[demo.Planted]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_outboxdelivery WHERE delivered_at IS NULL")
        assert cursor.fetchone() == (0,)


def _digest() -> str:
    """Return a mark of the world that does not depend on ids or nonces."""
    questions = (
        "SELECT u.key, v.name, v.valid_from FROM places_unit u JOIN places_unitversion v ON v.unit_id = u.id ORDER BY 1, 2, 3",
        "SELECT s.full_name, s.position, s.valid_from, v.code FROM agencies_staff s"
        " JOIN agencies_agencyversion v ON v.agency_id = s.agency_id ORDER BY 1, 2, 3, 4",
        "SELECT encode(a.phone_index, 'hex'), a.activated_at, p.used_on, p.team_code FROM people_account a"
        " JOIN rollout_participant p ON p.account_id = a.id ORDER BY 1",
        "SELECT encode(a.phone_index, 'hex'), d.day, d.actions FROM people_account a"
        " JOIN rollout_activity_day d ON d.account_id = a.id ORDER BY 1, 2",
    )
    mark = hashlib.sha256()
    with connection.cursor() as cursor:
        for question in questions:
            cursor.execute(question)
            for row in cursor:
                mark.update(repr(row).encode())
    return mark.hexdigest()


def _plant_persons_only() -> str:
    with transaction.atomic():
        for told in demo.plant(now=NOW):
            if told.words == "Chiến dịch đang chạy":
                break
        digest = _digest()
        transaction.set_rollback(True)
    world.forget()
    return digest


@pytest.mark.django_db
def test_the_same_seed_plants_the_same_world() -> None:
    clock.set_now(NOW)
    assert _plant_persons_only() == _plant_persons_only()
    clock.set_now(None)


@pytest.mark.django_db
def test_a_planting_cut_short_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def chapter(key: str) -> demo.Chapter:
        def tell(stage: demo.Stage) -> str:
            if key == "b" and "b" not in done and "cut" not in done:
                done.append("cut")
                raise KeyboardInterrupt
            done.append(f"{key} {stage.rng.integers(1000)} {stage.today}")
            return key

        return demo.Chapter(key, key, tell)

    monkeypatch.setattr(demo, "chapters", lambda: tuple(chapter(key) for key in "abc"))
    with pytest.raises(KeyboardInterrupt):
        list(demo.plant(now=NOW))
    later = datetime(2026, 11, 30, tzinfo=UTC)
    assert [told.words for told in demo.plant(now=later)] == ["b", "c"]
    assert [line.split()[0] for line in done] == ["a", "cut", "b", "c"]
    assert {line.split()[2] for line in done if " " in line} == {"2026-11-24"}


@pytest.mark.django_db
def test_a_production_installation_is_never_planted(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(demo.CannotPlant, match="Bản chính thức"):
        next(demo.plant(now=NOW))


def test_difficulties_stand_in_many_states_and_a_decision_waits_for_the_leader(planted: list[demo.Planted]) -> None:
    from smarthd.rollout.rules.difficulties import Category, State
    from smarthd.rollout.selectors import decisions, difficulties

    actor = system("test")
    found = difficulties.listing(actor, difficulties.Query(stand="tat-ca"), now=NOW)
    assert found.count >= 12
    assert {row.state for row in found.rows} >= {
        State.WAITING,
        State.IN_HAND,
        State.SOLVED,
        State.CONFIRMED,
        State.MERGED,
    }
    assert len({row.category for row in found.rows}) >= len(Category) - 2
    assert all("dùng thử" in row.text for row in found.rows)
    leader = _official(6)
    [waiting] = decisions.to_approve(leader, now=NOW)
    assert waiting.answers == 2
    assert difficulties.at_the_top([grant.agency_id for grant in leader.grants], now=NOW)


def test_airings_have_proof_that_says_it_is_made_up_and_codes_that_brought_people(planted: list[demo.Planted]) -> None:
    from smarthd.rollout.selectors import airings, yields

    found = yields.yields(system("test"), now=NOW, campaign="dang-chay")
    assert len(found.channels) >= 8
    assert found.total.coverage.ratio is not None
    assert 0.5 < found.total.coverage.ratio < 1
    assert 0 < found.with_code < found.activated
    clerk = _official(2)
    unmarked, unproven = airings.unproven(clerk, now=NOW)
    assert (unmarked, unproven) == (1, 1)


def test_citizens_reports_stand_in_every_state_with_drawn_photos_and_made_up_words(planted: list[demo.Planted]) -> None:
    from smarthd.fieldreports.models import Attachment, Report
    from smarthd.fieldreports.rules.states import State
    from smarthd.fieldreports.selectors import lists, suggestions
    from smarthd.fieldreports.selectors.filters import Query

    states = {State(state) for state in Report.objects.values_list("state", flat=True)}
    assert set(State) - {State.WITHDRAWN} <= states
    assert Report.objects.count() > 150
    assert not Report.objects.exclude(text__contains="(phản ánh dùng thử)").exists()
    assert set(Attachment.objects.values_list("state", flat=True)) == {"ready"}
    assert Report.objects.filter(visibility="hidden").count() == 1
    assert Report.objects.get(merged_count__gt=0).merged_count == 8
    assert suggestions.figures()["demonstration"] is True
    assert lists.queue(_official(12), Query(), now=NOW).items


def _official(number: int) -> Actor:
    account = next(account for account in accounts.ACCOUNTS if account.number == number)
    account_id = Account.objects.get(phone_index=people.phone_index(account.phone)).pk
    return agencies.actor_for(account_id, NOW, second_factor=True)


def test_the_lists_page_and_the_exemptions_live(planted: list[demo.Planted]) -> None:
    home = next(
        body for body in agencies.agencies_on(TODAY, kinds=[Kind.COMMUNE_COMMITTEE]) if "Thành Đông" in body.name
    )
    clerk = Actor(account_id=1, grants=(Grant("clerk", home.id, frozenset({home.id})),), second_factor=True)
    uploads = agencies.imports_for(clerk, home.id)
    assert [one.status for one in uploads] == ["previewed", "withdrawn", "confirmed"]
    assert all("dùng thử" in one.file_name for one in uploads)
    assert uploads[0].counts["faulty"] == 1
    assert uploads[2].counts["new"] == 1
    asked = agencies.exemptions_for(clerk, [home.id])
    assert sorted(one.status for one in asked) == ["approved", "refused", "requested"]
    assert all("dùng thử" in one.evidence for one in asked)


@pytest.mark.parametrize("later", [1, 3, 4, 5, 6, 90, 93])
def test_the_difficulties_can_be_told_whatever_day_today_is(
    planted: list[demo.Planted], later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weekends and Tết move days together: nothing may be confirmed before it was solved."""
    monkeypatch.setattr(troubles, "LABEL", f"(lần {later})")  # the same words once more would be the same difficulty
    now = NOW + timedelta(days=later)
    stage = demo.Stage(demo.Stage.rng_of("troubles"), now, clock.day_of(now))
    with transaction.atomic():
        troubles.plant(stage)
        transaction.set_rollback(True)
