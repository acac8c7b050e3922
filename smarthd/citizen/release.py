"""Which build of the app this is: a mark of every static file the app's shell uses, so that a new build is noticed."""

from __future__ import annotations

import hashlib
from functools import cache

from django.contrib.staticfiles import finders
from django.templatetags.static import static

SHELL_STYLES = (
    "ui/css/tokens.css",
    "ui/css/base.css",
    "ui/css/components.css",
    "ui/css/forms.css",
    "ui/css/maps.css",
    "citizen/css/citizen.css",
    "citizen/css/fieldreports.css",
    "citizen/css/alerts.css",
    "citizen/css/datasets.css",
)
SHELL_MODULES = (
    "ui/js/main.js",
    "ui/js/toast.js",
    "ui/js/suggest.js",
    "ui/js/once.js",
    "ui/js/wishes.js",
    "ui/js/error-summary.js",
    "ui/js/store.js",
    "ui/js/survey-after.js",
    "citizen/js/main.js",
    "citizen/js/outbox.js",
    "citizen/js/measure.js",
    "citizen/js/offline.js",
    "citizen/js/saved-pages.js",
    "citizen/js/install.js",
    "citizen/js/position.js",
    "citizen/js/consent.js",
    "citizen/js/consent-follow.js",
    "citizen/js/push.js",
    "citizen/js/push-wishes.js",
    "citizen/js/reading.js",
    "citizen/js/alert-answer.js",
    "citizen/js/alert-box.js",
    "citizen/js/alert-live.js",
    "citizen/js/alert-map.js",
    "citizen/js/alert-page.js",
    "citizen/js/shelters.js",
    "citizen/js/report-box.js",
    "citizen/js/report-form.js",
    "citizen/js/report-map.js",
    "citizen/js/report-maps.js",
    "citizen/js/dataset-map.js",
    "citizen/js/near.js",
    "citizen/js/nearness.js",
    "citizen/js/copy-filter.js",
    "citizen/js/copy-keep.js",
    "citizen/js/read-aloud.js",
    "citizen/js/share.js",
    "citizen/js/idea-place.js",
    "citizen/js/video.js",
    "citizen/js/report-outbox.js",
    "citizen/js/report-photo.js",
    "citizen/js/report-place.js",
    "citizen/js/report-problems.js",
    "citizen/js/report-voice.js",
)
SHELL_PICTURES = ("ui/icons.svg", "ui/mark.svg", "ui/apps/icon-192.png")
WORKER = (
    "ui/js/store.js",
    "citizen/js/outbox.js",
    "citizen/js/report-box.js",
    "citizen/js/alert-box.js",
    "citizen/sw/worker.js",
    "citizen/sw/push.js",
)


def source(name: str) -> str:
    """Return the text of a static file of ours."""
    place = finders.find(name)
    if not isinstance(place, str):
        msg = f"static file missing: {name}"
        raise FileNotFoundError(msg)
    with open(place, encoding="utf-8") as file:
        return file.read()


@cache
def mark() -> str:
    """Return twelve hex digits that change whenever a file of the shell does."""
    digest = hashlib.sha256()
    for name in (*SHELL_STYLES, *SHELL_MODULES, *SHELL_PICTURES, *WORKER):
        place = finders.find(name)
        if not isinstance(place, str):
            msg = f"static file missing: {name}"
            raise FileNotFoundError(msg)
        with open(place, "rb") as file:
            digest.update(name.encode() + b"\0" + file.read())
    return digest.hexdigest()[:12]


@cache
def shell_urls() -> tuple[str, ...]:
    """Return the addresses of every static file the app needs to open without a network."""
    return tuple(static(name) for name in (*SHELL_STYLES, *SHELL_MODULES, *SHELL_PICTURES))
