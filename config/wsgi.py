"""The web process: granian serves ``application``.

Wagtail's image library would load OpenCV here for filters nobody uses (25 MB a process). Faces and plates are looked for by the worker
alone, so the web process says that it has none.

Every page's code is loaded before the first question comes, and what was loaded is taken out of the collector's sight: a full collection
otherwise walks through all of it and holds one answer in sixty up for half a second (measured on the board of a period).
"""

from __future__ import annotations

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.handing import in_one_piece

sys.modules.setdefault("cv2", None)  # type: ignore[arg-type]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = in_one_piece(get_wsgi_application())
get_resolver().url_patterns  # noqa: B018 (reading it loads every view)
gc.collect()
gc.freeze()
