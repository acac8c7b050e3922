"""The pages of difficulties, decisions and the Committee: who may open which, and a difficulty's life by pages alone."""

from __future__ import annotations

import copy
import io
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.backoffice.tests import make
from smarthd.kernel import audit, clock
from smarthd.rollout.models import Decision, Difficulty
from smarthd.rollout.rules.difficulties import State
from smarthd.rollout.services import decisions, difficulties
from smarthd.rollout.tests import troubles
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
SAID = "Đã làm việc với nhà mạng, lắp trạm trước ngày 25/4."


@pytest.fixture(autouse=True)
def _on_a_monday():
    clock.set_now(troubles.NOW)
    yield
    clock.set_now(None)


_here = planted_once(lambda _folder: troubles.province())


@pytest.fixture
def here(_here, db):
    return copy.deepcopy(_here)


def browser(actor):
    return make.signed_in(actor.account_id)


def url(name: str, **kwargs) -> str:
    return reverse(f"backoffice:{name}", kwargs=kwargs or None)


def act(client, row, name, words=SAID):
    return client.post(url("difficulty_act", uid=row.uid), {"viec": name, "words": words})


def proposed(here, *rows) -> Decision:
    return decisions.draft_decision(
        troubles.CAMPAIGN,
        agency_id=here.world.province,
        difficulty_uids=[row.uid for row in rows],
        title="Về việc phủ sóng",
        words="Giao Sở làm việc với nhà mạng, xong trước 30/4.",
        actor=here.department,
        now=troubles.NOW,
    )


LISTS = ("difficulties", "difficulty_patterns", "decisions")
READ = {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.TEAM_LEADER, Role.ADMINISTRATOR, Role.AUDITOR}
RAISE = {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.TEAM_LEADER}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_lists_and_no_others(here, role):
    client = browser(agencies_make.officer(here.world.commune_a, role))
    for name in LISTS:
        assert client.get(url(name)).status_code == (200 if role in READ else 404), name
    assert client.get(url("difficulty_raise")).status_code == (200 if role in RAISE else 404)
    assert client.get(url("committee")).status_code == 404  # no commune has the Committee's page
    for suffix in ("csv", "xlsx"):
        assert client.get(url("difficulties_export", suffix=suffix)).status_code == (200 if role in READ else 404)


@pytest.mark.parametrize("who", ["clerk_a", "head_a", "clerk_b", "district", "department", "leader", "auditor"])
def test_one_difficulty_opens_to_its_unit_and_those_above(here, who):
    row = troubles.raised(here)
    client = browser(getattr(here, who))
    expected = 404 if who in {"clerk_b", "department"} else 200
    assert client.get(url("difficulty", uid=row.uid)).status_code == expected
    merge_expected = 200 if who in {"district", "leader"} else 404
    assert client.get(url("difficulty_merge", uid=row.uid)).status_code == merge_expected


@pytest.mark.parametrize(
    ("who", "sees", "drafts"),
    [
        ("leader", 200, 200),
        ("department", 200, 200),
        ("clerk_a", 404, 200),
        ("clerk_b", 404, 404),
        ("auditor", 404, 404),
    ],
)
def test_a_draft_decision_opens_to_who_drafts_and_who_approves(here, who, sees, drafts):
    decision = proposed(here, troubles.raised(here))
    client = browser(getattr(here, who))
    assert client.get(url("decision", uid=decision.uid)).status_code == sees
    assert client.get(url("decision_draft")).status_code == drafts
    assert client.get(url("decision_file", uid=decision.uid)).status_code == 404  # nothing is attached


@pytest.mark.parametrize("name", ["difficulty", "difficulty_merge", "decision", "decision_rewrite", "decision_file"])
def test_what_is_not_there_is_not_found(here, name):
    assert browser(here.leader).get(url(name, uid=uuid4())).status_code == 404


def test_acts_are_posted_never_fetched(here):
    row = troubles.raised(here)
    decision = proposed(here, row)
    client = browser(here.leader)
    assert client.get(url("difficulty_act", uid=row.uid)).status_code == 405
    assert client.get(url("decision_approve", uid=decision.uid)).status_code == 405
    assert client.get(url("decision_return", uid=decision.uid)).status_code == 405


def test_a_clerk_raises_a_difficulty_and_follows_it_to_its_end(here):
    clerk, holder = browser(here.clerk_a), browser(here.district)
    answer = clerk.post(
        url("difficulty_raise"),
        {
            "agency": here.world.commune_a,
            "category": "network",
            "severity": "major",
            "affected": "120",
            "words": troubles.WORDS,
        },
    )
    row = Difficulty.objects.get()
    assert answer["location"] == url("difficulty", uid=row.uid)
    assert "Ủy ban nhân dân huyện Nam Sách" in clerk.get(answer["location"]).content.decode()
    assert act(holder, row, "answer").status_code == 302
    assert act(holder, row, "solve").status_code == 302
    assert act(clerk, row, "confirm", "").status_code == 302
    row.refresh_from_db()
    assert row.state == State.CONFIRMED
    page = clerk.get(url("difficulty", uid=row.uid)).content.decode()
    assert "Nơi nêu xác nhận đã giải quyết" in page
    assert "Việc có thể làm" not in page


