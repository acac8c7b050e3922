"""Who acts. Built once a request by the audience packages and handed down to every service and selector."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held at one agency now; ``agency_ids`` are that agency and all below it in the chain of reporting.

    ``kind`` says what kind of agency it is, where who made the grant knew.
    """

    role: str
    agency_id: int
    agency_ids: frozenset[int] = frozenset()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who asks. Nobody signed in has ``account_id`` None; the system acts under a name of its own."""

    account_id: int | None = None
    account_uid: UUID | None = None
    grants: tuple[Grant, ...] = ()
    system: str = ""
    second_factor: bool = False
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def signed_in(self) -> bool:
        """Say whether an account stands behind this actor."""
        return self.account_id is not None

    def has_role(self, *roles: str) -> bool:
        """Say whether any of the roles is held anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def agencies_as(self, *roles: str) -> frozenset[int]:
        """Return the ids of all agencies within reach of the given roles."""
        return frozenset().union(*(grant.agency_ids for grant in self.grants if grant.role in roles))

    def knowing(self, **facts: str) -> Actor:
        """Return this actor with more facts. A method, so that an actor asked for lazily gives a real one."""
        return replace(self, facts={**self.facts, **facts})


ANONYMOUS = Actor()


def system(name: str) -> Actor:
    """Return the actor of a task or command, named as it will stand in the audit trail."""
    return Actor(system=name)
