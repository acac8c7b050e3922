"""The desk of the board of ideas: its doors by role, from reading to the answer, what waits, what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.backoffice import urls, waiting
from smarthd.backoffice.tests import make
from smarthd.content.models.ideas import Idea, IdeaRound
from smarthd.content.rules import ideas as rules
from smarthd.content.services import idea_desk, idea_rounds, ideas
from smarthd.kernel.actor import Actor

pytestmark = pytest.mark.django_db
WHAT = "Rác chợ để lẫn nên bốc mùi, phân loại thì ủ được phân."
OPEN_TO = {Role.EDITOR, Role.HEAD, Role.DELEGATE, Role.AUDITOR}


def proposed(agency_id: int, **more: Any) -> Idea:
    """Return an idea of an agency's round, waiting to be read."""
    home = make.neighbours()[0].id
    author = get_user_model().objects.create(created_at=make.NOW, home_id=home)
    held = IdeaRound.objects.filter(agency_id=agency_id, state=rules.RoundState.OPEN).first() or a_round(agency_id)
    if held.state == rules.RoundState.DRAFT:
        idea_rounds.open_round(held.uid, actor=make.SYSTEM, now=make.NOW)
    said: dict[str, Any] = {
        "unit_id": home,
        "title": "Đặt thùng phân loại rác ở chợ",
        "words": WHAT,
        "round_slug": held.slug,
    }
    return ideas.propose_idea(ideas.NewIdea(**(said | more)), actor=Actor(account_id=author.pk), now=make.NOW)


def published(agency_id: int) -> Idea:
    idea = proposed(agency_id)
    idea_desk.publish_idea(idea.code, looked=True, actor=make.SYSTEM, now=make.NOW)
    return idea


def a_round(agency_id: int) -> IdeaRound:
    new = idea_rounds.NewRound(
        agency_id, "Hiến kế về rác thải", "Để bớt rác.", make.TODAY, make.TODAY + timedelta(days=9)
    )
    return idea_rounds.draft_round(new, actor=make.SYSTEM, now=make.NOW)


def address(view: str, *parts: Any) -> str:
    return reverse(f"backoffice:{view}", args=parts)


def test_every_address_of_ideas_is_told_here():
    told = {"ideas", "idea", "idea_act", "idea_export", "idea_round_new", "idea_round_act"}
    assert {str(one.name) for one in urls.urlpatterns if str(one.name).startswith("idea")} == told


@pytest.mark.parametrize("role", [*Role])
def test_doors_open_by_role(desk: make.Desk, role: Role) -> None:
    client = make.signed_in(make.official(desk.at, role))
    idea, held = proposed(desk.at), a_round(desk.at)
    seen = 200 if role in OPEN_TO else 404
    for page in (address("ideas"), address("idea", idea.code), address("idea_export", "csv")):
        assert client.get(page).status_code == seen, page
    assert client.get(address("idea_round_new")).status_code == (200 if role is Role.EDITOR else 404)
    moderates = role in OPEN_TO - {Role.AUDITOR}
    done = 302 if moderates else 403 if role is Role.AUDITOR else 404
    assert client.post(address("idea_round_act", held.uid, "mo")).status_code == done
    assert client.post(address("idea_act", idea.code, "dang")).status_code == done
    answers = role in {Role.HEAD, Role.DELEGATE}
    if not moderates:
        idea_desk.publish_idea(idea.code, looked=True, actor=make.SYSTEM, now=make.NOW)
    sent = {"state": "done", "words": "Đã lắp xong mười hai thùng rác."}
    answer = client.post(address("idea_act", idea.code, "tra-loi"), sent)
    assert answer.status_code == (302 if answers else 403 if role in OPEN_TO else 404)


def test_another_agencys_idea_and_round_are_not_found(desk: make.Desk) -> None:
    idea, held = proposed(desk.world.commune_a), a_round(desk.world.commune_a)
    stranger = make.signed_in(make.official(desk.world.commune_b, Role.HEAD, Role.EDITOR))
    assert stranger.get(address("idea", idea.code)).status_code == 404
    assert idea.title not in stranger.get(address("ideas")).content.decode()
    assert stranger.post(address("idea_act", idea.code, "dang")).status_code == 404
    assert stranger.post(address("idea_round_act", held.uid, "mo")).status_code == 404
    assert stranger.get(f"{address('idea_export', 'csv')}?dot={held.uid}").status_code == 404
    assert idea.code not in stranger.get(address("idea_export", "csv")).content.decode()