def test_what_was_typed_stays_when_it_is_refused(here):
    client = browser(here.clerk_a)
    answer = client.post(
        url("difficulty_raise"), {"agency": here.world.commune_a, "severity": "major", "words": "Khó quá"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Khó quá" in page
    assert "Có chỗ cần sửa" in page
    row = troubles.raised(here)
    answer = act(browser(here.district), row, "answer", "Ừ")
    assert answer.status_code == 422
    assert "ít nhất một câu" in answer.content.decode()


@pytest.mark.parametrize("who", ["clerk_a", "auditor"])
def test_a_page_offers_no_act_its_reader_may_not_take(here, who):
    row = troubles.raised(here)
    page = browser(getattr(here, who)).get(url("difficulty", uid=row.uid)).content.decode()
    assert 'value="answer"' not in page
    assert 'value="solve"' not in page
    assert act(browser(getattr(here, who)), row, "solve").status_code == 403


def test_duplicates_are_picked_and_handled_as_one(here):
    row = troubles.raised(here)
    other = troubles.raised(here, actor=here.clerk_b, agency_id=here.world.commune_b)
    client = browser(here.district)
    page = client.get(url("difficulty_merge", uid=row.uid)).content.decode()
    assert "rất giống" in page
    assert client.post(url("difficulty_merge", uid=row.uid), {}).status_code == 422
    assert client.post(url("difficulty_merge", uid=row.uid), {"kk": [str(other.uid), "xyz"]}).status_code == 302
    assert "2 đơn vị cùng nêu" in client.get(url("difficulty", uid=row.uid)).content.decode()
    assert row.code in browser(here.clerk_b).get(url("difficulty", uid=other.uid)).content.decode()


def test_one_decision_answers_many_from_draft_to_confirmation(here, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    rows = [troubles.raised(here), troubles.raised(here, words=f"{troubles.WORDS} nữa")]
    for row in rows:
        difficulties.escalate(row.uid, words=SAID, actor=here.district, now=troubles.NOW)
    department, leader = browser(here.department), browser(here.leader)
    typed = {
        "agency": here.world.province,
        "title": "Về việc phủ sóng các thôn",
        "words": "Giao Sở làm việc với nhà mạng, hoàn thành trước 30/4/2024.",
        "kk": [str(row.uid) for row in rows],
        "document": SimpleUploadedFile("qd.pdf", b"%PDF-1.7 thu", content_type="application/pdf"),
    }
    answer = department.post(url("decision_draft"), typed)
    decision = Decision.objects.get()
    assert answer["location"] == url("decision", uid=decision.uid)
    shown = department.get(answer["location"]).content.decode()
    assert "Các đơn vị sẽ thấy" in shown
    assert "Chờ người khác duyệt" in shown
    assert "Duyệt và ban hành" not in shown
    assert "Về việc phủ sóng các thôn" in leader.get(url("work")).content.decode()
    assert "Chờ duyệt: 1 quyết định" in leader.get(url("committee")).content.decode()
    page = leader.get(url("decision", uid=decision.uid))
    seen = page.context["seen"].content_hash
    wrong = leader.post(
        url("decision_approve", uid=decision.uid), {"number": "", "decided_on": "2024-04-15", "seen": seen}
    )
    assert wrong.status_code == 422
    done = leader.post(
        url("decision_approve", uid=decision.uid), {"number": "128/QĐ-UBND", "decided_on": "2024-04-15", "seen": seen}
    )
    assert done.status_code == 302
    clerk = browser(here.clerk_a)
    told = clerk.get(url("decision", uid=decision.uid)).content.decode()
    assert "128/QĐ-UBND" in told
    attached = clerk.get(url("decision_file", uid=decision.uid))
    assert attached.getvalue() == b"%PDF-1.7 thu"
    for close in attached._resource_closers:  # closing the answer itself would close the test's connection
        close()
    assert browser(here.clerk_b).get(url("decision", uid=decision.uid)).status_code == 404
    assert "Xác nhận khó khăn đã được giải quyết" in clerk.get(url("work")).content.decode()


def test_a_leader_sends_a_draft_back_with_words(here):
    decision = proposed(here, troubles.raised(here))
    leader = browser(here.leader)
    assert leader.post(url("decision_return", uid=decision.uid), {"words": ""}).status_code == 422
    assert (
        leader.post(url("decision_return", uid=decision.uid), {"words": "Ghi rõ thời hạn của nhà mạng"}).status_code
        == 302
    )
    page = browser(here.department).get(url("decision_rewrite", uid=decision.uid)).content.decode()
    assert "Ghi rõ thời hạn của nhà mạng" in page


def test_an_old_page_does_not_approve_what_was_changed_since(here):
    row = troubles.raised(here)
    decision = proposed(here, row)
    leader = browser(here.leader)
    seen = leader.get(url("decision", uid=decision.uid)).context["seen"].content_hash
    decisions.rewrite_decision(
        decision.uid, difficulty_uids=[row.uid], title="Khác", words="Nội dung đã được sửa sau đó rồi.", actor=here.department, now=troubles.NOW
    )  # fmt: skip
    answer = leader.post(
        url("decision_approve", uid=decision.uid), {"number": "12/QĐ", "decided_on": "2024-04-15", "seen": seen}
    )
    assert answer.status_code == 422
    assert "vừa thay đổi" in answer.content.decode() or "sửa từ lúc mở trang" in answer.content.decode()
    decision.refresh_from_db()
    assert decision.state == "proposed"


@pytest.mark.parametrize("role", [Role.HEAD, Role.DELEGATE])
def test_the_committees_page_is_its_leaders_own(here, role):
    leader = browser(agencies_make.officer(here.world.province, role))
    row = troubles.raised(here)
    difficulties.escalate(row.uid, words=SAID, actor=here.district, now=troubles.NOW)
    page = leader.get(url("committee")).content.decode()
    assert "Tiến độ so với hạn" in page
    assert "Thôn Đông không có sóng 4G" in page
    assert "Trang Ủy ban" in page
    assert browser(here.head_a).get(url("committee")).status_code == 404
    assert "Trang Ủy ban" not in browser(here.head_a).get(url("work")).content.decode()


def test_the_list_is_filtered_by_its_address(here):
    row = troubles.raised(here)
    client = browser(here.district)
    for address in (
        "?q=song+4g",
        "?nhom=network",
        "?loc=dang-giu",
        "?xem=cho-tra-loi",
        "?thang=2024-04",
        "?cap=district",
    ):
        assert row.code in client.get(url("difficulties") + address).content.decode(), address
    for address in (
        "?q=kinh+phi",
        "?nhom=device",
        "?xem=da-ket-thuc",
        "?thang=2024-03",
        "?loc=qua-han",
        "?cap=province",
    ):
        assert row.code not in client.get(url("difficulties") + address).content.decode(), address
    for address in ("?xem=x&nhom=y&muc=z&cap=1&dia-ban=2&thang=3&loc=4", "?thang=2024-99", "?dia-ban=" + str(uuid4())):
        assert client.get(url("difficulties") + address).status_code == 200, address


def test_an_export_is_what_is_seen_and_is_recorded(here):
    row = troubles.raised(here, words=f"=HYPERLINK(1) {troubles.WORDS}")
    client = browser(here.district)
    text = client.get(url("difficulties_export", suffix="csv")).content.decode("utf-8-sig")
    assert row.code in text
    assert ",'=HYPERLINK" in text.replace('"', "")
    book = load_workbook(io.BytesIO(client.get(url("difficulties_export", suffix="xlsx")).content))
    assert any(cell.value == row.code for line in book.active.iter_rows() for cell in line)
    assert len(audit.trail(act="backoffice.difficulties_exported")) == 2
    empty = client.get(url("difficulties_export", suffix="csv") + "?nhom=device").content.decode("utf-8-sig")
    assert row.code not in empty


def test_words_from_outside_are_never_markup(here):
    row = troubles.raised(here, words=f"<script>alert(1)</script> {troubles.WORDS}")
    for actor in (here.district, here.leader):
        for page in (url("difficulties"), url("difficulty", uid=row.uid), url("difficulty_merge", uid=row.uid)):
            assert "<script>alert" not in browser(actor).get(page).content.decode()


def test_patterns_lead_to_their_rows(here):
    troubles.raised(here)
    page = browser(here.district).get(url("difficulty_patterns")).content.decode()
    assert "nhom=network" in page
    assert "0–100%" in page  # one, still within its term: neither made nor missed


def test_without_a_running_campaign_nothing_is_raised(here):
    from smarthd.rollout import rules as rollout_rules
    from smarthd.rollout import services as rollout

    rollout.change_campaign_status(
        troubles.CAMPAIGN, to=rollout_rules.CampaignStatus.CLOSED, actor=troubles.SYSTEM, now=troubles.NOW
    )
    assert (
        "Hiện không có chiến dịch nào đang chạy" in browser(here.clerk_a).get(url("difficulty_raise")).content.decode()
    )


@pytest.mark.parametrize("count", [2, 14])
def test_pages_cost_no_more_queries_however_much_there_is(here, count, django_assert_max_num_queries):
    for number in range(count):
        row = troubles.raised(here, words=f"{troubles.WORDS}, điểm {number}")
        difficulties.escalate(row.uid, words=SAID, actor=here.district, now=troubles.NOW)
    client = browser(here.leader)
    for page, most in ((url("difficulties"), 24), (url("committee"), 34), (url("work"), 40)):
        client.get(page)  # the map is read once a process
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200


def test_the_day_of_a_decision_is_told_as_officials_write_it(here):
    decision = proposed(here, troubles.raised(here))
    page = browser(here.leader).get(url("decision", uid=decision.uid))
    assert page.context["form"].initial["decided_on"] == date(2024, 4, 15)
