"""Staff an order asks about are told at sign-in what is kept of them; nobody else is, and the home page knows nothing of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from smarthd.agencies import services as agencies
from smarthd.citizen import order
from smarthd.citizen.tests.account_make import account_of, sign_in
from smarthd.kernel import clock
from smarthd.kernel.models import AuditEntry
from smarthd.people import rules as people_rules
from smarthd.people import services as people
from smarthd.rollout.tests import make

pytestmark = pytest.mark.django_db
NUMBER, PAGE = "0912 345 678", "/toi/theo-yeu-cau/"


@pytest.fixture
def employed(words) -> None:
    """The number stands on the ward's roster, and an order asks for the use of all staff."""
    new = agencies.NewStaff(
        agency_id=words.ward_office, full_name="Lê Thị An", position="Công chức", phone="+84912345678"
    )
    agencies.add_staff([new], valid_from=date(2025, 7, 1))
    make.order()


def told() -> int:
    return AuditEntry.objects.filter(act="rollout.told_of_order").count()


def test_staff_are_told_before_they_go_on_and_once_a_phone(client: Client, employed: None) -> None:
    answer = sign_in(client, NUMBER, next="/thong-bao/")
    assert answer["Location"].startswith(PAGE)  # type: ignore[index]
    page = client.get(answer["Location"])  # type: ignore[index]
    said = page.content.decode()
    assert "Ủy ban nhân dân phường Thành Đông" in said
    assert "01/UBND" in said
    assert 'href="/thong-bao/"' in said
    assert page.cookies[order.COOKIE].value == "1"
    assert not page.cookies[order.COOKIE]["httponly"], "the page's own script reads it"
    assert "no-store" in page["Cache-Control"]
    assert told() == 1
    assert client.get(answer["Location"])["Location"] == "/thong-bao/"  # type: ignore[index]
    client.get(PAGE)
    assert told() == 1
    assert "Ghi theo yêu cầu của cơ quan" in client.get("/toi/").content.decode()


def test_signing_out_anywhere_takes_it_away(client: Client, employed: None) -> None:
    for way in ("/dang-xuat/", "/toi/tai-khoan/thiet-bi/"):
        sign_in(client, NUMBER)
        client.get(PAGE)
        assert client.cookies[order.COOKIE].value == "1"
        gone = client.post(way, {"all": "1"})
        assert gone.cookies[order.COOKIE]["max-age"] == 0
        clock.set_now(clock.now() + people_rules.RESEND_AFTER)


def test_who_agreed_to_more_passes_and_is_told_when_they_take_it_back(client: Client, employed: None) -> None:
    sign_in(client, NUMBER)
    wording = people_rules.wording_in_force(people_rules.Purpose.USAGE, clock.today()).version
    people.give_consent(
        account_of(NUMBER).pk, purpose=people_rules.Purpose.USAGE, wording_version=wording, now=clock.now()
    )
    assert client.get(f"{PAGE}?vao=1&next=/thong-bao/")["Location"] == "/thong-bao/"
    assert "đã đồng ý đếm việc sử dụng" in client.get(PAGE).content.decode()
    page = client.post("/toi/tai-khoan/dong-y/usage/", {"withdraw": "1"}, follow=True).content.decode()
    assert 'data-consent-follow=""' in page, "the phone stops counting days"
    assert "Xem giữ những gì, căn cứ nào" in page


def test_a_citizen_passes_straight_on_and_the_page_says_that_nothing_is_kept(client: Client, employed: None) -> None:
    assert sign_in(client, "0912 345 679", next="/thong-bao/")["Location"] == "/thong-bao/"  # type: ignore[index]
    page = client.get(PAGE)
    assert "Không có gì được ghi theo yêu cầu của cơ quan" in page.content.decode()
    assert page.cookies[order.COOKIE]["max-age"] == 0
    assert "Ghi theo yêu cầu của cơ quan" not in client.get("/toi/").content.decode()
    assert told() == 0


def test_restricting_processing_ends_it(client: Client, employed: None) -> None:
    sign_in(client, NUMBER)
    people.restrict_processing(account_of(NUMBER).pk, now=clock.now())
    assert "Không có gì được ghi" in client.get(PAGE).content.decode()


def test_the_home_page_is_the_same_bytes_with_it_and_without(neighbour: Client) -> None:
    without = neighbour.get("/").content
    neighbour.cookies[order.COOKIE] = "1"
    assert neighbour.get("/").content == without


def test_ones_own_data_shows_level_days_roster_and_role(client: Client, employed: None) -> None:
    sign_in(client, NUMBER)
    pk = account_of(NUMBER).pk
    agencies.link_account(account_id=pk, phone_index=people.phone_index("+84912345678"), now=clock.now())
    make.activate(pk, None, clock.today())
    page = client.post("/toi/tai-khoan/du-lieu/xem/").content.decode()
    for title in ("Mức sử dụng", "Ngày sử dụng", "Nơi ở đã chọn", "Danh sách cán bộ của đơn vị"):
        assert title in page
    assert "Lê Thị An" in page
