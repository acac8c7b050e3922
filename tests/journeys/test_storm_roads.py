"""The same storm by the other roads: phones, two loudspeaker clusters, a station that airs it; then a drill nobody can take for the real thing.

The push service, the clusters (``smarthd channels speaker``, over HTTP and MQTT), the mail server and the station are played on this machine;
what the desk shows is held against what each of them counted itself.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

import http_ece
import pytest
from docx import Document
from lxml import etree
from playwright.sync_api import Browser, Page, expect

from smarthd.channels.tests.broker import broker, free_port
from smarthd.messaging.adapters.sink.server import Sink
from smarthd.messaging.tests import make
from tests.environment import ROOT
from tests.journeys import acts, looks
from tests.journeys.conftest import Site
from tests.journeys.postbox import Postbox
from tests.journeys.storm import DESK, Approver, As, write

STATION = "thoisu@dai-thu.example"
TARGETED, AWAY = ("Phường Thành Đông", "Xã Nam Sách"), "Xã Kiến Hưng"
PHONES = {TARGETED[0]: 3, TARGETED[1]: 2, AWAY: 2}
FLOOD = "Lũ sông Kinh Thầy lên nhanh: rời bãi ngoài đê trước 3 giờ"
DRILL = "Nước tràn đê bối: sơ tán theo kịch bản"


@dataclass
class Speaker:
    """A cluster as its commune runs it, and what it printed."""

    address: str
    log: Path

    def heard(self) -> list[str]:
        """Return the titles it played, in order."""
        return re.findall(r"^\[loa [\w-]+\] (.*?) \(phát \d+ lần\)$", self.log.read_text("utf-8"), re.M)


@contextmanager
def speaker(site: Site, name: str, *, mqtt: str = "") -> Iterator[Speaker]:
    """Run ``smarthd channels speaker`` while the block lasts."""
    port, log = free_port(), Path(site.environ["DATA_DIR"]) / f"{name}.log"
    road = ["--mqtt", mqtt] if mqtt else ["--port", str(port)]
    with log.open("wb") as out:
        running = subprocess.Popen(
            [sys.executable, "-u", "-m", "config.cli", "channels", "speaker", "--cluster", name, *road],
            env={**site.environ, "PYTHONIOENCODING": "utf-8"}, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            acts.until(lambda: "đang nghe" in log.read_text("utf-8") or running.poll() is not None)
            assert running.poll() is None, log.read_text("utf-8")[-2000:]
            yield Speaker(f"{mqtt}/{name}" if mqtt else f"http://127.0.0.1:{port}/{name}", log)
        finally:
            running.terminate()
            running.wait(20)


def add_outlet(page: Page, site: Site, kind: str, name: str, *, address: str, commune: str = "") -> None:
    """Add who carries our words on, as the administrator does."""
    page.goto(f"{site.url}/can-bo/kenh-phat/noi-nhan/them/{kind}/")
    page.get_by_label("Tên nơi nhận").fill(name)
    page.get_by_label("Địa chỉ").fill(address)
    if commune:
        page.get_by_label("Xã, phường").select_option(label=commune)
    page.get_by_role("button", name="Lưu nơi nhận").click()
    expect(page.get_by_text("Đã thêm nơi nhận.")).to_be_visible()


def agree(page: Page, site: Site, sink: Sink) -> dict[str, make.Phone]:
    """Let phones of three communes agree to be told; return them by the path of their subscription."""
    names = site.sql(
        "SELECT concat(v.kind, ' ', v.name), u.uid::text FROM places_unitversion v JOIN places_unit u ON u.id = v.unit_id "
        "WHERE v.valid_to IS NULL AND u.level = 'commune'"
    )
    uids = {str(name).lower(): uid for name, uid in names}
    phones: dict[str, make.Phone] = {}
    page.goto(f"{site.url}/toi/nhan-thong-bao/")
    for commune, count in PHONES.items():
        for number in range(count):
            path = f"/p/ok/{uids[commune.lower()]}-{number}"
            phones[path] = phone = make.phone(f"{sink.origin}{path}", own_key=True)
            told = {
                "endpoint": phone.endpoint, "keys": {"p256dh": make.b64(phone.public), "auth": make.b64(phone.auth)},
                "communes": [uids[commune.lower()]], "wording_version": 1,
            }  # fmt: skip
            status = page.evaluate(
                "(told) => fetch('/api/v1/push/subscriptions', {method: 'POST', headers: {'content-type': 'application/json'},"
                " body: JSON.stringify(told)}).then((answer) => answer.status)",
                told,
            )
            assert status == 200
    return phones


def letters_of(sink: Sink, phones: dict[str, make.Phone]) -> list[tuple[str, dict[str, str]]]:
    """Open what the push service got with the phones' own keys."""
    opened = []
    for path, _fields, body in list(sink.box.letters):
        plain = http_ece.decrypt(body, private_key=phones[path].private, auth_secret=phones[path].auth)
        opened.append((path, json.loads(plain)["notification"]))
    return opened


