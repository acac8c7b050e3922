"""A unit's own page: who sees names, that each look is in the trail, reminders, exemptions asked by one and decided by another."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.rules.exemptions import Status
from smarthd.backoffice.ladders import LEVEL_WORDS
from smarthd.backoffice.tests import make
from smarthd.kernel import audit
from smarthd.rollout import services as rollout

NAMED = {Role.HEAD, Role.DELEGATE}
ON_THE_ROSTER = {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR}
MISSING, PRESENT = make.NAMES[:2], make.NAMES[2]


def unit_page(desk: make.Desk, agency_id: int = 0) -> str:
    return reverse("backoffice:unit", kwargs={"uid": agencies.agency_view(agency_id or desk.at, make.TODAY).uid})


def looks() -> list[dict[str, object]]:
    return [entry.facts for entry in audit.trail(act="backoffice.missing_read")]


def part(page: str, mark: str) -> str:
    """Return the section of a page that begins with a mark."""
    return page.partition(mark)[2].partition("</section>")[0]


@pytest.mark.parametrize("role", sorted(ON_THE_ROSTER))
def test_names_stand_beside_levels_only_for_the_head_and_the_delegate_of_the_unit(desk, role):
    page = make.signed_in(make.official(desk.at, role)).get(unit_page(desk)).content.decode()
    levels = part(page, 'id="nhac"')
    if role in NAMED:
        assert all(name in levels for name in MISSING)
        assert PRESENT not in levels
        assert levels.count(LEVEL_WORDS[0]) == 2
        assert "tel:+84912000001" in levels
        assert looks() == [{"agency": str(desk.agency), "persons": 2}]
    else:
        assert levels == ""
        assert not any(words in page for words in (LEVEL_WORDS[0], "tel:", "sms:"))
        assert "Còn 2 người chưa dùng" in page
        assert looks() == []


@pytest.mark.parametrize("role", sorted(NAMED))
def test_a_superior_sees_counts_of_those_below_and_no_name(desk, role):
    page = make.signed_in(make.official(desk.at, role)).get(unit_page(desk, desk.world.commune_a)).content.decode()
    assert "1 / 3 người trong danh sách" in page
    assert part(page, 'id="nhac"') == ""
    assert "tel:" not in page
    assert looks() == []


def test_each_look_at_names_is_one_line_of_the_trail(desk):
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    for times in (1, 2, 3):
        head.get(unit_page(desk))
        assert len(looks()) == times


def remind(client: Client, desk: make.Desk, *staff: object) -> str:
    address = reverse("backoffice:remind", kwargs={"uid": desk.agency})
    return client.post(address, {"staff": list(staff)}, follow=True).content.decode()


def test_a_reminder_is_recorded_and_shown_beside_the_name_it_was_for(desk):
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    assert "· đã nhắc" not in head.get(unit_page(desk)).content.decode()
    page = remind(head, desk, desk.staff[0])
    assert "Đã ghi: nhắc 1 người." in page
    (entry,) = audit.trail(act="backoffice.reminder_sent")
    assert entry.facts == {"agency": str(desk.agency), "staff": [desk.staff[0]]}
    assert part(page, 'id="nhac"').count("· đã nhắc") == 1


@pytest.mark.parametrize("junk", [(), ("²",), ("-1",), ("9" * 5000,), ("x", ""), ("\0",), ("1e3", " 1")])
def test_a_reminder_of_nobody_on_the_roster_records_nothing_and_says_so(desk, junk):
    page = remind(make.signed_in(make.official(desk.at, Role.HEAD)), desk, *junk)
    assert "Chưa đánh dấu người nào" in page
    assert audit.trail(act="backoffice.reminder_sent") == []


def test_persons_of_another_roster_cannot_be_reminded(desk):
    other = agencies.roster_on([desk.world.commune_a], make.TODAY)[0]
    remind(make.signed_in(make.official(desk.at, Role.HEAD)), desk, other.id)
    assert audit.trail(act="backoffice.reminder_sent") == []


# --- exemptions -------------------------------------------------------------------------------------------------------
def asked(desk: make.Desk, client: Client, **more: str) -> tuple[int, str]:
    """Ask for an exemption of the second person; return status and page."""
    person = next(one for one in agencies.roster_on([desk.at], make.TODAY) if one.id == desk.staff[1])
    form = {"staff": str(person.uid), "reason": "long_leave", "evidence": "QĐ 16/QĐ-UBND"} | more
    address = reverse("backoffice:exemption_request", kwargs={"uid": desk.agency})
    answer = client.post(address, form, follow=True)
    return answer.redirect_chain[-1][1] if answer.redirect_chain else answer.status_code, answer.content.decode()


def requests(desk: make.Desk) -> list[agencies.ExemptionView]:
    return [one for one in agencies.exemptions_for(make.SYSTEM, [desk.at]) if one.staff_id == desk.staff[1]]


def decided(desk: make.Desk, client: Client, **form: str):
    parts = {"uid": desk.agency, "exemption": requests(desk)[0].uid}
    return client.post(reverse("backoffice:exemption_decide", kwargs=parts), form)


def test_an_exemption_is_asked_by_one_and_decided_by_another(desk):
    asking, deciding = (make.signed_in(make.official(desk.at, Role.HEAD)) for _ in range(2))
    status, page = asked(desk, asking)
    assert status == 302
    assert "Đã gửi đề nghị" in page
    assert page.count('name="approve" value="1"') == 1, "the one planted by another, not one's own"
    assert decided(desk, asking, approve="1").status_code == 403
    assert [one.status for one in requests(desk)] == [Status.REQUESTED]
    assert "Duyệt trường hợp miễn" in deciding.get(reverse("backoffice:work")).content.decode()
    assert decided(desk, deciding, approve="1").status_code == 302
    assert [one.status for one in requests(desk)] == [Status.APPROVED]
    assert decided(desk, deciding, approve="0", note="muộn").status_code == 409
    assert [one.status for one in requests(desk)] == [Status.APPROVED]


def test_whoever_is_exempt_is_not_missing_and_the_gross_figure_stays(desk):
    asked(desk, make.signed_in(make.official(desk.at, Role.CLERK)))
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    decided(desk, head, approve="1")
    rollout.sync_seats([desk.at], day=make.TODAY, now=make.NOW)
    rollout.rebuild_rollups(now=make.NOW)
    page = head.get(unit_page(desk)).content.decode()
    assert MISSING[1] not in part(page, 'id="nhac"')
    assert MISSING[0] in part(page, 'id="nhac"')
    assert "1 / 3 người trong danh sách" in page
    assert "(1/2)" in page


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"approve": "0"}, "Khi từ chối cần ghi ý kiến."),
        ({"approve": "0", "note": " \u202e "}, "Khi từ chối cần ghi ý kiến."),
        ({"approve": "0", "note": "x" * 501}, "500"),
        ({"approve": "1", "note": "\0"}, "Ý kiến"),
        ({"approve": "maybe", "note": "x"}, "Xin chọn Duyệt hoặc Từ chối."),
        ({}, "Xin chọn Duyệt hoặc Từ chối."),
    ],
)
def test_a_decision_that_is_none_is_answered_beside_its_request_and_changes_nothing(desk, form, says):
    asked(desk, make.signed_in(make.official(desk.at, Role.CLERK)))
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    answer = decided(desk, head, **form)
    assert answer.status_code == 422
    problem = answer.content.decode().partition("data-error-summary")[2].partition("</div>")[0]
    assert says in problem
    assert [one.status for one in requests(desk)] == [Status.REQUESTED]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"staff": "00000000-0000-0000-0000-000000000000"}, "Người được đề nghị miễn"),
        ({"staff": "\0"}, "Người được đề nghị miễn"),
        ({"reason": "holiday"}, "Lý do"),
        ({"reason": "other"}, "Ghi chú"),
        ({"evidence": ""}, "Căn cứ"),
        ({"evidence": "x" * 301}, "Căn cứ"),
        ({"note": "x" * 501}, "Ghi chú"),
        ({"note": "\0"}, "Ghi chú"),
        ({"valid_from": "31/02/2024"}, "Từ ngày: Không có ngày này."),
        ({"valid_to": "31/02/2024"}, "Đến ngày: Không có ngày này."),
        ({"valid_from": "20/4/2024", "valid_to": "20/4/2024"}, "Đến ngày: Ngày kết thúc phải sau ngày bắt đầu"),
    ],
)
def test_a_wrong_request_says_where_it_is_wrong_and_asks_nothing(desk, wrong, says):
    clerk = make.signed_in(make.official(desk.at, Role.CLERK))
    status, page = asked(desk, clerk, **wrong)
    assert status == 422
    assert says in page.partition("data-error-summary")[2].partition("</div>")[0]
    assert requests(desk) == []


def test_a_second_request_for_the_same_person_is_refused_in_words(desk):
    clerk = make.signed_in(make.official(desk.at, Role.CLERK))
    asked(desk, clerk)
    status, page = asked(desk, clerk)
    assert status == 422
    assert "Hãy xử lý đề nghị đang có" in page
    assert len(requests(desk)) == 1


def test_the_persons_of_another_agency_cannot_be_asked_for(desk):
    person = agencies.roster_on([desk.world.commune_a], make.TODAY)[0]
    status, _page = asked(desk, make.signed_in(make.official(desk.at, Role.HEAD)), staff=str(person.uid))
    assert status == 422
    assert agencies.exemptions_for(make.SYSTEM, [desk.world.commune_a]) == []
