"""What somebody is to a report, who sees it, and who may edit the data that routing and categories are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.fieldreports.models import Follow, Report, Sender, Support
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.states import Part, State, Visibility
from smarthd.fieldreports.values import Caller, mark_of_token
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.people import selectors as people
from smarthd.places import selectors as places

_PART_OF_ROLE = {
    Role.DISPATCHER: Part.DISPATCHER,
    Role.CLERK: Part.CLERK,
    Role.HEAD: Part.CHIEF,
    Role.DELEGATE: Part.CHIEF,
}
_DIRECTING = (Role.HEAD, Role.DELEGATE, Role.DISPATCHER)
_WATCHING = (*_PART_OF_ROLE, Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to one report, and the agency for which they act (None: for themselves)."""

    parts: frozenset[Part]
    agency_id: int | None

    def has(self, *parts: Part) -> bool:
        """Say whether any of the parts is theirs."""
        return bool(self.parts & set(parts))

    @property
    def inside(self) -> bool:
        """Say whether they belong to the agencies that handle the report, or watch over them."""
        return bool(self.parts - {Part.REPORTER, Part.NEIGHBOUR})


def standing(caller: Caller, report: Report) -> Standing:
    """Return what the caller is to the report. At most four small queries, none for a passer-by without account or token.

    The system may act for an agency (its fact ``for_agency``): steps then name that agency.
    """
    if caller.actor.system:
        acted_for = caller.actor.facts.get("for_agency")
        return Standing(frozenset({Part.SYSTEM}), int(acted_for) if acted_for else None)
    parts, agency_id = _official_parts(caller.actor, report)
    if is_sender(caller, report):
        parts.add(Part.REPORTER)
    elif is_neighbour(caller.actor, report):
        parts.add(Part.NEIGHBOUR)
    return Standing(frozenset(parts), agency_id)


def parts_at(actor: Actor, holder_id: int) -> frozenset[Part]:
    """Return what an official is to any report an agency holds, from their roles alone. No statement."""
    parts: set[Part] = set()
    for grant in actor.grants:
        role = Role(grant.role)
        if grant.agency_id == holder_id and role in _PART_OF_ROLE:
            parts.add(_PART_OF_ROLE[role])
        elif role in _DIRECTING and holder_id in grant.agency_ids:
            parts.add(Part.SUPERIOR)
    return frozenset(parts)


def _official_parts(actor: Actor, report: Report) -> tuple[set[Part], int | None]:
    parts = set(parts_at(actor, report.holder_id))
    agency_id: int | None = None
    involved = {report.holder_id, report.intake_id, *report.involved}
    for grant in actor.grants:
        role = Role(grant.role)
        if grant.agency_id == report.holder_id and role in _PART_OF_ROLE:
            agency_id = report.holder_id
        elif role in _DIRECTING and report.holder_id in grant.agency_ids:
            agency_id = agency_id or grant.agency_id
        if role in _WATCHING and involved & {grant.agency_id, *grant.agency_ids}:
            parts.add(Part.WATCHER)
    own = {grant.agency_id for grant in actor.grants if Role(grant.role) in _PART_OF_ROLE}
    if own and Support.objects.filter(report=report, agency_id__in=own).exists():
        parts.add(Part.SUPPORT)
        agency_id = agency_id or next(
            iter(Support.objects.filter(report=report, agency_id__in=own).values_list("agency_id", flat=True))
        )
    return parts, agency_id


def is_sender(caller: Caller, report: Report) -> bool:
    """Say whether the caller sent the report, or one that was merged into it."""
    who = senders_of(caller)
    if who is None:
        return False
    return Sender.objects.filter(who, Q(report=report) | Q(report__merged_into=report)).exists()


def senders_of(caller: Caller) -> Q | None:
    """Return the condition that finds what a caller sent; None for somebody without account and token."""
    if caller.actor.account_id is None and not caller.token:
        return None
    who = Q()
    if caller.actor.account_id is not None:
        who |= Q(account_id=caller.actor.account_id)
    if caller.token:
        who |= Q(token_hash=mark_of_token(caller.token))
    return who