def subject(mail: Message) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def mail_to_station(postbox: Postbox, said: str) -> Message:
    """Wait for the station's letter about something."""
    found: list[Message] = []

    def came() -> bool:
        found[:] = [one for one in postbox.received if one["To"] == STATION and said in subject(one)]
        return bool(found)

    acts.until(came)
    return found[0]


def text_of(mail: Message) -> str:
    raw = mail.get_payload(decode=True)
    assert isinstance(raw, bytes)
    return raw.decode().replace("\r\n", "\n")


def air(browser: Browser, mail: Message, by: str) -> tuple[str, bytes]:
    """Do what a newsroom does: follow the letter, fetch script and recording, air it and say so. Return the script's text and the MP3."""
    [link] = re.findall(r"^https?://\S+/kenh-phat/nhan/\S+$", text_of(mail), re.M)
    page = browser.new_page()
    page.goto(link)
    docx = page.request.get(link + "loi-doc.docx").body()
    answer = page.request.get(link + "loi-doc.mp3")
    assert answer.headers["content-type"] == "audio/mpeg"
    mp3 = answer.body()
    page.get_by_label("Tên người báo").fill(by)
    page.get_by_role("button", name="Đã phát, đã đăng").click()
    expect(page.get_by_role("status")).to_contain_text(by)
    page.close()
    book = Document(io.BytesIO(docx))
    lines = [*(p.text for p in book.sections[0].header.paragraphs), *(p.text for p in book.paragraphs)]
    return "\n".join(lines), mp3


def roads_on_desk(page: Page, site: Site, code: str) -> dict[str, str]:
    """Return what the duty desk says of each outlet."""
    page.goto(f"{site.url}/can-bo/canh-bao/{code}/truc/")
    rows = page.locator("[data-live=kenh] .list-item").all()
    return {row.locator(".list-title").inner_text(): " ".join(row.inner_text().split()) for row in rows}


def reach_on_desk(page: Page, commune: str) -> tuple[int, int]:
    """Return how many phones of a commune were told of a warning, and how many accepted, as the open desk shows."""
    cells = page.get_by_role("row", name=commune).locator("td").all_inner_texts()
    return int(cells[0]), int(cells[1])


