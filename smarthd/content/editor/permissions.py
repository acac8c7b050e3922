"""Answers Wagtail's question "may this user …?" from our policies; no Django permission is stored anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.models import Collection
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from smarthd.content import policies, selectors
from smarthd.content.models import Article, Contact, Hotline, Notice, Picture, Tile
from smarthd.content.models.articles import PROXIES

_WRITING = frozenset({"add", "change", "lock", "unlock"})


class AgencyContentPolicy(BasePermissionPolicy):
    """Notices and directory entries: an editor's own agencies only. Nobody publishes alone, nobody deletes."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may do this to some notice or entry."""
        actor = selectors.actor_of(user)
        if action in _WRITING:
            return bool(policies.agencies_written(actor))
        if action in {"view", "withdraw"}:
            return policies.can_enter(actor)
        return False

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Say whether the user may do this to this notice or entry."""
        actor = selectors.actor_of(user)
        if action in _WRITING:
            return policies.can_write(actor, instance)
        if action == "view":
            return policies.can_see(actor, instance)
        if action == "withdraw":
            return isinstance(instance, Notice | Article) and policies.can_withdraw(actor, instance)
        return False

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """Return what the user may do any of these to."""
        actor = selectors.actor_of(user)
        agencies: frozenset[int] = frozenset()
        if _WRITING & set(actions):
            agencies |= policies.agencies_written(actor)
        if {"view", "withdraw"} & set(actions):
            agencies |= policies.agencies_seen(actor)
        found: QuerySet[Any] = self.model._default_manager.filter(agency_id__in=agencies)
        return found

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        """Return no one: roles are asked for one person at a time, and no list of editors is shown here."""
        return get_user_model().objects.none()


class PicturePolicy(CollectionOwnershipPermissionPolicy):
    """Pictures: every editor may use all of them; only who uploaded one changes or removes it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Say whether the user may do this to some picture."""
        return action in {"add", "choose", "change", "delete"} and bool(
            policies.agencies_written(selectors.actor_of(user))
        )

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Say whether the user may do any of these to some picture."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        """Say whether the user may do any of these to this picture."""
        wanted = set(actions)
        own = instance.uploaded_by_user_id == user.pk
        return self.user_has_permission(user, "choose") and (
            "choose" in wanted or (own and bool({"change", "delete"} & wanted))
        )

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """Return the pictures the user may do any of these to."""
        every: QuerySet[Any] = Picture.objects.all()
        if not self.user_has_permission(user, "choose"):
            return every.none()
        return every if "choose" in actions else every.filter(uploaded_by_user=user)

    def collections_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """Return the one collection all pictures are in."""
        allowed = self.user_has_any_permission(user, actions)
        root: QuerySet[Any] = Collection.objects.filter(depth=1) if allowed else Collection.objects.none()
        return root

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        """Return who has uploaded pictures, for the list's filter."""
        uploaders = Picture.objects.exclude(uploaded_by_user=None).values("uploaded_by_user")
        return get_user_model().objects.filter(Q(pk__in=uploaders))


def register() -> None:
    """Tell Wagtail, before it makes up answers of its own; ``exact_class`` outranks what its image app registers."""
    for model in (Notice, Hotline, Article, Tile, Contact, *PROXIES.values()):
        register_permission_policy(model, AgencyContentPolicy(model), exact_class=True)
    register_permission_policy(
        Picture,
        PicturePolicy(Picture, auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"),
        exact_class=True,
    )
