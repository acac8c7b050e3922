"""Who may see persons and small cells, set bases and targets, report and review, raise and settle difficulties, plan and prove airings."""

from __future__ import annotations

from collections.abc import Collection

from smarthd.agencies import rules as agency_rules
from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import rules
from smarthd.rollout.models import Airing, Campaign, Decision, Difficulty, Obligation

_PERSONS = (agency_rules.Role.HEAD, agency_rules.Role.DELEGATE)


def can_see_persons(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor is head or named delegate of this very agency; superiors see counts."""
    return any(grant.role in _PERSONS and grant.agency_id == agency_id for grant in actor.grants)


def can_see_counts(actor: Actor, agency_id: int) -> bool:
    """Say whether the agency is within reach of any role the actor holds."""
    return bool(actor.system) or any(agency_id in {grant.agency_id, *grant.agency_ids} for grant in actor.grants)


def counts_seen_by(actor: Actor) -> frozenset[int]:
    """Return the agencies whose counts are within reach of any role: those of today, and those they stand in the succession of."""
    reach = {agency_id for grant in actor.grants for agency_id in (grant.agency_id, *grant.agency_ids)}
    return agencies.with_predecessors(reach, clock.today())


def can_keep_bases(actor: Actor) -> bool:
    """Say whether the actor may enter denominators, and open campaigns.

    The leaders of the coordinating Department, and administrators there or above it. Which Department that is, is data: the
    coordinator of the campaigns not yet closed, else of the latest one; before there is any, an administrator begins.
    """
    if actor.system:
        return True
    chiefs = _coordinators()
    if not chiefs:
        return actor.has_role(agency_rules.Role.ADMINISTRATOR)
    return any(
        (grant.role in _SIGNERS and grant.agency_id in chiefs)
        or (grant.role == agency_rules.Role.ADMINISTRATOR and chiefs & {grant.agency_id, *grant.agency_ids})
        for grant in actor.grants
    )


def can_keep_map(actor: Actor) -> bool:
    """Say whether the actor may change administrative units: an administrator of the coordinating Department or above it."""
    if actor.system:
        return True
    chiefs = _coordinators()
    return any(
        grant.role == agency_rules.Role.ADMINISTRATOR and (not chiefs or chiefs & {grant.agency_id, *grant.agency_ids})
        for grant in actor.grants
    )


def _coordinators() -> frozenset[int]:
    known = list(
        Campaign.objects.filter(coordinator__isnull=False)
        .order_by("-opens_on", "-id")
        .values_list("coordinator_id", "status")
    )
    living = frozenset(agency_id for agency_id, status in known if status != rules.CampaignStatus.CLOSED)
    return living or frozenset(agency_id for agency_id, _status in known[:1])


def can_judge_integrity(actor: Actor) -> bool:
    """Say whether the actor may set accounts apart from the figures; an auditor only looks."""
    return bool(actor.system) or actor.has_role(agency_rules.Role.ADMINISTRATOR)


def can_see_integrity(actor: Actor) -> bool:
    """Say whether the actor may read suspicions and what was decided about them."""
    return can_judge_integrity(actor) or actor.has_role(agency_rules.Role.AUDITOR)


def require_integrity(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may set accounts apart."""
    require(can_judge_integrity(actor))


_FILLERS = (agency_rules.Role.HEAD, agency_rules.Role.DELEGATE, agency_rules.Role.CLERK)
_SIGNERS = (agency_rules.Role.HEAD, agency_rules.Role.DELEGATE)
_COMMANDERS = (agency_rules.Role.HEAD, agency_rules.Role.DELEGATE, agency_rules.Role.ADMINISTRATOR)
_WATCHERS = (*_COMMANDERS, agency_rules.Role.CLERK, agency_rules.Role.AUDITOR)


def _holds(actor: Actor, agency_id: int | None, roles: tuple[agency_rules.Role, ...]) -> bool:
    return any(grant.role in roles and grant.agency_id == agency_id for grant in actor.grants)


def can_command(actor: Actor, coordinator_id: int | None) -> bool:
    """Say whether the actor may run a campaign: draw up forms, open periods, give time, exempt, consolidate, urge."""
    return bool(actor.system) or (coordinator_id is not None and _holds(actor, coordinator_id, _COMMANDERS))


def can_run(actor: Actor, campaign: Campaign) -> bool:
    """Say whether the actor may change a campaign's words and targets: its coordinator; where there is none, who keeps the bases."""
    return can_command(actor, campaign.coordinator_id) if campaign.coordinator_id else can_keep_bases(actor)


def can_fill(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may write and hand in the reports this very agency holds: its own, and those of who it came after."""
    return bool(actor.system) or _holds(actor, agency_id, _FILLERS)


def can_review(actor: Actor, superior_id: int | None) -> bool:
    """Say whether the actor may endorse and return what is handed in to this agency."""
    return bool(actor.system) or _holds(actor, superior_id, (*_SIGNERS, agency_rules.Role.ADMINISTRATOR))


def can_accept(actor: Actor, coordinator_id: int | None) -> bool:
    """Say whether the actor may take in endorsed reports for the coordinating Department."""
    return can_command(actor, coordinator_id)


def watched_agencies(actor: Actor) -> frozenset[int]:
    """Return the agencies whose reports the actor may read: those within reach of a role that works with reports."""
    return actor.agencies_as(*_WATCHERS)


def can_see_report(actor: Actor, obligation: Obligation) -> bool:
    """Say whether the actor may read what an agency owes: itself or who holds it, those above, the coordinating Department."""
    if actor.system:
        return True
    watched = watched_agencies(actor)
    near = {obligation.agency_id, obligation.held_by_id} & watched
    return bool(near) or can_command(actor, obligation.period.campaign.coordinator_id)


def can_sign_for(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may sign in the name of this agency."""
    return _holds(actor, agency_id, _SIGNERS)


SPEAKERS = _FILLERS
_RAISERS = (*_FILLERS, agency_rules.Role.TEAM_LEADER)
_HANDLERS = (*_COMMANDERS, agency_rules.Role.CLERK)


def can_raise(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may raise a difficulty in the name of this very agency."""
    return bool(actor.system) or _holds(actor, agency_id, _RAISERS)


def can_speak_for_raiser(actor: Actor, row: Difficulty) -> bool:
    """Say whether the actor may confirm, reopen or withdraw in the name of who raised it."""
    return bool(actor.system) or _holds(actor, row.agency_id, _FILLERS)


def can_answer(actor: Actor, row: Difficulty) -> bool:
    """Say whether the actor may answer and merge for who holds it."""
    return bool(actor.system) or _holds(actor, row.holder_id, _HANDLERS)


def can_settle(actor: Actor, row: Difficulty) -> bool:
    """Say whether the actor may pass it on or call it solved for who holds it."""
    return bool(actor.system) or _holds(actor, row.holder_id, _COMMANDERS)


def takes_over_as(actor: Actor, row: Difficulty) -> int | None:
    """Return the agency above the holder for which the actor may take it over, the nearest first; None if there is none."""
    above = [
        grant
        for grant in actor.grants
        if grant.role in _COMMANDERS and row.holder_id in grant.agency_ids and grant.agency_id != row.holder_id
    ]
    return min(above, key=lambda grant: len(grant.agency_ids)).agency_id if above else None


def sees_difficulties_of(actor: Actor) -> frozenset[int]:
    """Return the agencies whose difficulties the actor may read: within reach of a role that works with them, one's own as a team leader."""
    own = {grant.agency_id for grant in actor.grants if grant.role == agency_rules.Role.TEAM_LEADER}
    return watched_agencies(actor) | own


def coordinates_at(actor: Actor) -> frozenset[int]:
    """Return the agencies that, where they coordinate a campaign, let the actor read all its difficulties and decisions."""
    return frozenset(grant.agency_id for grant in actor.grants if grant.role in _WATCHERS)


def works_at(actor: Actor) -> frozenset[int]:
    """Return the agencies at which the actor handles what is held there."""
    return frozenset(grant.agency_id for grant in actor.grants if grant.role in _HANDLERS)


def drafts_at(actor: Actor) -> frozenset[int]:
    """Return the actor's own agencies for which they may draft decisions: those that have agencies below them to decide for."""
    return frozenset(grant.agency_id for grant in actor.grants if grant.role in _HANDLERS and len(grant.agency_ids) > 1)


def approves_at(actor: Actor) -> frozenset[int]:
    """Return the agencies whose decisions the actor may approve."""
    return frozenset(grant.agency_id for grant in actor.grants if grant.role in _SIGNERS)


def can_draft_decision(actor: Actor, agency_id: int, *, departments: Collection[int]) -> bool:
    """Say whether the actor may draft a decision of an agency: its own people, or a department (``departments``) that reports to it."""
    return bool(actor.system) or agency_id in drafts_at(actor) or bool(works_at(actor) & set(departments))


def can_approve_decision(actor: Actor, decision: Decision) -> bool:
    """Say whether the actor may approve or send back this agency's decisions; that it is not their own draft is asked apart."""
    return bool(actor.system) or decision.agency_id in approves_at(actor)


_AIRERS = (*_FILLERS, agency_rules.Role.EDITOR)


def can_plan_airing(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may plan for this agency: its own people, or who commands above it."""
    return bool(actor.system) or _holds(actor, agency_id, _AIRERS) or agency_id in actor.agencies_as(*_COMMANDERS)


def can_mark_airing(actor: Actor, airing: Airing) -> bool:
    """Say whether the actor may say what became of an airing and prove it: the airing agency's own people."""
    return bool(actor.system) or _holds(actor, airing.agency_id, _AIRERS)


def airs_at(actor: Actor) -> frozenset[int]:
    """Return the agencies for which the actor marks airings."""
    return frozenset(grant.agency_id for grant in actor.grants if grant.role in _AIRERS)


def sees_airings_of(actor: Actor) -> frozenset[int]:
    """Return the agencies whose airings the actor may read."""
    return actor.agencies_as(*_WATCHERS, agency_rules.Role.EDITOR)


_TEAM_SETTERS = (agency_rules.Role.HEAD, agency_rules.Role.DELEGATE, agency_rules.Role.CLERK)


def can_set_up_teams(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may set up teams of this very commune: head, delegate, clerk."""
    return bool(actor.system) or _holds(actor, agency_id, _TEAM_SETTERS)


def can_judge_teams(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may clear rushed credits and approve expenses: the commune's head and delegate."""
    return bool(actor.system) or _holds(actor, agency_id, _SIGNERS)


def can_watch_teams(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may read the teams of a commune: itself and those above it in the chain."""
    return bool(actor.system) or agency_id in watched_agencies(actor)


def can_lead_team(actor: Actor, agency_id: int, leader_account_id: int | None) -> bool:
    """Say whether the actor leads the team: its leader, who holds the role at its commune. Who sets up teams may do it in their stead."""
    leads = actor.account_id is not None and actor.account_id == leader_account_id
    return (leads and _holds(actor, agency_id, (agency_rules.Role.TEAM_LEADER,))) or can_set_up_teams(actor, agency_id)


def can_see_letter(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may read the letters of an agency: it lies within reach of a role that works with reports."""
    return bool(actor.system) or agency_id in watched_agencies(actor)
