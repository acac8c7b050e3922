"""Exemptions: one asks with a reason and evidence, another decides, and too many are flagged."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from smarthd.agencies import errors, selectors, services
from smarthd.agencies.models import Exemption, Staff
from smarthd.agencies.rules import Role, exemptions
from smarthd.agencies.rules.exemptions import Reason, Status
from smarthd.agencies.tests import make
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.moves import IllegalMove

pytestmark = pytest.mark.django_db


def person(agency_id: int, name: str = "Vũ Thị An") -> Staff:
    return services.add_staff([services.NewStaff(agency_id=agency_id, full_name=name)], valid_from=make.FOUNDED)[0]


def ask(staff: Staff, actor: Actor = make.SYSTEM, **more: object) -> Exemption:
    given = {"reason": Reason.LONG_LEAVE, "evidence": "Quyết định 12/QĐ-UBND"} | more
    return services.request_exemption(staff_uid=staff.uid, actor=actor, now=make.NOW, **given)  # type: ignore[arg-type]


def test_an_exemption_counts_from_its_approval_for_its_own_days() -> None:
    world = make.world()
    request = ask(person(world.commune_a), make.officer(world.commune_a, Role.CLERK), valid_to=date(2024, 5, 1))

    def exempt(day: date) -> bool:
        return selectors.roster_on([world.commune_a], day)[0].exempt

    assert not exempt(make.TODAY)
    head = make.officer(world.commune_a, Role.HEAD)
    services.approve_exemption(exemption_uid=request.uid, actor=head, now=make.NOW)
    assert [exempt(day) for day in (make.TODAY - timedelta(1), make.TODAY, date(2024, 4, 30), date(2024, 5, 1))] == [
        False, True, True, False,
    ]  # fmt: skip
    services.end_exemption(exemption_uid=request.uid, actor=head, now=make.NOW + timedelta(days=10))
    assert [exempt(make.TODAY + timedelta(days=days)) for days in (9, 10)] == [True, False]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("where", ["superior", "same", "sibling"])
def test_who_may_ask_and_who_may_decide(role: Role, where: str) -> None:
    world = make.world()
    at = {"superior": world.district, "same": world.commune_a, "sibling": world.commune_b}[where]
    actor = make.officer(at, role)
    staff = person(world.commune_a)
    in_reach = where != "sibling"
    if in_reach and role in {Role.HEAD, Role.DELEGATE, Role.CLERK}:
        own = ask(staff, actor)
        with pytest.raises(NotAllowed):
            services.approve_exemption(exemption_uid=own.uid, actor=actor, now=make.NOW)
    else:
        with pytest.raises(NotAllowed):
            ask(staff, actor)
    another = ask(person(world.commune_a, "Vũ Thị Bình"), make.officer(world.commune_a, Role.CLERK))
    if in_reach and role in {Role.HEAD, Role.DELEGATE}:
        services.refuse_exemption(exemption_uid=another.uid, actor=actor, now=make.NOW, note="Chưa đủ căn cứ")
    else:
        for act in (services.approve_exemption, services.refuse_exemption):
            with pytest.raises(NotAllowed):
                act(exemption_uid=another.uid, actor=actor, now=make.NOW, note="x")
        assert Exemption.objects.get(pk=another.pk).status == Status.REQUESTED


@pytest.mark.parametrize("state", list(Status))
@pytest.mark.parametrize("move", [exemptions.APPROVE, exemptions.REFUSE, exemptions.END])
def test_every_move_starts_only_where_it_may(state: Status, move: exemptions.Move[Status]) -> None:
    world = make.world()
    request = ask(person(world.commune_a))
    Exemption.objects.filter(pk=request.pk).update(status=state)
    acts = {
        "approve": lambda: services.approve_exemption(exemption_uid=request.uid, actor=make.SYSTEM, now=make.NOW),
        "refuse": lambda: services.refuse_exemption(
            exemption_uid=request.uid, actor=make.SYSTEM, now=make.NOW, note="x"
        ),
        "end": lambda: services.end_exemption(exemption_uid=request.uid, actor=make.SYSTEM, now=make.NOW),
    }
    if state in move.sources:
        assert acts[move.name]().status == move.target
    else:
        with pytest.raises(IllegalMove):
            acts[move.name]()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"evidence": " "}, "evidence"),
        ({"reason": Reason.OTHER}, "note"),
        ({"valid_to": make.TODAY}, "valid_to"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_a_request_without_reason_or_evidence_is_refused_field_by_field(given: dict[str, object], field: str) -> None:
    world = make.world()
    with pytest.raises(errors.ExemptionIncomplete) as refused:
        ask(person(world.commune_a), **given)
    assert list(refused.value.facts["fields"]) == [field]  # type: ignore[call-overload]
    assert not Exemption.objects.exists()


def test_one_open_request_a_person_and_unknown_ones_are_not_found() -> None:
    world = make.world()
    staff = person(world.commune_a)
    ask(staff)
    with pytest.raises(errors.ExemptionOpen):
        ask(staff)
    with pytest.raises(services.ExemptionUnknown):
        services.approve_exemption(exemption_uid=uuid4(), actor=make.SYSTEM, now=make.NOW)
    with pytest.raises(services.StaffUnknown):
        services.request_exemption(
            staff_uid=uuid4(), reason=Reason.OTHER, evidence="x", actor=make.SYSTEM, now=make.NOW
        )


@pytest.mark.parametrize(("exempt", "roster", "flagged"), [
    (0, 0, False), (1, 5, False), (2, 40, False), (2, 39, True), (5, 100, False), (6, 100, True),
])  # fmt: skip
def test_more_than_a_twentieth_of_a_roster_is_flagged(exempt: int, roster: int, flagged: bool) -> None:
    assert exemptions.too_many(exempt=exempt, roster=roster) is flagged


def test_the_share_of_each_roster_is_told() -> None:
    world = make.world()
    staff = services.add_staff(
        [services.NewStaff(agency_id=world.commune_a, full_name=f"Vũ Thị {name}") for name in "ABCDE"],
        valid_from=make.FOUNDED,
    )
    for one in staff[:2]:
        services.approve_exemption(exemption_uid=ask(one).uid, actor=make.SYSTEM, now=make.NOW)
    shares = selectors.exemption_shares([world.commune_a, world.commune_b], make.TODAY)
    assert shares == {world.commune_a: selectors.ExemptionShare(world.commune_a, 5, 2, flagged=True)}
    clerk = make.officer(world.commune_a, Role.CLERK)
    assert len(selectors.exemptions_for(clerk, [world.commune_a], Status.APPROVED)) == 2
    assert selectors.exemptions_for(make.officer(world.commune_b, Role.CLERK), [world.commune_a]) == []
