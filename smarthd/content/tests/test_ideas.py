"""The board of ideas through its services: who may what, one person counted once, promises kept in sight, people forgotten."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind, Role
from smarthd.content import own_data, selectors
from smarthd.content.models.ideas import Idea, IdeaStep, IdeaSupport
from smarthd.content.rules import ideas as rules
from smarthd.content.selectors import idea_desk as desk_reads
from smarthd.content.selectors import ideas as reads
from smarthd.content.services import idea_desk, idea_rounds
from smarthd.content.services import ideas as services
from smarthd.content.tests import make
from smarthd.kernel import actor as actors
from smarthd.kernel import clock, files, limits
from smarthd.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from smarthd.kernel.moves import IllegalMove
from smarthd.messaging import selectors as messaging
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
State = rules.State
LATER = make.NOW + make.HOUR
_world = planted_once(make.world)
WHY = "Chỗ này đã có quy hoạch làm sân chơi."


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


def person(unit_id: int | None) -> actors.Actor:
    account = get_user_model()(created_at=make.NOW, home_id=unit_id)
    account.full_name = "Trần Thị Mẫu"
    account.save()
    return actors.Actor(account_id=account.pk)


def told(world: make.World, **changes: Any) -> services.NewIdea:
    said: dict[str, Any] = {
        "unit_id": world.units["c0"].id,
        "title": "Đặt thùng phân loại rác ở chợ",
        "words": "Rác chợ để lẫn nên bốc mùi, phân loại thì ủ được phân.",
    }
    return services.NewIdea(**(said | changes))


def proposed(world: make.World, author: actors.Actor | None = None, **changes: Any) -> Idea:
    author = author or person(world.units["c0"].id)
    return services.propose_idea(told(world, **changes), actor=author, now=make.NOW)


def published(world: make.World, author: actors.Actor | None = None, **changes: Any) -> Idea:
    idea = proposed(world, author, **changes)
    idea_desk.publish_idea(idea.code, looked=True, actor=make.SYSTEM, now=make.NOW)
    idea.refresh_from_db()
    return idea


def answer(idea: Idea, state: State, actor: Any = make.SYSTEM, **more: Any) -> None:
    until = clock.day_of(make.NOW) + timedelta(days=30) if state in {State.CONSIDERING, State.PLANNED} else None
    said = {"words": WHY, "until": until, "now": LATER} | more
    idea_desk.answer_idea(idea.code, state=state, actor=actor, **said)


def in_state(world: make.World, state: State) -> Idea:
    idea = proposed(world) if state in {State.WAITING, State.RETURNED, State.WITHDRAWN} else published(world)
    author = actors.Actor(account_id=idea.author_id)
    if state is State.RETURNED:
        idea_desk.return_idea(idea.code, words=WHY, actor=make.SYSTEM, now=make.NOW)
    elif state is State.WITHDRAWN:
        services.withdraw_idea(idea.code, actor=author, now=make.NOW)
    elif state is State.MERGED:
        idea_desk.merge_idea(idea.code, into=published(world).code, actor=make.SYSTEM, now=make.NOW)
    elif state is State.HIDDEN:
        idea_desk.hide_idea(idea.code, words=WHY, actor=make.SYSTEM, now=make.NOW)
    elif state in rules.ANSWERS:
        answer(idea, state)
    idea.refresh_from_db()
    assert idea.state == state
    return idea


def act(name: str, idea: Idea, actor: Any, world: make.World, into: str = "") -> None:
    now, code = LATER, idea.code
    if name == "publish":
        idea_desk.publish_idea(code, looked=True, actor=actor, now=now)
    elif name == "return":
        idea_desk.return_idea(code, words=WHY, actor=actor, now=now)
    elif name == "hide":
        idea_desk.hide_idea(code, words=WHY, actor=actor, now=now)
    elif name == "forward":
        idea_desk.forward_idea(code, to=world.province, words=WHY, actor=actor, now=now)
    elif name == "merge":
        idea_desk.merge_idea(code, into=into or published(world).code, actor=actor, now=now)
    else:
        state = {"consider": State.CONSIDERING, "plan": State.PLANNED, "finish": State.DONE, "decline": State.DECLINED}
        answer(idea, state[name], actor)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


STARTS = {move.name: move.sources for move in rules.MOVES} | {"forward": rules.FORWARDABLE}
DESK_ACTS = ("publish", "return", "hide", "forward", "merge", "consider", "plan", "finish", "decline")


@pytest.mark.parametrize("state", list(State))
def test_an_act_goes_from_its_states_only(world: make.World, state: State) -> None:
    idea, into = in_state(world, state), published(world).code
    for name in DESK_ACTS:
        with undone():
            if state in STARTS[name]:
                act(name, idea, make.SYSTEM, world, into)
                continue
            with pytest.raises((Conflict, Invalid)):
                act(name, idea, make.SYSTEM, world, into)
            idea.refresh_from_db()
            assert idea.state == state


MODERATORS = {Role.EDITOR, Role.HEAD, Role.DELEGATE}
ANSWERERS = {Role.HEAD, Role.DELEGATE}


@pytest.mark.parametrize("role", list(Role))
def test_who_may_do_what_of_ones_own_agency_of_one_above_and_of_another(world: make.World, role: Role) -> None:
    public, waiting, into = published(world), proposed(world), published(world).code
    for where, within in ((world.commune_a, True), (world.province, True), (world.commune_b, False)):
        actor = make.officer(where, role).content_actor
        for name in DESK_ACTS:
            may = within and role in (ANSWERERS if name in {"consider", "plan", "finish", "decline"} else MODERATORS)
            idea = waiting if name in {"publish", "return"} else public
            if may:
                with undone():
                    act(name, idea, actor, world, into)
            else:
                with pytest.raises((NotAllowed, NotFound)):
                    act(name, idea, actor, world, into)


def test_without_a_second_factor_nothing_is_done(world: make.World) -> None:
    weak = make.officer(world.commune_a, Role.HEAD, second_factor=False).content_actor
    with pytest.raises(NotFound):
        act("publish", proposed(world), weak, world)


def test_nobody_judges_ones_own_idea(world: make.World) -> None:
    head = make.officer(world.commune_a, Role.HEAD).content_actor
    idea = proposed(world, head)
    with pytest.raises(rules.OwnIdea):
        act("publish", idea, head, world)
    assert desk_reads.owed_by(head)[0].count == 0


def test_what_nobody_has_read_is_seen_by_its_author_and_the_desk_only(world: make.World) -> None:
    idea = proposed(world)
    author, stranger = actors.Actor(account_id=idea.author_id), person(None)
    assert reads.seen(idea.code, author, now=LATER).mine
    for reader in (stranger, actors.ANONYMOUS):
        with pytest.raises(reads.IdeaUnknown):
            reads.seen(idea.code, reader, now=LATER)
    assert reads.board(reads.Wanted(), now=LATER) == ([], False)
    assert not [one for one in selectors.search_documents(now=LATER) if one.kind == "idea"]
    with pytest.raises(reads.IdeaUnknown):
        desk_reads.for_desk(make.officer(world.commune_b, Role.HEAD).content_actor, idea.code, now=LATER)
    assert desk_reads.for_desk(make.officer(world.commune_a, Role.EDITOR).content_actor, idea.code, now=LATER)


def test_words_with_a_name_or_a_number_are_published_only_by_who_says_they_looked(world: make.World) -> None:
    idea = proposed(world, words="Gặp ông Nguyễn Văn Nam, số 0912 345 678, ông ấy biết chỗ đặt.")
    with pytest.raises(rules.IdeaWarned):
        idea_desk.publish_idea(idea.code, looked=False, actor=make.SYSTEM, now=LATER)
    idea.refresh_from_db()
    assert idea.state == State.WAITING
    idea_desk.publish_idea(idea.code, looked=True, actor=make.SYSTEM, now=LATER)


def test_a_name_is_shown_only_where_its_bearer_chose_so(world: make.World) -> None:
    assert published(world).author_name == ""
    assert published(world, named=True).author_name == "Trần Thị Mẫu"
    cards, _more = reads.board(reads.Wanted(), now=LATER)
    assert sorted(card.author_name for card in cards) == ["", "Trần Thị Mẫu"]


def test_a_person_supports_once_and_may_take_it_back(world: make.World) -> None:
    idea, someone = published(world), person(world.units["c0"].id)
    assert services.support_idea(idea.code, actor=someone, now=LATER)
    assert not services.support_idea(idea.code, actor=someone, now=LATER)
    assert services.support_idea(idea.code, actor=person(world.units["c1"].id), now=LATER)
    support = reads.support_of(idea, on=clock.day_of(LATER))
    assert (support.people, support.near) == (3, 2)  # the author is the first
    assert support.base >= 2
    assert services.unsupport_idea(idea.code, actor=someone)
    assert not services.unsupport_idea(idea.code, actor=someone)
    with pytest.raises(NotAllowed):
        services.support_idea(idea.code, actor=actors.ANONYMOUS, now=LATER)


@pytest.mark.parametrize("state", list(State))
def test_support_is_taken_while_it_can_still_count(world: make.World, state: State) -> None:
    idea, someone = in_state(world, state), person(None)
    if state in rules.SUPPORTABLE or state is State.MERGED:
        assert services.support_idea(idea.code, actor=someone, now=LATER)
        assert IdeaSupport.objects.get(account_id=someone.account_id).idea_id == (idea.merged_into_id or idea.pk)
    else:
        with pytest.raises((rules.IdeaNotOpen, reads.IdeaUnknown)):
            services.support_idea(idea.code, actor=someone, now=LATER)


def test_joined_ideas_carry_their_people_each_counted_once(world: make.World) -> None:
    both, one = person(world.units["c0"].id), person(world.units["c0"].id)
    first, second, third = published(world), published(world), proposed(world)
    for idea in (first, second):
        services.support_idea(idea.code, actor=both, now=LATER)
    services.support_idea(second.code, actor=one, now=LATER)
    idea_desk.merge_idea(second.code, into=first.code, actor=make.SYSTEM, now=LATER)
    idea_desk.merge_idea(third.code, into=first.code, actor=make.SYSTEM, now=LATER)
    assert first.supports.count() == 5  # three authors, one, both
    assert reads.joined_to(second.code) == first.code
    last = published(world)
    idea_desk.merge_idea(first.code, into=last.code, actor=make.SYSTEM, now=LATER)
    assert last.supports.count() == 6
    assert reads.joined_to(second.code) == last.code
    with pytest.raises(rules.NotAlikeIdeas):
        idea_desk.merge_idea(last.code, into=last.code, actor=make.SYSTEM, now=LATER)
    with pytest.raises(rules.NotAlikeIdeas):
        idea_desk.merge_idea(last.code, into="HK-KHONG", actor=make.SYSTEM, now=LATER)


def test_the_promise_is_made_at_publication_and_no_forwarding_moves_it(world: make.World) -> None:
    idea = published(world)
    promised = idea.promised_on
    assert promised is not None
    assert idea.due_on == promised > clock.day_of(make.NOW)
    idea_desk.forward_idea(idea.code, to=world.province, words=WHY, actor=make.SYSTEM, now=LATER)
    answer(idea, State.CONSIDERING)
    idea.refresh_from_db()
    assert (idea.promised_on, idea.agency_id, idea.answered_at) == (promised, world.province, None)
    assert idea.due_on != promised


def test_the_desk_is_reminded_before_the_term_and_weekly_after_it_and_the_superior_after_it(world: make.World) -> None:
    editor, above = make.officer(world.commune_a, Role.EDITOR), make.officer(world.province, Role.HEAD)
    idea = published(world)
    assert idea.due_on is not None
    said: list[tuple[int, int]] = []
    for after in range(-4, 10):
        now = clock.at_local(idea.due_on + timedelta(days=after), 7)
        idea_desk.remind_of_ideas(now=now)
        idea_desk.remind_of_ideas(now=now)
        said.append((messaging.unread_count(editor.pk), messaging.unread_count(above.pk)))
    assert [mine for mine, _theirs in said] == [0, 0, 1, 1, 1, *[2] * 7, 3, 3]
    assert [theirs for _mine, theirs in said] == [0] * 5 + [1] * 7 + [2] * 2


def test_an_answer_reaches_its_author_and_everybody_who_supports(world: make.World) -> None:
    idea, someone = published(world), person(world.units["c1"].id)
    services.support_idea(idea.code, actor=someone, now=LATER)
    answer(idea, State.DECLINED)
    assert idea.author_id is not None
    assert someone.account_id is not None
    for account_id in (idea.author_id, someone.account_id):
        assert any("Không làm" in item.title for item in messaging.inbox_for(account_id, limit=10).items)
    (step,) = [one for one in reads.steps_of(idea, clock.day_of(LATER)) if one.answer]
    assert (step.words, step.agency_name) == (WHY, "Ủy ban nhân dân xã A")


def test_a_returned_idea_is_mended_by_its_author_and_comes_again(world: make.World) -> None:
    idea = in_state(world, State.RETURNED)
    author = actors.Actor(account_id=idea.author_id)
    with pytest.raises(reads.IdeaUnknown):
        services.mend_idea(idea.code, told(world), actor=person(None), now=LATER)
    with pytest.raises(rules.IdeaFaulty):
        services.mend_idea(idea.code, told(world, title="x"), actor=author, now=LATER)
    services.mend_idea(idea.code, told(world, title="Đặt thùng rác hai ngăn ở chợ"), actor=author, now=LATER)
    idea.refresh_from_db()
    assert (idea.state, idea.title) == (State.WAITING, "Đặt thùng rác hai ngăn ở chợ")
    with pytest.raises(IllegalMove):
        services.mend_idea(idea.code, told(world), actor=author, now=LATER)


def test_an_idea_goes_to_the_units_committee_or_the_rounds_agency(world: make.World) -> None:
    assert proposed(world).agency_id == world.commune_a
    assert proposed(world, unit_id=world.units["c2"].id).agency_id == world.province
    department = agencies.found_agency(
        agencies.NewAgency(kind=Kind.DEPARTMENT, name="Sở", code="so", parent_id=world.province),
        valid_from=make.FOUNDED,
    )
    new = idea_rounds.NewRound(
        agency_id=department.pk, title="Hiến kế về rác thải", intro="Để bớt rác.",
        opens_on=clock.day_of(make.NOW), closes_on=clock.day_of(make.NOW) + timedelta(days=3),
    )  # fmt: skip
    held = idea_rounds.draft_round(new, actor=make.SYSTEM, now=make.NOW)
    with pytest.raises(rules.RoundClosed):
        proposed(world, round_slug=held.slug)
    idea_rounds.open_round(held.uid, actor=make.SYSTEM, now=make.NOW)
    assert proposed(world, round_slug=held.slug).agency_id == department.pk
    for late in (make.NOW + timedelta(days=4), make.NOW - timedelta(days=1)):
        with pytest.raises(rules.RoundClosed):
            services.propose_idea(told(world, round_slug=held.slug), actor=person(None), now=late)


def test_who_wrote_a_round_does_not_open_it(world: make.World) -> None:
    editor, head = (make.officer(world.commune_a, role).content_actor for role in (Role.EDITOR, Role.HEAD))
    new = idea_rounds.NewRound(
        agency_id=world.commune_a, title="Hiến kế về rác thải", intro="Để bớt rác.",
        opens_on=clock.day_of(make.NOW), closes_on=clock.day_of(make.NOW),
    )  # fmt: skip
    held = idea_rounds.draft_round(new, actor=editor, now=make.NOW)
    with pytest.raises(rules.OwnRoundOpening):
        idea_rounds.open_round(held.uid, actor=editor, now=make.NOW)
    with pytest.raises(NotFound):
        idea_rounds.open_round(held.uid, actor=make.officer(world.commune_b, Role.HEAD).content_actor, now=make.NOW)
    with pytest.raises(NotAllowed):
        idea_rounds.draft_round(new, actor=make.officer(world.commune_b, Role.EDITOR).content_actor, now=make.NOW)
    idea_rounds.open_round(held.uid, actor=head, now=make.NOW)
    idea_rounds.close_round(held.uid, actor=head, now=make.NOW)
    with pytest.raises(IllegalMove):
        idea_rounds.open_round(held.uid, actor=head, now=make.NOW)


def test_pictures_are_bare_few_seen_by_few_until_published_and_gone_with_the_person(world: make.World) -> None:
    idea = proposed(world)
    author = actors.Actor(account_id=idea.author_id)
    rows = [services.add_picture(idea.code, make.picture_bytes(), actor=author, now=LATER) for _ in range(3)]
    with pytest.raises(rules.IdeaPicturesFull):
        services.add_picture(idea.code, make.picture_bytes(), actor=author, now=LATER)
    with pytest.raises(reads.IdeaUnknown):
        services.add_picture(idea.code, make.picture_bytes(), actor=person(None), now=LATER)
    with pytest.raises(reads.IdeaUnknown):
        reads.picture_of(rows[0].uid, actors.ANONYMOUS)
    name = reads.picture_of(rows[0].uid, author)
    assert reads.picture_of(rows[0].uid, actors.ANONYMOUS, desk=frozenset({world.commune_a})) == name
    services.drop_picture(idea.code, rows[2].uid, actor=author, now=LATER)
    assert idea.pictures.count() == 2
    assert files.kept_path(name).exists()
    services.forget_person(author.account_id or 0)
    assert not idea.pictures.exists()


def test_erasing_a_person_leaves_what_was_public_without_them_and_destroys_the_rest(world: make.World) -> None:
    author = person(world.units["c0"].id)
    public, waiting = published(world, author, named=True), proposed(world, author, spot="Cổng chợ")
    supported = published(world)
    services.support_idea(supported.code, actor=author, now=LATER)
    assert author.account_id is not None
    assert {one.key for one in own_data.sections(author.account_id)} == {"ideas", "idea-supports"}
    services.forget_person(author.account_id)
    assert list(own_data.sections(author.account_id)) == []
    public.refresh_from_db()
    waiting.refresh_from_db()
    assert (public.author_id, public.author_name, public.title) == (None, "", "Đặt thùng phân loại rác ở chợ")
    assert (waiting.title, waiting.words, waiting.spot, waiting.state) == ("(đã xóa)", "(đã xóa)", "", State.WITHDRAWN)
    assert not IdeaSupport.objects.filter(account_id=author.account_id).exists()
    assert not IdeaStep.objects.filter(by_id=author.account_id).exists()


def test_one_person_does_not_flood_the_board(world: make.World) -> None:
    author = person(None)
    for _number in range(rules.PER_PERSON[0][0]):
        proposed(world, author)
    with pytest.raises(limits.TooManyAttempts):
        proposed(world, author)


def test_alike_ideas_are_found_before_one_is_sent(world: make.World) -> None:
    held = published(world)
    published(world, title="Mở lớp dạy bơi mùa hè", words="Mỗi năm đều có trẻ em đuối nước.")
    found = reads.alike("Thung phan loai rac cho", "", world.units["c0"].id, now=LATER)
    assert [card.code for card in found] == [held.code]


def test_the_list_to_take_away_names_nobody_who_did_not_choose_it(world: make.World) -> None:
    published(world)
    published(world, named=True)
    heads, lines = desk_reads.table(make.officer(world.commune_a, Role.HEAD).content_actor, now=LATER)
    rows = list(lines)
    assert {len(row) for row in rows} == {len(heads)}
    assert sorted(str(row[-1]) for row in rows) == ["", "Trần Thị Mẫu"]
    (figures,) = desk_reads.by_agency(make.officer(world.commune_a, Role.HEAD).content_actor, now=LATER)
    assert (figures.published, figures.answered, figures.late) == (2, 0, 0)