def is_neighbour(actor: Actor, report: Report) -> bool:
    """Say whether an account follows the report or lives in its commune, and holds no office where it is handled.

    A phone without account does not count: tokens are free. Nobody confirms as a neighbour what their own agency answered, whichever
    page they come by: citizens' pages do not carry the roles of who asks.
    """
    return _is_near(actor, report) and not _handles(actor, report)


def _handles(actor: Actor, report: Report) -> bool:
    grants = agencies.actor_for(actor.account_id, clock.now()).grants if actor.account_id is not None else ()
    involved = {report.holder_id, report.intake_id, *report.involved}
    return any(grant.agency_id in involved for grant in grants)


def _is_near(actor: Actor, report: Report) -> bool:
    if actor.account_id is None:
        return False
    if Follow.objects.filter(report=report, account_id=actor.account_id).exists():
        return True
    facts = people.account_facts([actor.account_id]).get(actor.account_id)
    if facts is None or facts.home_id is None:
        return False
    return facts.home_id == report.commune_id or report.commune_id in {
        unit.id for unit in places.path(facts.home_id, clock.day_of(report.received_at))
    }


def is_public(report: Report) -> bool:
    """Say whether everybody may know of the report."""
    return report.visibility == Visibility.PUBLIC and State(report.state) is not State.WITHDRAWN


def public_q() -> Q:
    """Return the condition for what public lists show: public, not withdrawn, not merged into another."""
    return Q(visibility=Visibility.PUBLIC) & ~Q(state__in=[State.WITHDRAWN, State.MERGED])


def sees_agencies(actor: Actor) -> frozenset[int]:
    """Return the agencies whose reports an official may read."""
    return actor.agencies_as(*_WATCHING) | {grant.agency_id for grant in actor.grants if Role(grant.role) in _WATCHING}


def visible_to(actor: Actor) -> Q:
    """Return the condition for what an official's lists hold: everything in which an agency within reach is involved."""
    if actor.system:
        return Q()
    return Q(involved__overlap=sorted(sees_agencies(actor)))


def works_at(actor: Actor) -> frozenset[int]:
    """Return the agencies at which the actor handles reports."""
    return frozenset(grant.agency_id for grant in actor.grants if Role(grant.role) in _PART_OF_ROLE)


def judges_at(actor: Actor) -> frozenset[int]:
    """Return the agencies for which the actor looks again at refusals of those below."""
    return frozenset(grant.agency_id for grant in actor.grants if Role(grant.role) in _DIRECTING)


def can_take_on_behalf(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may write a report down for somebody on the telephone or at the counter of this very agency."""
    return bool(actor.system) or agency_id in works_at(actor)


def can_moderate(actor: Actor, found: Standing, report: Report) -> bool:
    """Say whether the actor may hide, redact and correct: who directs the holder, its superiors, an administrator within reach."""
    if found.has(Part.SYSTEM, Part.DISPATCHER, Part.CHIEF, Part.SUPERIOR):
        return True
    return report.holder_id in actor.agencies_as(Role.ADMINISTRATOR)


def can_open_originals(found: Standing) -> bool:
    """Say whether the unblurred photo may be opened: only by who handles the report; each look is written down."""
    return found.has(Part.SYSTEM, *states.HANDLERS, Part.SUPPORT)


def can_edit_rules(actor: Actor) -> bool:
    """Say whether the actor may edit routing, categories and their hours: an administrator with a second factor."""
    return bool(actor.system) or (actor.second_factor and actor.has_role(Role.ADMINISTRATOR))


def can_read_rules(actor: Actor) -> bool:
    """Say whether the actor may look at the rules and ask where something would go: any official."""
    return bool(actor.system) or bool(actor.grants)
