"""Reading by Open311: filters, the ninety days and the thousand, states as two words, and what is never shown."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.selectors import exchange
from smarthd.fieldreports.services import exchanging, handling, joining, moderating, speaking
from smarthd.fieldreports.tests import make
from smarthd.kernel import clock
from smarthd.publicapi.tests.open311_make import get, read, refused

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATER = make.NOW + 60 * DAY


def numbers(**asked: object) -> list[str]:
    return [one["service_request_id"] for one in read("requests", **asked)]


def written(at: datetime) -> str:
    return at.isoformat()


@pytest.fixture
def aged(land) -> dict[int, str]:
    """Reports received so many days before LATER, at which the clock stands."""
    clock.set_now(LATER)
    return {days: make.sent(land, now=LATER - days * DAY).code for days in (120, 91, 89, 30, 1)}


# --- when ------------------------------------------------------------------------------------------------------------
def test_without_dates_the_last_ninety_days_are_read_newest_first(aged):
    assert numbers() == [aged[1], aged[30], aged[89]]


def test_a_start_alone_reads_ninety_days_from_there(aged):
    assert numbers(start_date=written(LATER - 121 * DAY)) == [aged[89], aged[91], aged[120]]


def test_an_end_alone_reads_ninety_days_before_it(aged):
    assert numbers(end_date=written(LATER - 90 * DAY)) == [aged[91], aged[120]]


def test_both_ends_are_included(aged):
    since, until = LATER - 91 * DAY, LATER - 30 * DAY
    assert numbers(start_date=written(since), end_date=written(until)) == [aged[30], aged[89], aged[91]]


def test_more_than_ninety_days_is_refused(aged):
    asked = {"start_date": written(LATER - 91 * DAY), "end_date": written(LATER)}
    status, words = refused(get("requests.json", **asked))
    assert status == 400
    assert "90 ngày" in words
    assert get("requests.json", **asked | {"start_date": written(LATER - 90 * DAY)}).status_code == 200


def test_an_end_before_the_start_is_refused(land):
    status, words = refused(get("requests.json", start_date="2024-04-02T00:00:00Z", end_date="2024-04-01T00:00:00Z"))
    assert (status, "end_date" in words) == (400, True)


@pytest.mark.parametrize(
    "said",
    [
        "2024-06-06T03:00:00Z",
        "2024-06-06T10:00:00+07:00",
        "2024-06-06T10:00:00 07:00",
        "2024-06-06T10:00:00",
        "2024-06-06",
    ],
)
def test_an_instant_comes_in_every_spelling_that_leaves_no_doubt(aged, said):
    """A lost "+" is a zone; no zone is local; a day alone begins at midnight, local."""
    assert numbers(start_date=said) == [aged[1]]


def test_a_day_alone_as_an_end_is_that_whole_day(aged):
    assert numbers(start_date="2024-06-06", end_date="2024-06-06") == [aged[1]]


@pytest.mark.parametrize(
    "said",
    [
        "hôm qua",
        "2024-13-01",
        "2024-06-06T25:00:00Z",
        "1712545200",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+07:00",
    ],
)
def test_a_date_that_is_none_is_refused(land, said):
    for name in ("start_date", "end_date"):
        answer = get("requests.json", **{name: said})
        assert answer.status_code in {200, 400}
        if answer.status_code == 400:
            assert name in refused(answer)[1]
    assert get("requests.json", start_date="hôm qua").status_code == 400


def test_no_more_than_a_thousand_are_read(land, monkeypatch):
    clock.set_now(LATER)
    monkeypatch.setattr(exchange, "MOST", 2)
    newest = [make.sent(land, now=LATER - number * DAY).code for number in range(3)][:2]
    assert numbers() == newest
    assert exchange.MOST == 2
    monkeypatch.undo()
    assert exchange.MOST == 1_000


# --- which -----------------------------------------------------------------------------------------------------------
def test_services_are_chosen_by_commas_or_by_repeating(land):
    lamp = make.sent(land).code
    hole = make.sent(land, category_key="o-ga-mat-duong", words="Ổ gà to giữa đường, xe máy ngã").code
    other = make.sent(land, category_key="via-he-hu-hong", words="Vỉa hè lún sâu cạnh trường học").code
    assert numbers(service_code="den-duong") == [lamp]
    assert set(numbers(service_code="den-duong,o-ga-mat-duong")) == {lamp, hole}
    assert set(numbers(service_code=["den-duong", "via-he-hu-hong"])) == {lamp, other}
    assert set(numbers(service_code="")) == {lamp, hole, other}
    assert numbers(service_code="khong-co") == []


def test_numbers_override_every_other_filter(aged):
    asked = {"service_request_id": f"{aged[120]}, {aged[1].lower()}", "status": "closed", "start_date": "rác"}
    assert numbers(**asked) == [aged[1], aged[120]]


def test_numbers_nobody_has_are_left_out(aged):
    assert numbers(service_request_id=f"PA-KHONGCO,{aged[1]}") == [aged[1]]
    assert numbers(service_request_id="PA-KHONGCO") == []


def test_a_thousand_numbers_are_read_and_not_one_more(land):
    assert get("requests.json", service_request_id=",".join(f"PA-{n:07}" for n in range(1_000))).status_code == 200
    assert refused(get("requests.json", service_request_id=",".join(f"PA-{n:07}" for n in range(1_001))))[0] == 400


def test_one_number_nobody_has_is_not_found(land):
    for number in ("PA-KHONGCO", "%00", "a" * 300, "PA-1' OR 1=1--"):
        assert refused(get(f"requests/{number}.json"))[0] == 404


# --- states ----------------------------------------------------------------------------------------------------------
OVER = {State.CONFIRMED, State.CLOSED, State.DECLINED, State.MERGED}


@pytest.mark.parametrize("state", [state for state in State if state is not State.WITHDRAWN])
def test_every_state_is_open_or_closed(land, state):
    report, _who = make.brought_to(land, state)
    [one] = read(f"requests/{report.code}")
    assert one["status"] == ("closed" if state in OVER else "open")
    assert one["status_notes"]
    listed = numbers(status=one["status"])
    assert (report.code in listed) == (state is not State.MERGED)
    assert report.code not in numbers(status="open" if one["status"] == "closed" else "closed")
    assert (report.code in numbers(status="open,closed")) == (state is not State.MERGED)


def test_an_answer_alone_does_not_close(land):
    report, _who = make.brought_to(land, State.ANSWERED)
    [one] = read(f"requests/{report.code}")
    assert one["status"] == "open"
    assert one["status_notes"] == f"Đã trả lời, chờ xác nhận. Đã khắc phục. {make.ANSWER}"


def test_a_refusal_says_why(land):
    report, _who = make.brought_to(land, State.DECLINED)
    [one] = read(f"requests/{report.code}")
    assert "Không thuộc thẩm quyền" in one["status_notes"]
    assert "Sở Xây dựng quản lý" in one["status_notes"]


def test_a_merged_report_names_the_one_it_went_into_if_that_is_public(land):
    report, _who = make.brought_to(land, State.MERGED)
    head = Report.objects.get(pk=report.merged_into_id)
    assert read(f"requests/{report.code}")[0]["status_notes"] == f"Đã gộp vào {head.code}."
    moderating.hide_report(head.code, words="Có số điện thoại người khác", caller=land.chief, now=make.SOON)
    assert head.code not in read(f"requests/{report.code}")[0]["status_notes"]


def test_an_unknown_status_is_refused(land):
    status, words = refused(get("requests.json", status="open,done"))
    assert status == 400
    assert "status" in words
    assert get("requests.json", status="OPEN").status_code == 200


def test_closed_reports_were_updated_when_they_closed(land):
    report, _who = make.brought_to(land, State.CONFIRMED)
    [one] = read(f"requests/{report.code}")
    assert datetime.fromisoformat(one["updated_datetime"]) == report.ended_at.replace(microsecond=0)


def test_an_extended_deadline_names_the_first_promise(land):
    report, _who = make.brought_to(land, State.IN_PROGRESS)
    handling.extend(
        report.code, until=report.due_at + 5 * DAY, words="Chờ vật tư thay thế về kho", caller=land.chief, now=make.SOON
    )
    [one] = read(f"requests/{report.code}")
    assert "Đã gia hạn 1 lần; hạn gốc" in one["service_notice"]
    assert datetime.fromisoformat(one["expected_datetime"]) > report.due_at


def test_a_paused_report_expects_nothing(land):
    report, _who = make.brought_to(land, State.WAITING)
    [one] = read(f"requests/{report.code}")
    assert one["expected_datetime"] is None
    assert "Cột đèn ấy số mấy" in one["status_notes"]


# --- what is shown, and what never is --------------------------------------------------------------------------------
FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat",
    "long", "media_url",
]  # fmt: skip


def test_a_request_has_the_fields_of_the_specification_in_their_order(land):
    code = make.sent(land).code
    assert list(read(f"requests/{code}")[0]) == FIELDS


def test_words_are_shown_once_an_official_has_read_them(land):
    code = make.sent(land, address="số 5 phố Chợ").code
    [before] = read(f"requests/{code}")
    assert (before["description"], before["address"]) == (None, land.place.full_name)
    handling.accept(code, caller=land.clerk, now=make.NOW)
    [after] = read(f"requests/{code}")
    assert (after["description"], after["address"]) == (make.WORDS, f"số 5 phố Chợ, {land.place.full_name}")


def test_nobodys_name_number_or_own_words_of_later_are_shown(land):
    report, who = make.brought_to(land, State.WAITING)
    speaking.reply(report.code, words="Cột số 7 trước nhà bà Tư số 0912345678", caller=who, now=make.SOON)
    assert "0912345678" not in get(f"requests/{report.code}.json").content.decode()


@pytest.mark.parametrize("kind", ["hidden", "private", "withdrawn"])
def test_what_is_not_public_is_not_there(land, kind):
    who = make.citizen()
    report = make.sent(land, who, private=kind == "private")
    if kind == "hidden":
        handling.accept(report.code, caller=land.clerk, now=make.NOW)
        moderating.hide_report(report.code, words="Nêu tên người khác", caller=land.chief, now=make.SOON)
    if kind == "withdrawn":
        speaking.withdraw(report.code, words="", caller=who, now=make.NOW)
    assert refused(get(f"requests/{report.code}.json"))[0] == 404
    assert numbers() == []
    assert numbers(service_request_id=report.code) == []


def test_the_token_of_a_hidden_or_withdrawn_report_is_not_found(land):
    who = make.citizen()
    hidden, gone = make.sent(land), make.sent(land, who)
    handling.accept(hidden.code, caller=land.clerk, now=make.NOW)
    assert read(f"tokens/{hidden.uid.hex}")[0]["service_request_id"] == hidden.code
    moderating.hide_report(hidden.code, words="Nêu tên người khác", caller=land.chief, now=make.SOON)
    speaking.withdraw(gone.code, words="", caller=who, now=make.NOW)
    for token in (hidden.uid.hex, gone.uid.hex, "0" * 32, "khong", "%00"):
        assert refused(get(f"tokens/{token}.json"))[0] == 404


def test_a_list_costs_the_same_for_one_and_for_many(land, django_assert_max_num_queries):
    for number in range(12):
        make.sent(land, now=make.NOW - number * DAY)
    head = numbers()[0]
    joining.merge([make.sent(land).code], into=head, words="Cùng một cột đèn", caller=land.dispatcher, now=make.NOW)
    with django_assert_max_num_queries(6):
        assert len(read("requests", service_code="den-duong", status="open")) == 12


def test_what_we_write_another_installation_of_ours_reads(land):
    """The two ends of the exchange are made for each other: nothing of a request is lost on the way over."""
    made = [make.brought_to(land, state)[0] for state in (State.IN_PROGRESS, State.CONFIRMED)]

    class Ours:
        def fetch(self, url: str, *, most: int) -> bytes:
            return Client().get(url.removeprefix("http://ours.example")).content

    for suffix in ("xml", "json"):
        done = exchanging.import_from(
            "http://ours.example/open311/v2",
            since=make.NOW - DAY,
            until=make.NOW + DAY,
            hosts=[],
            actor=make.SYSTEM.actor,
            now=make.NOW + DAY,
            source=suffix,
            suffix=suffix,
            using=Ours(),
        )
        assert (done.made, done.faults) == (2, ())
        for report in made:
            copy = Report.objects.select_related("category").get(source=suffix, foreign_id=report.code)
            assert (copy.text, copy.category.key) == (report.text, report.category.key)
            assert (copy.lat, copy.lon) == (report.lat, report.lon)
            assert copy.received_at == report.received_at
            assert copy.state == (State.CLOSED if report.state == State.CONFIRMED else State.RECEIVED)


def test_a_group_stands_for_the_services_below_it(land):
    code = make.sent(land).code
    make.sent(land, category_key="o-ga-mat-duong", words="Ổ gà to giữa đường, xe máy ngã")
    assert numbers(service_code="chieu-sang") == [code]


def test_a_missed_deadline_is_still_the_one_expected(land):
    report, _who = make.brought_to(land, State.IN_PROGRESS)
    clock.set_now(report.due_at + 30 * DAY)
    assert datetime.fromisoformat(read(f"requests/{report.code}")[0]["expected_datetime"]) == report.due_at
