"""A small server that plays departments' systems on this machine: a one-stop system, stations, cameras. For the demonstration and tests.

``smarthd connectors play --port 8790``. It keeps nothing: what it says follows from the code asked for and the hour.
"""

from __future__ import annotations

import io
import json
import math
import re
import time
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from smarthd.kernel import clock

HERE = clock.ZONE
MASK = "999.99.99.A99-999999-9999"
TOKEN = "khoa-dung-thu"  # noqa: S105 - opens nothing but this play
_DOSSIER = re.compile(r"/ho-so/(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-(\d{6})-(\d{4}))")
_STATION = re.compile(r"/tram/(muc-nuoc|mua|khong-khi)\.json")
_CAMERA = re.compile(r"/camera/(\d{1,2})\.jpg")
_STEPS = (
    ("Tiếp nhận hồ sơ", "Bộ phận một cửa"),
    ("Chuyển bộ phận chuyên môn", "Bộ phận một cửa"),
    ("Thẩm định", "Phòng chuyên môn"),
    ("Trình lãnh đạo ký", "Văn phòng"),
    ("Đã có kết quả, mời đến nhận", "Bộ phận một cửa"),
)
_PROCEDURES = (
    "Đăng ký khai sinh",
    "Cấp giấy phép xây dựng nhà ở",
    "Đăng ký hộ kinh doanh",
    "Chuyển mục đích sử dụng đất",
)
LAST_NUMBER = 60
MOVING = 1
"""The dossier of this number moves every ten minutes, so that a follower has something to be told."""


def now() -> datetime:
    """Return the hour here: of the demonstration where its clock was set, else of the world."""
    return clock.now().astimezone(HERE)


def dossier(code: str, day: str, number: int, at: datetime) -> dict[str, object] | None:
    """Return what the system knows of a dossier; None for a day that is none or far away, or a number never given."""
    try:
        received = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    age = (at.date() - received).days
    if not (0 <= age <= 90 and 1 <= number <= LAST_NUMBER):
        return None
    gone = (
        (at.hour * 6 + at.minute // 10) % len(_STEPS) + 1
        if number == MOVING
        else min(age // (1 + number % 3) + 1, len(_STEPS))
    )
    begin = datetime(received.year, received.month, received.day, 8, 30, tzinfo=HERE)
    apart = timedelta(minutes=10) if number == MOVING else timedelta(days=1 + number % 3)
    steps = [
        {
            "at": (begin + n * apart).isoformat(timespec="minutes"),
            "words": words,
            "where": where,
        }
        for n, (words, where) in enumerate(_STEPS[:gone])
    ]
    return {
        "code": code,
        "procedure": _PROCEDURES[number % len(_PROCEDURES)],
        "applicant": {"name": "Không ai", "note": "Tên người nộp có trong hệ thống; ứng dụng không đọc."},
        "status": {"text": _STEPS[gone - 1][0], "done": gone == len(_STEPS)},
        "office": _STEPS[gone - 1][1],
        "received": received.isoformat(),
        "due": (received + timedelta(days=15)).isoformat(),
        "history": steps,
    }


PATHS = {
    "state": "status.text", "finished": "status.done", "where": "office", "received_on": "received", "due_on": "due", "steps": "history",
    "step_at": "at", "step_words": "words", "step_where": "where",
}  # fmt: skip
"""Where the answers of this play keep what is read (``rules.dossiers.PARTS``)."""


QUANTITIES: dict[str, tuple[str, str]] = {
    "muc-nuoc": ("Mực nước", "m"), "mua": ("Mưa giờ", "mm"), "khong-khi": ("PM2.5", "µg/m³"),
}  # fmt: skip
STATIONS = (("Trạm minh họa A", 20.94, 106.33), ("Trạm minh họa B", 20.98, 106.40), ("Trạm minh họa C", 21.05, 106.36))
HOURS = 72


def readings(quantity: str, at: datetime) -> list[dict[str, str]]:
    """Return the readings of every station: each full hour of three days, and the last ten minutes."""
    words, measure = QUANTITIES[quantity]
    local = at.astimezone(HERE).replace(second=0, microsecond=0)
    hour = local.replace(minute=0)
    instants = [hour - timedelta(hours=back) for back in range(HOURS, -1, -1)]
    if latest := local.minute - local.minute % 10:
        instants.append(local.replace(minute=latest))
    return [
        {
            "Trạm": name, "Lúc đo": one.strftime("%Y-%m-%dT%H:%M"), "Giá trị": f"{_value(quantity, number, one):.2f}", "Đại lượng": words,
            "Đơn vị đo": measure, "Vĩ độ": str(lat), "Kinh độ": str(lon),
        }
        for number, (name, lat, lon) in enumerate(STATIONS)
        for one in instants
    ]  # fmt: skip


def _value(quantity: str, number: int, at: datetime) -> float:
    """Draw a reading that depends on station and instant alone: a tide, showers every third day, the dust of a city's day."""
    hours = at.timestamp() / 3600
    trembling = (int(at.timestamp() // 600) * 7919 * (number + 3)) % 97 / 97 - 0.5
    if quantity == "muc-nuoc":
        return 1.2 + 0.3 * number + 0.5 * math.sin((hours + 3 * number) / 4) + 0.06 * trembling
    if quantity == "mua":
        return max(0.0, 9 + number + 6 * trembling) if (hours + 2 * number) % 72 < 6 else 0.0
    return max(5.0, 32 + 8 * number + 14 * math.sin(hours / 6) + 6 * trembling)


def still(number: int, at: datetime) -> bytes:
    """Return a drawn picture in place of a camera's: a road, and the minute it was taken."""
    from PIL import Image, ImageDraw

    night = not 6 <= at.hour < 18
    picture = Image.new("RGB", (640, 360), (24, 30, 44) if night else (150, 190, 220))
    pen = ImageDraw.Draw(picture)
    pen.polygon([(0, 360), (640, 360), (380, 150), (260, 150)], fill=(60, 62, 66))
    for step in range(6):
        pen.polygon(
            [(316, 340 - step * 30), (324, 340 - step * 30), (322, 326 - step * 30), (318, 326 - step * 30)],
            fill=(230, 230, 230),
        )
    car = 120 + (number * 97 + at.minute * 13) % 360
    pen.rectangle((car, 250, car + 70, 290), fill=(180, 60, 50))
    pen.text((12, 12), f"CAMERA {number:02}  {at:%d/%m/%Y %H:%M}  (minh hoa)", fill=(255, 255, 255))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


class Play(BaseHTTPRequestHandler):
    """Answers GET; the one-stop system wants its key."""

    def do_GET(self) -> None:
        if found := _DOSSIER.fullmatch(self.path):
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._say(401, b"{}")
                return
            told = dossier(found.group(1), found.group(2), int(found.group(3)), now())
            self._say(200 if told else 404, json.dumps(told or {"error": "not found"}, ensure_ascii=False).encode())
        elif station := _STATION.fullmatch(self.path):
            self._say(200, json.dumps(readings(station.group(1), now()), ensure_ascii=False).encode())
        elif camera := _CAMERA.fullmatch(self.path):
            self._say(200, still(int(camera.group(1)), now()), kind="image/jpeg")
        else:
            self._say(404, b"{}")

    def _say(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: codes of dossiers stand in no log."""


def serve(port: int, *, host: str = "127.0.0.1") -> None:
    """Play until stopped. Where another play holds the port already, wait to take its place: one is as good as the other."""
    while True:
        try:
            server = ThreadingHTTPServer((host, port), Play)
        except OSError:
            time.sleep(10)
            continue
        server.serve_forever()
