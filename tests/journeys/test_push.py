"""A phone agrees to be told, a public message goes out, and the phone shows it: sealed by us, opened by the browser's own keys.

Chromium cannot subscribe without the internet: its push service's part is played by ours (``smarthd messaging sink``), and what ours got is
opened with an independent library and handed to the service worker as the browser would.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import http_ece
import pytest
from playwright.sync_api import Page, expect

from smarthd.messaging.adapters.sink.server import Sink
from smarthd.messaging.tests import make
from tests.environment import ROOT
from tests.journeys import acts, looks
from tests.journeys.conftest import Site

COMMUNE = "Xã Kiến Hưng"
SUBSCRIBE = """
(told) => {
  let current = null;
  const made = () => ({
    endpoint: told.endpoint, options: {}, toJSON: () => told,
    unsubscribe: async () => { current = null; return true; },
  });
  PushManager.prototype.subscribe = async () => (current = made());
  PushManager.prototype.getSubscription = async () => current;
}
"""
FANOUT = """
import django; django.setup()
from datetime import timedelta
from smarthd.kernel import clock
from smarthd.messaging import services
from smarthd.messaging.rules import Lane, Topic, Urgency
from smarthd.messaging.values import PushPayload
from smarthd.places import selectors as places
now = clock.now()
[match] = [m for m in places.search("{commune}", clock.today(), levels=("commune",)) if m.unit.standing][:1]
services.start_fanout(key="journey", lane=Lane.LIFE, communes=[match.unit.id], topic=Topic.ALERTS, replaces=None, test_accounts=None,
    payloads={{"vi": PushPayload(title="Bão số 3 đổ bộ", body="Ở yên trong nhà.", href="/thong-bao/", tag="bao-3", urgency=Urgency.HIGH)}},
    expires_at=now + timedelta(hours=3), now=now)
"""
CUTS = """
import django; django.setup()
from smarthd.agencies import selectors as agencies
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.selectors import public
from smarthd.connectors.services import planting, publishing, reading
from smarthd.connectors.services.sources import NewSource
from smarthd.connectors.models import Source, Version
from smarthd.kernel import actor, clock
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.places import selectors as places
from datetime import timedelta
import csv, io
now, system = clock.now(), actor.system("test")
day = clock.today() + timedelta(days=1)
[unit] = [m.unit for m in places.search("{commune}", clock.today(), levels=("commune",)) if m.unit.standing][:1]
row = lambda n: (f"L{{n}}", f"Xóm {{n}}", "Cắt điện", unit.full_name, f"{{day:%d/%m/%Y}} 08:00", f"{{day:%d/%m/%Y}} 11:00", "Bảo dưỡng", "")
rows = [row(n) for n in range(1, {count} + 1)]
source = Source.objects.filter(key="lich-cat-dien-cua-xa").first()
if source is None:
    new = NewSource(title="Lịch cắt điện của xã", agency_id=agencies.agencies_on(clock.today())[0].id, kind=SourceKind.UPLOAD, template="cat-dien-nuoc")
    planting.publish_rows(new, rows, actor=system, now=now)
else:
    out = io.StringIO()
    csv.writer(out).writerows([[one.header for one in mapping_of(source.mapping).fields], *rows])
    run = reading.hand_in(uid=source.uid, raw=out.getvalue().encode("utf-8-sig"), file_name="cat.csv", encoding="", actor=system, now=now)
    publishing.publish(uid=source.uid, number=Version.objects.get(run=run).number, actor=system, now=now)
