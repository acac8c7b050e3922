"""What to mend in a piece's words, beside the form that writes them: the rules that decide at submission, told while writing.

It stands in place of Wagtail's own checks: those look at the preview through Wagtail's user bar, which citizens' pages do not carry,
and so always found nothing.
"""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel, ChecksSidePanel
from wagtail.snippets.views import snippets

from smarthd.content import markup, rules
from smarthd.content.editor import review
from smarthd.content.rules import accessibility


class WordsPanel(BaseSidePanel):
    """Faults that keep a piece from being submitted, then advice; of the words as they were last saved."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """The button that opens it, with how many there are."""

        aria_label = "Mở, đóng phần kiểm tra"
        icon_name = "glasses"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            """Add how many faults and advices there are."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"count": len(self.panel.found)}

    name = "loi-van"
    title = "Kiểm tra"
    template_name = "content/editor/checks.html"
    order = 350

    def __init__(self, piece: Any, request: Any) -> None:
        super().__init__(piece, request)
        self.found = accessibility.problems(review.told(piece)) if piece.pk else []
        self.advice = [one.words for one in self.found if not one.blocks]
        if piece.pk:
            self.advice += review.beside(piece)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Add what was found, and how long the piece takes to read."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        words = f"{self.object.summary} {markup.plain(markup.clean(self.object.body))}"
        return context | {
            "saved": bool(self.object.pk),
            "faults": [one.words for one in self.found if one.blocks],
            "advice": self.advice,
            "words": len(words.split()),
            "minutes": rules.reading_minutes(words),
        }


class WithChecks:
    """A form with our checks beside it in place of Wagtail's."""

    def get_side_panels(self) -> MediaContainer:
        """Return Wagtail's panels, with ours where its checks stood."""
        panels = list(super().get_side_panels())  # type: ignore[misc]
        kept = [one for one in panels if not isinstance(one, ChecksSidePanel)]
        if len(kept) < len(panels):
            kept.append(WordsPanel(panels[0].object, panels[0].request))
        return MediaContainer(kept)


class AddView(WithChecks, snippets.CreateView):
    """Beginning a piece."""


class EditView(WithChecks, snippets.EditView):
    """Going on with a piece."""
