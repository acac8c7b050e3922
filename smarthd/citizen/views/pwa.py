"""What makes the pages an app: the manifest and the service worker, both at the root so that they reach every page."""

from __future__ import annotations

import json
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from smarthd.alerts.services import echoing
from smarthd.citizen import release
from smarthd.citizen.views.home import FROM_APP
from smarthd.kernel import clock
from smarthd.people import rules as people_rules

# Pages of a signed-in person, of officials and of machines are never kept on the device.
NEVER_KEPT = (
    "/can-bo/",
    "/toi/tai-khoan/",
    "/toi/hop-thu/",
    "/toi/nhan-thong-bao/",
    "/toi/du-lieu-theo-doi/",
    "/tra-cuu-ho-so/",
    "/toi/giai-trinh/",
    "/toi/duoc-giup/",
    "/giup-mo-tai-khoan/",
    "/phan-anh/cua-toi/",
    "/phan-anh/gui/",
    "/phan-anh/tep/",
    "/dang-nhap/",
    "/dang-xuat/",
    "/tai-khoan/",
    "/noi-dung-quan-tri/",
    "/m/",
    "/api/",
    "/healthz",
    "/readyz",
)

# The one page of officials that is kept, and by itself only: the log of visits works in villages without a network. It holds nothing
# of the server's but words of its own; village names and visits lie in the page's own IndexedDB (docs/adr/0009-visits-offline.md).
KEPT_SHELLS = ("/can-bo/to-cong-nghe/so-tham/",)

# Pages that open without a network from the first visit on: in place of the page, its frame without anything of anybody
# (docs/adr/0035-reports-that-wait.md).
FRAMES = (("citizen:report_send", "citizen:report_send_shell"), ("citizen:my_reports", "citizen:my_reports_shell"))


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the app to the phone. ``start_url`` carries the mark by which an opening from the home screen is known,

    and the code of the team that helped, where the page that was installed had one.
    """
    team_code = people_rules.clean_team_code(request.GET.get("to", ""))
    described = {
        "id": "/",
        "name": "Smart-HaiDuong",
        "short_name": "Smart-HaiDuong",
        "description": _("Thông báo, danh bạ khẩn cấp và tra cứu của tỉnh, đúng xã, phường của bà con."),
        "lang": request.LANGUAGE_CODE,
        "dir": "ltr",
        "start_url": f"/?nguon={FROM_APP}{f'&to={team_code}' if team_code else ''}",
        "scope": "/",
        "display": "standalone",
        "orientation": "any",
        "background_color": "#f7f5f0",
        "theme_color": "#0c4f5b",
        "categories": ["government", "utilities"],
        "icons": [
            {
                "src": static(f"ui/apps/{name}-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, purpose in (("icon", "any"), ("maskable", "maskable"))
            for size in (192, 512)
        ],
        "shortcuts": [
            _shortcut(_("Gửi phản ánh"), reverse("citizen:report_send")),
            _shortcut(_("Gọi khẩn cấp"), f"{reverse('citizen:directory')}#khan-cap"),
            _shortcut(_("Địa chỉ cũ và mới"), reverse("citizen:addresses")),
            _shortcut(_("Thông báo"), reverse("citizen:notices")),
        ],
    }
    response = JsonResponse(described, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/manifest+json; charset=utf-8"
    response["Cache-Control"] = "no-cache"
    return response


def _shortcut(name: str, url: str) -> dict[str, object]:
    icon = {"src": static("ui/apps/icon-192.png"), "sizes": "192x192", "type": "image/png"}
    return {"name": name, "url": url, "icons": [icon]}


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker, which changes when a file of the shell does, or when there are ten times as many phones to tell."""
    response = HttpResponse(_worker(f"{clock.now():%Y%m%d%H}"), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


@lru_cache(maxsize=2)
def _worker(hour: str) -> str:
    """Return the facts of this build followed by the outbox and the worker, which are plain files of ours; counted anew each ``hour``."""
    frames = {reverse(page): reverse(frame) for page, frame in FRAMES}
    facts = {
        "build": release.mark(),
        "shell": [*release.shell_urls(), "/manifest.webmanifest", *frames.values()],
        "frames": frames,
        "offlinePage": reverse("citizen:offline"),
        "neverKept": NEVER_KEPT,
        "keptShells": KEPT_SHELLS,
        "keptFirst": [reverse("citizen:directory")],
        "icon": static("ui/apps/icon-192.png"),
        "tellOf": echoing.tell_of(),
    }
    words = json.dumps(facts, ensure_ascii=False)
    return "\n".join([f"self.APP = {words};", *(release.source(name) for name in release.WORKER)])