"""


@pytest.fixture
def sink(site: Site) -> Iterator[Sink]:
    with Sink(Path(site.environ["DATA_DIR"]) / "push-sink", keep=True) as running:
        yield running


@pytest.fixture
def phone(sink: Sink) -> make.Phone:
    return make.phone(f"{sink.origin}/p/ok/journey", own_key=True)


@pytest.fixture
def page(whole_page: Page, site: Site, phone: make.Phone) -> Page:
    """A phone in Chromium whole: the shell without windows shows no notifications."""
    context = whole_page.context
    context.grant_permissions(["notifications"], origin=site.url)
    told = {"endpoint": phone.endpoint, "keys": {"p256dh": make.b64(phone.public), "auth": make.b64(phone.auth)}}
    context.add_init_script(f"({SUBSCRIBE})({json.dumps(told)})")
    return whole_page


def deliver(page: Page, site: Site, plain: str) -> None:
    """Hand a push to the service worker, as the browser does."""
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    acts.until(lambda: bool(found) or page.wait_for_timeout(50))
    devtools.send("ServiceWorker.deliverPushMessage", {"origin": site.url, "registrationId": found[0], "data": plain})


def within(site: Site, script: str) -> None:
    """Do what no page does, in the site's own process environment."""
    done = subprocess.run(
        [sys.executable, "-c", script], env={**site.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


def shown(page: Page) -> list[dict[str, object]]:
    return page.evaluate(
        "async () => (await (await navigator.serviceWorker.ready).getNotifications())"
        ".map(({title, body, tag, data, requireInteraction, silent}) => ({title, body, tag, data, requireInteraction, silent}))"
    )


def test_a_phone_agrees_and_is_shown_what_was_sealed_for_it(
    page: Page, site: Site, sink: Sink, phone: make.Phone
) -> None:
    acts.choose_commune(page, site, COMMUNE)
    page.goto(f"{site.url}/toi/nhan-thong-bao/")
    acts.until_the_worker_serves(page)
    page.reload()
    looks.must_be_fit(page)
    page.get_by_role("button", name="Đồng ý và bật thông báo").click()
    expect(page.get_by_role("button", name="Tắt thông báo trên điện thoại này")).to_be_visible()
    looks.must_be_fit(page)
    page.get_by_label("Tin của xã, phường và của tỉnh").uncheck()
    page.get_by_label("Thêm xã, phường").select_option(index=3)
    page.get_by_role("button", name="Lưu lựa chọn").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    [(muted, places)] = site.sql(
        "SELECT s.muted, count(p.id) FROM messaging_pushsubscription s JOIN messaging_pushplace p ON p.subscription_id = s.id "
        "WHERE s.endpoint = %s GROUP BY 1",
        phone.endpoint,
    )
    assert (muted, places) == (8, 2)

    within(site, FANOUT.format(commune=COMMUNE))
    acts.until(lambda: bool(sink.box.letters) or page.wait_for_timeout(50))
    [(_path, _fields, body)] = sink.box.letters
    plain = http_ece.decrypt(body, private_key=phone.private, auth_secret=phone.auth).decode()

    deliver(page, site, plain)
    acts.until(lambda: bool(shown(page)))
    [said] = shown(page)
    assert (said["title"], said["body"], said["tag"]) == ("Bão số 3 đổ bộ", "Ở yên trong nhà.", "bao-3")
    assert said["data"]["href"] == f"{site.url}/thong-bao/"  # type: ignore[index]
    assert (said["requireInteraction"], said["silent"]) == (True, False)
    deliver(page, site, plain)  # the same once more: in its place, without a sound
    acts.until(lambda: bool(shown(page)[0]["silent"]))
    assert len(shown(page)) == 1

    page.get_by_role("button", name="Tắt thông báo trên điện thoại này").click()
    expect(page.get_by_role("button", name="Đồng ý và bật thông báo")).to_be_visible()
    assert site.sql("SELECT 1 FROM messaging_pushsubscription WHERE endpoint = %s", phone.endpoint) == []


def test_who_follows_their_communes_cuts_is_shown_the_new_one_on_the_phone(
    page: Page, site: Site, sink: Sink, phone: make.Phone
) -> None:
    within(site, CUTS.format(commune=COMMUNE, count=1))
    acts.choose_commune(page, site, COMMUNE)
    acts.sign_in(page, site, acts.new_number())
    page.goto(f"{site.url}/toi/nhan-thong-bao/")
    acts.until_the_worker_serves(page)
    page.reload()
    page.get_by_role("button", name="Đồng ý và bật thông báo").click()
    expect(page.get_by_role("button", name="Tắt thông báo trên điện thoại này")).to_be_visible()
    site.sql_write(  # whatever the hour this is told at
        "UPDATE messaging_pushsubscription SET quiet_from = NULL, quiet_to = NULL WHERE endpoint = %s", phone.endpoint
    )
    page.goto(f"{site.url}/du-lieu/lich-cat-dien-cua-xa/")
    home = page.get_by_role("region", name=COMMUNE)
    expect(home.get_by_text("Xóm 1")).to_be_visible()
    expect(home.get_by_text("08:00–11:00, ngày mai")).to_be_visible()
    home.get_by_role("button", name=f"Báo khi {COMMUNE} có thay đổi").click()
    expect(page.get_by_text("Đã ghi. Khi có thay đổi")).to_be_visible()
    expect(home.get_by_role("button", name="Đang theo dõi. Thôi theo dõi")).to_be_visible()

    sink.box.letters.clear()
    within(site, CUTS.format(commune=COMMUNE, count=2))
    acts.until(lambda: bool(sink.box.letters) or page.wait_for_timeout(50))
    [(_path, _fields, body)] = sink.box.letters
    deliver(page, site, http_ece.decrypt(body, private_key=phone.private, auth_secret=phone.auth).decode())
    acts.until(lambda: bool(shown(page)))
    [said] = shown(page)
    assert said["title"] == f"Lịch cắt điện của xã: {COMMUNE}"
    assert "Xóm 2" in str(said["body"])
    assert "Xóm 1" not in str(said["body"])
    acts.until(lambda: site.sql("SELECT 1 FROM messaging_inboxitem WHERE title LIKE 'Lịch cắt điện của xã%%'") != [])
    page.goto(str(said["data"]["href"]))  # type: ignore[index]
    expect(page.get_by_text("Xóm 2")).to_be_visible()
    site.sql_write("UPDATE connectors_source SET ended_at = now() WHERE key = 'lich-cat-dien-cua-xa'")


def test_a_phone_that_forbids_notifications_is_told_how_to_allow_them(new_context, site: Site) -> None:
    page = new_context().new_page()
    page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    page.goto(f"{site.url}/toi/nhan-thong-bao/")
    expect(page.get_by_text("Điện thoại đang chặn thông báo của ứng dụng")).to_be_visible()
    looks.must_be_fit(page)


def test_a_phone_tells_once_that_a_warning_was_shown_and_that_it_was_pressed(page: Page, site: Site) -> None:
    [(code,)] = site.sql(
        "SELECT code FROM alerts_alert WHERE status = 'Actual' AND issued_at IS NOT NULL ORDER BY id LIMIT 1"
    )
    acts.choose_commune(page, site, "Thành Đông")
    page.goto(f"{site.url}/danh-ba/")
    acts.until_the_worker_serves(page)
    href = f"{site.url}/canh-bao/{code}/"
    said = {"title": "Bão", "body": "", "navigate": href, "tag": "t", "data": {"id": "echo-1", "href": href}}
    before = echoes(site, code)
    for _again in range(2):
        deliver(page, site, json.dumps({"web_push": 8030, "notification": said}))
    acts.until(lambda: bool(shown(page)))
    acts.until(lambda: echoes(site, code) == [*before, ("shown", "Thành Đông")])
    deliver(
        page,
        site,
        json.dumps(
            {
                "web_push": 8030,
                "notification": {**said, "navigate": f"{site.url}/thong-bao/", "tag": "n", "data": {"id": "echo-2"}},
            }
        ),
    )
    acts.until(lambda: len(shown(page)) == 2)
    assert echoes(site, code) == [*before, ("shown", "Thành Đông")]  # not a warning: nobody is told
    [worker] = page.context.service_workers
    worker.evaluate(
        """async () => {
          const [one] = await self.registration.getNotifications({ tag: "t" });
          self.dispatchEvent(new NotificationEvent("notificationclick", { notification: one }));
        }"""
    )
    acts.until(
        lambda: sorted(echoes(site, code)) == sorted([*before, ("shown", "Thành Đông"), ("pressed", "Thành Đông")])
    )


def echoes(site: Site, code: object) -> list[tuple[object, ...]]:
    """Return what phones told of a warning, and where they are."""
    return site.sql(
        "SELECT e.what, v.name FROM alerts_echo e JOIN alerts_alert a ON a.id = e.alert_id LEFT JOIN places_unitversion v "
        "ON v.unit_id = e.commune_id AND v.valid_to IS NULL WHERE a.code = %s ORDER BY e.id",
        code,
    )
