"""Campaigns and targets: who opens them, what they may ask, how their states move."""

from __future__ import annotations

from datetime import date

import pytest

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as offices
from smarthd.kernel.actor import Actor, Grant
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.moves import IllegalMove
from smarthd.rollout import errors, policies, rules, selectors, services
from smarthd.rollout.models import Campaign, Target
from smarthd.rollout.services import campaigns
from smarthd.rollout.tests import make

pytestmark = pytest.mark.django_db
DEADLINE = make.noon(date(2024, 4, 19))


def opened(key: str = "order-1", *, actor: Actor = make.SYSTEM, title: str = "Cài đặt và sử dụng") -> Campaign:
    cut_offs = [date(2024, 4, 19), date(2024, 4, 12), date(2024, 4, 19)]
    return services.open_campaign(
        key, title=title, opens_on=date(2024, 3, 26), deadline_at=DEADLINE, cut_offs=cut_offs, actor=actor, now=make.NOW
    )


def target(indicator: str = "staff_used", value: float = 1.0, **more: object) -> Target:
    given = {"scope": rules.Scope.AGENCY, "actor": make.SYSTEM, "now": make.NOW} | more
    return services.set_target("order-1", indicator=indicator, value=value, **given)  # type: ignore[arg-type]


def test_an_order_taken_up_twice_is_one_campaign_with_the_latest_words_and_its_status() -> None:
    opened()
    services.change_campaign_status("order-1", to=rules.CampaignStatus.RUNNING, actor=make.SYSTEM, now=make.NOW)
    opened(title="Cài đặt")
    (view,) = selectors.campaigns()
    assert (view.title, view.status, view.cut_offs) == ("Cài đặt", "running", (date(2024, 4, 12), date(2024, 4, 19)))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("where", ["above", "coordinator", "elsewhere"])
def test_only_the_coordinating_departments_leaders_and_administrators_keep_bases(role: Role, where: str) -> None:
    opened()
    land = offices.world()
    Campaign.objects.update(coordinator_id=land.department)
    at = {"above": land.province, "coordinator": land.department, "elsewhere": land.commune_a}[where]
    actor = offices.officer(at, role)
    leads = where == "coordinator" and role in {Role.HEAD, Role.DELEGATE}
    assert policies.can_keep_bases(actor) == (leads or (where != "elsewhere" and role is Role.ADMINISTRATOR))


@pytest.mark.parametrize("role", list(Role))
def test_before_any_department_coordinates_only_administrators_keep_campaigns_targets_and_bases(role: Role) -> None:
    opened()
    actor = Actor(account_id=1, grants=(Grant(role, 1, frozenset({1})),))
    acts = [
        lambda: opened("order-2", actor=actor),
        lambda: target(actor=actor),
        lambda: services.set_denominators([], actor=actor, now=make.NOW),
        lambda: services.change_campaign_status("order-1", to=rules.CampaignStatus.RUNNING, actor=actor, now=make.NOW),
    ]
    for act in acts:
        if role is Role.ADMINISTRATOR:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()


@pytest.mark.parametrize("state", list(rules.CampaignStatus))
@pytest.mark.parametrize("move", [campaigns.RUN, campaigns.CLOSE], ids=lambda move: move.name)
def test_a_campaign_moves_only_from_where_it_may(
    state: rules.CampaignStatus, move: campaigns.Move[rules.CampaignStatus]
) -> None:
    opened()
    road = {"draft": [], "running": ["running"], "closed": ["running", "closed"]}[state]
    for step in road:
        services.change_campaign_status("order-1", to=rules.CampaignStatus(step), actor=make.SYSTEM, now=make.NOW)
    if state in move.sources:
        moved = services.change_campaign_status("order-1", to=move.target, actor=make.SYSTEM, now=make.NOW)
        assert moved.status == move.target
    else:
        with pytest.raises(IllegalMove):
            services.change_campaign_status("order-1", to=move.target, actor=make.SYSTEM, now=make.NOW)
        assert selectors.campaign("order-1").status == state


def test_the_running_campaign_is_the_latest_of_those_that_run() -> None:
    assert selectors.running_campaign() is None
    for number in (1, 2, 3):
        opened(f"order-{number}")
    assert selectors.running_campaign() is None
    for number in (1, 2):
        services.change_campaign_status(
            f"order-{number}", to=rules.CampaignStatus.RUNNING, actor=make.SYSTEM, now=make.NOW
        )
    running = selectors.running_campaign()
    assert running is not None
    assert running.key == "order-2"


def test_a_target_set_again_is_corrected_and_ones_own_stands_beside_the_general() -> None:
    opened()
    target(value=0.8)
    target(value=0.9)
    target("used_owners", 0.5, scope=rules.Scope.UNIT)
    assert {(one.scope, one.indicator): one.value for one in selectors.campaign("order-1").targets} == {
        ("agency", "staff_used"): 0.9,
        ("unit", "used_owners"): 0.5,
    }


@pytest.mark.parametrize(
    ("indicator", "value"), [("staff_used", 0.0), ("staff_used", -1.0), ("nothing", 1.0), ("", 1.0)]
)
def test_a_target_without_a_measured_indicator_or_a_share_is_refused(indicator: str, value: float) -> None:
    opened()
    with pytest.raises(errors.BadTarget):
        target(indicator, value)
    assert not Target.objects.exists()


def test_what_is_asked_of_an_unknown_campaign_is_refused_by_name() -> None:
    with pytest.raises(errors.CampaignUnknown):
        target()
    with pytest.raises(errors.CampaignUnknown):
        selectors.campaign("order-1")
    with pytest.raises(errors.CampaignUnknown):
        services.change_campaign_status("order-1", to=rules.CampaignStatus.RUNNING, actor=make.SYSTEM, now=make.NOW)