@pytest.mark.slow
def test_the_storm_takes_every_road_and_a_drill_says_so_on_each(
    site: Site, as_role: As, new_context: As, browser: Browser, postbox: Postbox
) -> None:
    data = Path(site.environ["DATA_DIR"])
    with (
        broker() as mqtt,
        speaker(site, "loa-thanh-dong") as first,
        speaker(site, "loa-nam-sach", mqtt=mqtt) as second,
        speaker(site, "loa-kien-hung") as third,
        Sink(data / "push-sink", keep=True) as sink,
    ):
        administrator = as_role("administrator", **DESK).new_page()
        add_outlet(administrator, site, "loudspeaker", "Loa thử Thành Đông", address=first.address, commune=TARGETED[0])
        add_outlet(administrator, site, "loudspeaker", "Loa thử Nam Sách", address=second.address, commune=TARGETED[1])
        add_outlet(administrator, site, "loudspeaker", "Loa thử Kiến Hưng", address=third.address, commune=AWAY)
        add_outlet(administrator, site, "radio", "Đài thử", address=STATION)
        phones = agree(new_context().new_page(), site, sink)

        officer, author = Approver(as_role), as_role("alert_author", **DESK).new_page()
        code = write(author, site, *TARGETED, headline=FLOOD)
        officer.approve(site, code)

        # Phones: the push service's own count is the desk's count, and only the two communes were told.
        acts.until(lambda: sink.box.accepted >= 5)
        said = letters_of(sink, phones)
        acts.until(lambda: reach_of(site, code) == (5, 5))
        author.goto(f"{site.url}/can-bo/canh-bao/{code}/truc/")
        assert {commune: reach_on_desk(author, commune) for commune in TARGETED} == {
            TARGETED[0]: (3, 3),
            TARGETED[1]: (2, 2),
        }
        assert (sink.box.accepted, sink.box.duplicates, len({path for path, _ in said})) == (5, 0, 5)
        assert {one["title"] for _, one in said} == {FLOOD}

        # Loudspeakers: two played it once, the third nothing; the station aired it; the desk says so of each.
        acts.until(lambda: first.heard() == [FLOOD] == second.heard())
        script, mp3 = air(browser, mail_to_station(postbox, FLOOD), "Biên tập viên Hà")
        assert FLOOD in script
        assert "DIỄN TẬP" not in script
        assert mp3[:3] == b"ID3" or mp3[0] == 0xFF
        acts.until(lambda: played(site, code) == 2)
        desk = roads_on_desk(author, site, code)
        assert "phát 3 lần" in desk["Loa thử Thành Đông"]
        assert "phát 3 lần" in desk["Loa thử Nam Sách"]
        assert "Loa thử Kiến Hưng" not in desk
        assert "đã phát, đã đăng · Biên tập viên Hà" in desk["Đài thử"]
        looks.must_be_fit(author)
        author.set_viewport_size(looks.DESK)

        # Proof: a picture of the loudspeaker's log, added where the desk leads.
        author.get_by_role("link", name="Bản ghi, minh chứng, gửi lại").click()
        author.get_by_text("Thêm minh chứng").first.click()
        author.get_by_label("Của nơi nhận").select_option(label="Đài thử")
        author.get_by_label("Hoặc đường dẫn").fill("https://dai-thu.example/ban-tin-2-gio")
        author.get_by_role("button", name="Thêm minh chứng").click()
        expect(author.get_by_text("Đã thêm minh chứng.")).to_be_visible()
        assert "1 minh chứng" in roads_on_desk(author, site, code)["Đài thử"]

        # A drill in the first commune: every road says so first.
        drill = write(author, site, TARGETED[0], drill=True, headline=DRILL)
        officer.approve(site, drill, button="Duyệt và phát DIỄN TẬP")
        titled = f"DIỄN TẬP: {DRILL}"
        acts.until(lambda: sink.box.accepted >= 8)
        drilled = letters_of(sink, phones)[5:]
        assert {one["title"] for _, one in drilled} == {titled}
        assert all(one["body"].startswith("Đây là diễn tập") for _, one in drilled)
        acts.until(lambda: first.heard()[1:] == [titled])
        assert first.log.read_text("utf-8").partition(titled)[2].splitlines()[1].startswith("DIỄN TẬP. Đây là diễn tập")
        assert second.heard() == [FLOOD]
        assert third.heard() == []
        mail = mail_to_station(postbox, DRILL)
        assert subject(mail) == titled
        assert text_of(mail).startswith("DIỄN TẬP. Đây là diễn tập")
        drill_script, _mp3 = air(browser, mail, "Biên tập viên Hà")
        assert drill_script.startswith("DIỄN TẬP – DIỄN TẬP – DIỄN TẬP")
        anybody = new_context().new_page()
        message = etree.fromstring(anybody.request.get(f"{site.url}/canh-bao/{drill}.xml").body())
        found = {
            name: message.xpath(f"string(//*[local-name()='{name}'][1])")
            for name in ("status", "headline", "description")
        }
        assert found["status"] == "Exercise"
        assert found["headline"] == titled
        for kind in ("atom", "rss", "json", "geojson"):
            feed = anybody.request.get(f"{site.url}/canh-bao/feed.{kind}").text()
            assert DRILL not in feed.replace(titled, ""), kind
        anybody.goto(f"{site.url}/canh-bao/{drill}/")
        expect(anybody.get_by_role("heading", level=1)).to_have_text(titled)
        expect(anybody.get_by_text("DIỄN TẬP – không phải tình huống thật")).to_be_visible()
        log = (data / "site.log").read_text("utf-8", errors="replace")  # press and networks print on the terminal here
        assert titled in log
        assert DRILL not in log.replace(titled, "")
        site.sql_write(
            "UPDATE alerts_alert SET state = 'expired', ended_at = now() WHERE code IN (%s, %s)", code, drill
        )


def reach_of(site: Site, code: str) -> tuple[object, object]:
    """Return how many phones a warning was for and how many accepted, from the ledger."""
    [found] = site.sql(
        "SELECT f.targeted, (SELECT coalesce(sum(c.accepted_count), 0) FROM messaging_fanoutchunk c WHERE c.fanout_id = f.id) "
        "FROM messaging_fanout f JOIN alerts_alert a ON f.key = 'alert:' || a.uid WHERE a.code = %s",
        code,
    ) or [(0, 0)]
    return found[0], int(str(found[1]))


def played(site: Site, code: str) -> int:
    """Return how many clusters said that they played a warning."""
    [[count]] = site.sql(
        "SELECT count(*) FROM channels_dispatch d JOIN channels_bulletin b ON b.id = d.bulletin_id JOIN channels_outlet o "
        "ON o.id = d.outlet_id JOIN alerts_alert a ON b.key = a.uid::text WHERE a.code = %s AND o.kind = 'loudspeaker' "
        "AND d.state = 'received' AND o.name LIKE 'Loa thử%%'",
        code,
    )
    return int(str(count))
