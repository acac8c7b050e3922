"""What Wagtail does when a moderation ends well. Wagtail imports this before its own models are ready: no imports here."""

from __future__ import annotations

from typing import Any


def publish_what_was_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish (or schedule) exactly the revision that was approved, not the latest one; the approval is the permission."""
    workflow_state.current_task_state.revision.publish(user=user, skip_permission_checks=True)