def test_from_reading_to_the_answer(desk: make.Desk) -> None:
    editor, head = make.official(desk.world.commune_a, Role.EDITOR), make.official(desk.world.commune_a, Role.HEAD)
    idea = proposed(desk.world.commune_a, words="Nhà ông Nguyễn Văn Nam đổ rác ra đường, xin đặt thùng.")
    page = make.signed_in(editor)
    assert "Nguyễn Văn Nam" in page.get(address("idea", idea.code)).content.decode()
    assert page.post(address("idea_act", idea.code, "dang")).status_code == 422
    assert page.post(address("idea_act", idea.code, "tra-lai"), {"words": ""}).status_code == 422
    assert page.post(address("idea_act", idea.code, "dang"), {"da-xem": "1"}).status_code == 302
    assert page.post(address("idea_act", idea.code, "la-gi")).status_code == 404
    lead = make.signed_in(head)
    late = lead.post(address("idea_act", idea.code, "tra-loi"), {"state": "planned", "words": "Sẽ lắp quý tới nhé."})
    assert late.status_code == 422
    assert "Xin hẹn một ngày" in late.content.decode()
    until = make.TODAY + timedelta(days=40)
    sent = {"state": "planned", "words": "Sẽ lắp trong quý tới.", "until": until.isoformat()}
    assert lead.post(address("idea_act", idea.code, "tra-loi"), sent).status_code == 302
    idea.refresh_from_db()
    assert (idea.state, idea.due_on) == (rules.State.PLANNED, until)
    csv = lead.get(address("idea_export", "csv")).content.decode()
    assert "Sẽ lắp trong quý tới." in csv
    assert lead.get(address("idea_export", "xlsx")).content[:2] == b"PK"


def test_ideas_are_joined_and_forwarded_from_their_page(desk: make.Desk) -> None:
    lead = make.signed_in(make.official(desk.world.commune_a, Role.HEAD))
    first, second = published(desk.world.commune_a), published(desk.world.commune_a)
    assert first.code in lead.get(address("idea", second.code)).content.decode()
    assert lead.post(address("idea_act", second.code, "gop"), {"into": "HK-KHONG"}).status_code == 409
    assert lead.post(address("idea_act", second.code, "gop"), {"into": first.code.lower()}).status_code == 302
    assert first.supports.count() == 2
    sent = {"agency": str(desk.world.province), "words": "Việc này thuộc thẩm quyền của tỉnh."}
    assert lead.post(address("idea_act", first.code, "chuyen"), {"agency": "", "words": "x"}).status_code == 422
    assert lead.post(address("idea_act", first.code, "chuyen"), sent).status_code == 302
    assert lead.get(address("idea", first.code)).status_code == 404


def test_what_waits_stands_among_ones_work_by_its_term(desk: make.Desk) -> None:
    head, editor = (make.official(desk.world.commune_a, role) for role in (Role.HEAD, Role.EDITOR))
    views = agencies.agency_views([desk.world.commune_a], make.TODAY)
    assert not [one for one in _waiting(editor, views) if "ý tưởng" in one.title]
    waits, owed = proposed(desk.world.commune_a), published(desk.world.commune_a)
    owed.refresh_from_db()
    assert [(one.title, one.count, one.due) for one in _waiting(editor, views)] == [
        ("Duyệt ý tưởng của người dân", 1, waits.due_on)
    ]
    assert ("Trả lời ý tưởng của người dân", 1, owed.due_on) in [
        (one.title, one.count, one.due) for one in _waiting(head, views)
    ]


def _waiting(account: Any, views: Any) -> list[waiting.Waiting]:
    actor = agencies.actor_for(account, make.NOW, second_factor=True)
    return [one for one in waiting.waiting_for(actor, make.NOW, views) if "ý tưởng" in one.title]


def test_a_round_is_written_by_one_and_opened_by_another(desk: make.Desk) -> None:
    editor = make.signed_in(make.official(desk.at, Role.EDITOR))
    sent = {
        "agency": str(desk.at), "title": "Hiến kế về rác thải", "intro": "Để bớt rác.",
        "opens_on": make.TODAY.isoformat(), "closes_on": "2020-01-01",
    }  # fmt: skip
    assert editor.post(address("idea_round_new"), sent).status_code == 422
    sent["closes_on"] = (make.TODAY + timedelta(days=30)).isoformat()
    assert editor.post(address("idea_round_new"), sent).status_code == 302
    held = IdeaRound.objects.get()
    assert editor.post(address("idea_round_act", held.uid, "mo")).status_code == 403
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    for what in ("mo", "dong"):
        assert head.post(address("idea_round_act", held.uid, what)).status_code == 302
    assert head.post(address("idea_round_act", held.uid, "mo")).status_code == 409
    assert "Hiến kế về rác thải" in head.get(address("ideas")).content.decode()


def test_the_list_costs_the_same_for_more_ideas(desk: make.Desk) -> None:
    head = make.signed_in(make.official(desk.at, Role.HEAD))

    def cost(page: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert head.get(page).status_code == 200
        return len(asked)

    idea, _alike = published(desk.at), published(desk.at)
    pages = [f"{address('ideas')}?xem=cho-tra-loi", address("idea", idea.code)]
    before = [cost(page) for page in pages for _again in range(2)]
    for _number in range(4):
        published(desk.at)
    assert [cost(page) for page in pages] == [before[1], before[3]]
    assert before[1] <= 16
