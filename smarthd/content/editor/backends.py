"""Access to the editor follows roles held now, not a flag on the account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend

from smarthd.content import policies, selectors

ACCESS = "wagtailadmin.access_admin"


class EditorBackend(BaseBackend):
    """Signs nobody in; answers Wagtail's one question about the account of the present request."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Say whether the account may open the editor; every other Django permission is refused."""
        return perm == ACCESS and user_obj.is_active and policies.can_enter(selectors.actor_of(user_obj))
