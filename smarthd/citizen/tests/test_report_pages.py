"""One report's page, what its sender and the neighbours do there, the list, map, figures, feed and open data; hidden is hidden everywhere."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client

from smarthd.citizen.tests import report_make as make
from smarthd.citizen.tests.account_make import account_of, sign_in
from smarthd.citizen.tests.conftest import NOW, SYSTEM
from smarthd.citizen.views import search as search_page
from smarthd.fieldreports.models import Report, Verdict
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.services import categories, mapping, moderating
from smarthd.finding.values import Answer, Group
from smarthd.kernel import clock
from smarthd.people import services as people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _categories(words):
    categories.seed_categories(actor=SYSTEM, now=NOW)


@pytest.fixture
def office(words):
    return make.office(words)


def later(hours: float = 3) -> None:
    clock.set_now(NOW + timedelta(hours=hours))


def act(client: Client, report: Report, name: str, **told):
    answer = client.post(f"/phan-anh/{report.code}/{name}/", told)
    report.refresh_from_db()
    return answer


def page_of(client: Client, report: Report) -> str:
    return client.get(f"/phan-anh/{report.code}/").content.decode()


# --- one report --------------------------------------------------------------------------------------------------------
def test_a_stranger_reads_what_an_official_has_read_and_nothing_before(client, words, office):
    report = make.sent(client, words, photos=[make.photo_file()])
    make.process_photos()
    stranger = Client()
    before = page_of(stranger, report)
    assert make.SAID not in before
    assert "Nội dung và ảnh hiện ra khi cán bộ đã đọc" in before
    assert "og:image" not in before
    office.accept(report)
    after = page_of(stranger, report)
    assert make.SAID in after
    assert f'property="og:url" content="http://testserver/phan-anh/{report.code}/"' in after
    assert "og:image" in after
    assert "Hạn gốc (không bao giờ đổi)" in after
    assert "Hạn đang áp dụng" in after


def test_a_report_that_is_not_there_and_one_that_is_private_are_the_same(client, words):
    report = make.sent(client, words, private="on")
    assert Client().get(f"/phan-anh/{report.code}/").status_code == 404
    assert Client().get("/phan-anh/PA-ZZZZZZZ/").status_code == 404
    assert client.get(f"/phan-anh/{report.code}/").status_code == 200


def test_a_code_typed_small_leads_to_its_page(client, words):
    report = make.sent(client, words)
    answer = client.get(f"/phan-anh/{report.code.lower()}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/phan-anh/{report.code}/")


def test_the_senders_page_is_kept_by_nobody(client, words):
    report = make.sent(client, words)
    assert "no-store" in client.get(f"/phan-anh/{report.code}/")["Cache-Control"]
    assert "no-store" not in Client().get(f"/phan-anh/{report.code}/")["Cache-Control"]


def test_the_sender_answers_a_question_and_the_clock_runs_again(client, words, office):
    report = make.sent(client, words)
    office.ask(report)
    assert "đang dừng từ" in page_of(Client(), report)
    later()
    assert act(client, report, "tra-loi", words="Cột số 7, trước nhà ông Ba").status_code == 302
    assert report.state == State.IN_PROGRESS
    assert "Cột số 7" not in page_of(Client(), report)


def test_an_answer_shows_before_and_after_side_by_side(client, words, office):
    report = make.sent(client, words, photos=[make.photo_file()])
    make.process_photos()
    office.answer(report)
    later()
    page = page_of(Client(), report)
    assert "<figcaption>Trước</figcaption>" in page
    assert "<figcaption>Sau</figcaption>" in page
    assert make.ANSWER in page


def test_the_sender_says_that_it_is_not_so_then_that_it_is_and_rates_it(client, words, office):
    report = make.sent(client, words)
    office.answer(report)
    later()
    empty = act(client, report, "mo-lai", words="")
    assert empty.status_code == 422
    assert "data-error-summary" in empty.content.decode()
    act(client, report, "mo-lai", words="Đèn vẫn tắt, ảnh không phải chỗ này.")
    assert report.state == State.REOPENED


def test_the_sender_confirms_and_rates_once(client, words, office):
    report = make.sent(client, words)
    office.answer(report)
    later()
    act(client, report, "xac-nhan")
    assert report.state == State.CONFIRMED
    low = act(client, report, "danh-gia", stars="1", words="")
    assert low.status_code == 422
    assert "vì sao" in low.content.decode()
    assert act(client, report, "danh-gia", stars="7").status_code == 422
    assert act(client, report, "danh-gia", stars="5", reason="fast").status_code == 302
    assert report.stars == 5
    assert act(client, report, "danh-gia", stars="1", reason="slow").status_code == 409
    assert report.stars == 5


def test_a_refusal_leads_on_with_one_tap(client, words, office):
    report = make.sent(client, words)
    office.decline(report)
    page = page_of(client, report)
    assert "Không thuộc thẩm quyền của cơ quan này" in page
    assert "Chuyển tới" in page
    later(1)
    act(client, report, "chuyen")
    assert (report.state, report.holder_id) == (State.RECEIVED, office.above)


def test_a_refusal_is_contested_with_a_reason_which_stays_when_it_is_too_short(client, words, office):
    report = make.sent(client, words)
    office.decline(report)
    later(1)
    answer = act(client, report, "xem-lai", words="Sai")
    assert answer.status_code == 422
    assert ">Sai</textarea>" in answer.content.decode()
    act(client, report, "xem-lai", words="Đường này là đường thôn, xã quản lý.")
    assert report.state == State.CONTESTED


def test_a_withdrawn_report_leaves_all_public_sight(client, words):
    report = make.sent(client, words)
    assert act(client, report, "rut")["Location"] == "/phan-anh/cua-toi/"
    assert Client().get(f"/phan-anh/{report.code}/").status_code == 404
    assert report.code not in Client().get("/phan-anh/").content.decode()


@pytest.mark.parametrize("name", ["tra-loi", "noi-them", "xac-nhan", "mo-lai", "xem-lai", "chuyen", "rut", "danh-gia"])
def test_a_stranger_moves_nothing(client, words, office, name):
    report = make.sent(client, words)
    office.answer(report)
    later()
    answer = act(Client(), report, name, words="Tôi nói thay cho người khác đây", stars="5", reason="fast")
    assert answer.status_code == 403
    assert report.state == State.ANSWERED


def test_an_act_nobody_knows_is_not_there(client, words):
    report = make.sent(client, words)
    assert client.post(f"/phan-anh/{report.code}/xoa-het/").status_code == 404
    assert client.get(f"/phan-anh/{report.code}/rut/").status_code == 405


@pytest.mark.parametrize(
    "words_said", ["x" * 10_000, "\u202e\u2066<script>alert(1)</script>", "a\0b", "\x1b[2J", "%(x)s {{ x }}"]
)
@pytest.mark.parametrize("name", ["noi-them", "xem-lai", "rut", "danh-gia", "theo-doi"])
def test_an_act_bears_any_words(client, words, office, name, words_said):
    report = make.sent(client, words)
    office.decline(report)
    later(1)
    answer = act(client, report, name, words=words_said, stars=words_said, reason=words_said)
    assert answer.status_code in {302, 403, 409, 422}
    assert "<script>alert" not in page_of(client, report)
    assert "\u202e" not in page_of(client, report)


def test_a_neighbour_says_whether_it_is_fixed_once(client, words, office):
    report = make.sent(client, words)
    office.answer(report)
    later()
    neighbour = Client()
    sign_in(neighbour, "0912 345 678")
    people.set_home(account_of("0912 345 678").pk, home_id=words.ward.id, now=clock.now())
    assert "Bà con ở quanh đó" in page_of(neighbour, report)
    assert act(neighbour, report, "xac-nhan").status_code == 302
    assert Verdict.objects.count() == 1
    assert report.state == State.ANSWERED
    assert act(neighbour, report, "xac-nhan").status_code == 409


def test_a_passer_by_follows_and_stops(client, words):
    report = make.sent(client, words)
    passer = Client()
    assert "Theo dõi việc này" in page_of(passer, report)
    act(passer, report, "theo-doi")
    assert report.followers == 1
    assert "Thôi theo dõi" in page_of(passer, report)
    act(passer, report, "bo-theo-doi")
    assert report.followers == 0


def test_more_words_and_photos_reach_the_handlers_only(client, words, office):
    report = make.sent(client, words)
    office.accept(report)
    later(1)
    answer = client.post(
        f"/phan-anh/{report.code}/noi-them/", {"words": "Cột thứ ba tính từ chợ", "photos": [make.photo_file()]}
    )
    assert answer.status_code == 302
    report.refresh_from_db()
    assert report.photos == 1
    assert "Cột thứ ba" not in page_of(Client(), report)
    assert "Cột thứ ba" in page_of(client, report)


# --- mine --------------------------------------------------------------------------------------------------------------
def test_who_signs_in_later_takes_the_phones_reports_into_the_account(client, words):
    report = make.sent(client, words)
    assert "/dang-nhap/?next=/phan-anh/cua-toi/" in client.get(f"/phan-anh/{report.code}/?moi").content.decode()
    assert "Đưa vào tài khoản của tôi" not in client.get("/phan-anh/cua-toi/").content.decode()
    assert client.post("/phan-anh/cua-toi/nhan/")["Location"] == "/dang-nhap/?next=/phan-anh/cua-toi/"
    sign_in(client, "0912 345 678")
    asked = client.get("/phan-anh/cua-toi/").content.decode()
    assert "Có 1 phản ánh gửi từ máy này trước khi đăng nhập" in asked
    answer = client.post("/phan-anh/cua-toi/nhan/", follow=True)
    page = answer.content.decode()
    assert "Đã đưa vào tài khoản" in page
    assert "Đưa vào tài khoản của tôi" not in page
    assert report.code in page
    elsewhere = Client()
    sign_in(elsewhere, "0912 345 678")
    assert report.code in elsewhere.get("/phan-anh/cua-toi/").content.decode()
    assert "không còn phản ánh nào" in client.post("/phan-anh/cua-toi/nhan/", follow=True).content.decode()


def test_my_reports_are_those_of_this_phone(client, words):
    report = make.sent(client, words)
    assert report.code in client.get("/phan-anh/cua-toi/").content.decode()
    assert report.code not in Client().get("/phan-anh/cua-toi/").content.decode()


def test_a_commune_and_a_street_are_followed_and_left(client, words):
    told = {"commune_name": words.ward.full_name, "street": "Nguyễn Lương Bằng"}
    client.post("/phan-anh/theo-doi-noi/", told)
    page = client.get("/phan-anh/cua-toi/").content.decode()
    assert f"{words.ward.full_name}, Nguyễn Lương Bằng" in page
    client.post("/phan-anh/theo-doi-noi/", {**told, "stop": "1"})
    assert "Nguyễn Lương Bằng" not in client.get("/phan-anh/cua-toi/").content.decode()


@pytest.mark.parametrize("name", ["", "Xứ Không Có", "Hồng Phong", "<script>alert(1)</script>"])
def test_a_place_that_is_none_or_several_is_not_followed_and_it_is_said(client, words, name):
    client.post("/phan-anh/theo-doi-noi/", {"commune_name": name})
    page = client.get("/phan-anh/cua-toi/").content.decode()
    assert "Thôi theo dõi" not in page
    assert "data-toast" in page


# --- everybody's -------------------------------------------------------------------------------------------------------
EVERYWHERE = (
    "/phan-anh/",
    "/phan-anh/ban-do/diem.json?tay=106&nam=20.5&dong=107&bac=21.5&z=16",
    "/phan-anh/nguon-tin.atom",
    "/phan-anh/du-lieu-mo/phan-anh.csv",
    "/phan-anh/du-lieu-mo/phan-anh.json",
    "/phan-anh/du-lieu-mo/phan-anh.geojson",
    "/tim/?q=den+duong",
)


def body_of(answer) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode()


@pytest.mark.parametrize("address", EVERYWHERE)
def test_a_hidden_report_is_hidden_everywhere(client, words, office, address):
    report = make.sent(client, words)
    office.accept(report)
    mapping.fold()
    later(1)
    assert report.code in body_of(Client().get(address))
    moderating.hide_report(report.code, words="Lộ số nhà và tên người khác", caller=office.chief, now=clock.now())
    mapping.fold()
    assert report.code not in body_of(Client().get(address))
    assert Client().get(f"/phan-anh/{report.code}/").status_code == 404
    assert "Lộ số nhà" in page_of(client, report)


def test_beside_other_answers_reports_are_those_that_spell_the_words_as_typed(client, words, office):
    pole = make.sent(client, words, words="Cột điện nghiêng, sợ đổ vào nhà dân")
    office.accept(pole)
    later(1)
    nothing, something = Answer("sổ đỏ"), Answer("sổ đỏ", (Group("procedure", "Thủ tục", (), 1),))
    found = {
        (typed, bool(answer.groups)): [row.code for row in search_page._reports(typed, answer, now=clock.now())]
        for typed in ("sổ đỏ", "so do", "sợ đổ", "sợ đ")
        for answer in (nothing, something)
    }
    assert found == {key: [] if key == ("sổ đỏ", True) else [pole.code] for key in found}


def test_the_list_answers_each_question_at_an_address_of_its_own(client, words, office):
    lamp = make.sent(client, words)
    tree = make.sent(
        client, words, words="Cây đổ chắn đường", category="o-ga-mat-duong", lat="", lon="", commune_name="nam sach"
    )
    office.accept(lamp)

    def shown(query: str) -> set[str]:
        page = Client().get(f"/phan-anh/?{query}").content.decode()
        return {one.code for one in (lamp, tree) if one.code in page}

    assert shown("") == {lamp.code, tree.code}
    assert shown("linh_vuc=duong-xa") == {tree.code}
    assert shown("trang_thai=moi") == {tree.code}
    assert shown("xa=nam+sach") == {tree.code}
    assert shown(f"xa={words.ward.uid}") == {lamp.code}
    assert shown("q=truoc+cong+cho") == {lamp.code}
    assert shown("q=chan+duong") == set(), "nobody has read it yet"
    assert shown(f"q={tree.code}") == {tree.code}
    assert shown("tu=2026-11-25") == set()
    assert shown("tu=2026-11-24&den=2026-11-24") == {lamp.code, tree.code}


@pytest.mark.parametrize(
    "query",
    ["linh_vuc=khong", "trang_thai=<script>", "tu=hom-qua", "tu=0001-01-01", "tu=2026-11-24&den=2026-11-01", "xa=Xu+Khong+Co", "cursor=abc"],
)  # fmt: skip
def test_a_filter_that_says_nothing_is_refused_in_words(client, words, query):
    answer = client.get(f"/phan-anh/?{query}")
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode().replace('<script type="module"', "")


def test_a_feed_of_a_place_that_is_none_is_refused_not_given_whole(client, words):
    make.sent(client, words)
    assert client.get("/phan-anh/nguon-tin.atom?xa=Xu+Khong+Co").status_code == 422
    assert "Phường Thành Đông" in client.get(f"/phan-anh/nguon-tin.atom?xa={words.ward.uid}").content.decode()


def test_pages_follow_one_another_without_a_report_twice(client, words):
    for number in range(23):
        make.sent(Client(), words, words=f"Đèn đường số {number} tắt", seen="1")
    first = client.get("/phan-anh/").content.decode()
    [cursor] = [line.split("cursor=")[1].split('"')[0] for line in first.splitlines() if "cursor=" in line]
    second = client.get(f"/phan-anh/?cursor={cursor}").content.decode()
    seen = [[one for one in Report.objects.values_list("code", flat=True) if one in page] for page in (first, second)]
    assert [len(codes) for codes in seen] == [20, 3]
    assert not set(seen[0]) & set(seen[1])


@pytest.mark.parametrize("edges", ["", "tay=a", "tay=107&nam=20&dong=106&bac=21", "tay=nan&nam=20&dong=106&bac=21"])
def test_a_window_that_is_none_is_refused(client, words, edges):
    answer = client.get(f"/phan-anh/ban-do/diem.json?{edges}", headers={"accept": "application/json"})
    assert answer.status_code == 422


def test_the_ground_is_our_own_and_may_be_kept(client, words):
    answer = client.get("/tep/dia-gioi/xa-phuong.json?v=1")
    assert answer["Cache-Control"].startswith("public")
    assert json.loads(answer.content)["type"] == "FeatureCollection"


def test_figures_name_their_base_and_both_rates(client, words, office):
    office.answer(make.sent(client, words))
    later()
    page = client.get("/phan-anh/thong-ke/?ngay=30").content.decode()
    assert "Ủy ban nhân dân phường Thành Đông" in page
    assert "1 trên 1 việc" in page
    assert "Đúng hạn gốc" in page
    assert "Đúng hạn đang áp dụng" in page
    assert "0 trên 0 lượt đánh giá" in page


def test_open_data_carries_licence_day_and_no_name(client, words, office):
    report = make.sent(client, words, words="=cmd|calc đèn đường tắt")
    office.accept(report)
    rows = list(
        csv.DictReader(io.StringIO(body_of(Client().get("/phan-anh/du-lieu-mo/phan-anh.csv")).lstrip("\ufeff")))
    )
    [row] = [row for row in rows if row["code"] == report.code]
    assert row["licence"] == "CC BY 4.0"
    assert row["text"].startswith("'="), "a spreadsheet computes nothing of it"
    told = json.loads(body_of(Client().get("/phan-anh/du-lieu-mo/phan-anh.geojson")))
    assert told["licence"] == "CC BY 4.0"
    [feature] = told["features"]
    assert feature["geometry"]["coordinates"] == [pytest.approx(words.ward.lon), pytest.approx(words.ward.lat)]
    assert json.loads(body_of(Client().get("/phan-anh/du-lieu-mo/phan-anh.json")))["reports"][0]["code"] == report.code


@pytest.mark.parametrize("query", ["tu=abc", "tu=2026-13-45", "tu=2020-01-01", "tu=2026-11-20&den=2026-11-01"])
def test_open_data_of_days_that_are_none_is_refused(client, words, query):
    assert client.get(f"/phan-anh/du-lieu-mo/phan-anh.csv?{query}").status_code == 422
    assert client.get("/phan-anh/du-lieu-mo/phan-anh.xml").status_code == 404


# --- what pages cost ---------------------------------------------------------------------------------------------------
COSTS = {
    "/phan-anh/": 7,
    "/phan-anh/?linh_vuc=duong-xa&trang_thai=moi": 8,
    "/phan-anh/ban-do/": 1,
    "/phan-anh/ban-do/diem.json?tay=106&nam=20.5&dong=107&bac=21.5&z=10": 6,
    "/phan-anh/gui/": 1,
    "/phan-anh/cua-toi/": 6,
    "/phan-anh/thong-ke/": 4,
    "/phan-anh/nguon-tin.atom": 6,
    "/phan-anh/{code}/": 16,
}


@pytest.fixture
def answered(client, words, office, places_in_memory):
    """A report with a photo, and its answer."""
    report = make.sent(client, words, photos=[make.photo_file()])
    make.process_photos()
    office.answer(report)
    later()
    return report


@pytest.mark.parametrize("address", COSTS)
def test_a_page_costs_few_statements(client, answered, django_assert_max_num_queries, address):
    place = address.format(code=answered.code)
    client.get(place)
    with django_assert_max_num_queries(COSTS[address]):
        assert client.get(place).status_code == 200
