"""The web process: granian serves ``application``.

Wagtail's image library would load OpenCV here for filters nobody uses (25 MB a process). Faces and plates are looked for by the worker
alone, so the web process says that it has none.
"""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

sys.modules.setdefault("cv2", None)  # type: ignore[arg-type]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
