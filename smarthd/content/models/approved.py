"""What everything that is published by the words of two persons has in common: its way of approval, and the page shown beforehand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class Approved:
    """Stands before Wagtail's own classes, whose ways it takes the place of. ``title`` and ``_revisions`` are the model's."""

    title: Any

    def __str__(self) -> str:
        return self.title or "(chưa có tiêu đề)"

    @property
    def revisions(self) -> Any:
        """Return the revisions (Wagtail's name for them)."""
        return self._revisions  # type: ignore[attr-defined]

    @classmethod
    def get_default_workflow(cls) -> Any:
        """Return the workflow of agencies that have chosen none."""
        from smarthd.content import services  # services read the models

        return services.moderation()

    def get_workflow(self) -> Any:
        """Return the way of approval the agency has chosen for this kind."""
        from smarthd.content import services

        whole: Any = self
        return services.workflow_of(whole)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """Return the preview, which our own editor may show in a frame (Wagtail asks for it as if for a page of its own)."""
        response = super().serve_preview(request, mode_name)  # type: ignore[misc]
        response["X-Frame-Options"] = "SAMEORIGIN"
        response._csp_replace = {"frame-ancestors": ["'self'"]}
        return response
