"""The words the editor's scripts write: Wagtail's catalogue with what its Vietnamese lacks, always in Vietnamese as its pages are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.views.i18n import JavaScriptCatalog

_catalog = JavaScriptCatalog.as_view(packages=["wagtail.admin", "smarthd.content"])


def words(request: HttpRequest) -> HttpResponseBase:
    """Return the catalogue as a script."""
    with translation.override(settings.LANGUAGE_CODE):
        answer: HttpResponseBase = _catalog(request)
    return answer
