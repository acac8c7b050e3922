"""A hidden report is hidden everywhere: each door that shows reports to everybody shows it before it is hidden, and not after.

The list of doors is the promise. Whoever opens another one adds it here: a door that does not show the report while it is public
fails the first half of the test, so that none is passed by looking at the wrong place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from smarthd.fieldreports.adapters.fake import FakeDetector
from smarthd.fieldreports.errors import AttachmentUnknown, ReportUnknown
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules.states import Visibility
from smarthd.fieldreports.selectors import exchange, gate, lists, maps, open_data, searching, suggestions
from smarthd.fieldreports.selectors.filters import Query
from smarthd.fieldreports.services import following, handling, joining, mapping, moderating, photos
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock

MARK = "trước nhà văn hóa đã tắt hẳn"
WORDS = f"Cột đèn zabarac {MARK}, tối đến không thấy lối đi"
LATER = make.NOW + timedelta(hours=2)
DAY = timedelta(days=1)
STRANGER = Caller()
OPEN311 = "/open311/v2"


@pytest.fixture
def land(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[make.Land]:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    fake = FakeDetector()
    monkeypatch.setattr(photos, "detector", lambda: fake)
    clock.set_now(LATER)
    yield make.land(tmp_path)
    clock.set_now(None)


class Doors:
    """Every door by which everybody looks at reports, for one report."""

    def __init__(self, report: Report, photo: Any, follower: Caller, child: Report, merged: Report) -> None:
        self.report, self.photo, self.follower, self.child, self.merged = report, photo, follower, child, merged
        self.lat, self.lon = report.lat or 0.0, report.lon or 0.0

    # --- selectors -----------------------------------------------------------------------------------------------
    def gate(self) -> object:
        try:
            return gate.report_for(STRANGER, self.report.code, now=LATER).row.code
        except ReportUnknown:
            return ""

    def file(self) -> object:
        try:
            return self.report.code if gate.attachment_for(STRANGER, self.photo) else ""
        except AttachmentUnknown:
            return ""

    def follower_reads(self) -> object:
        return [row.code for row in lists.followed_reports(self.follower, now=LATER)]

    def public_list(self) -> object:
        return [row.code for row in lists.public_list(Query(), now=LATER).items]

    def public_list_by_code(self) -> object:
        return [row.code for row in lists.public_list(Query(codes=(self.report.code,)), now=LATER).items]

    def nearby(self) -> object:
        return [row.code for row, _metres in lists.nearby(self.lat, self.lon, radius_m=500, now=LATER)]

    def points(self) -> object:
        return [point.code for point in self._map(18).points]

    def clusters(self) -> object:
        """The clusters tell no codes: the report's own share of their count stands for it."""
        others = Report.objects.filter(visibility=Visibility.PUBLIC).exclude(state="merged").exclude(pk=self.report.pk)
        return [self.report.code] * (self._map(3).count - others.count())

    def _map(self, zoom: int) -> maps.MapAnswer:
        mapping.fold()
        edges = (self.lon - 0.01, self.lat - 0.01, self.lon + 0.01, self.lat + 0.01)
        return maps.clusters(*edges, zoom=zoom, query=Query(), now=LATER)

    def search(self) -> object:
        return [row.code for row in searching.search("zabarac", now=LATER).items]

    def search_by_code(self) -> object:
        return [row.code for row in searching.search(self.report.code, now=LATER).items]

    def search_index(self) -> object:
        return [document.code for document in searching.search_documents()]

    def likely_duplicates(self) -> object:
        found = suggestions.duplicates_for(
            lat=self.lat,
            lon=self.lon,
            commune_id=self.report.commune_id,
            category_key="den-duong",
            words=WORDS,
            at=LATER,
            now=LATER,
        )
        return [one.row.code for one in found]

    def open_data(self) -> object:
        day = clock.day_of(make.NOW)
        return [row["code"] for row in open_data.rows_between(day, day, now=LATER)]

    def exchange(self) -> object:
        return [one.row.code for one in exchange.between(make.NOW - DAY, LATER, now=LATER)]

    def exchange_by_code(self) -> object:
        return [one.row.code for one in exchange.by_codes([self.report.code], now=LATER)]

    def named_by_its_part(self) -> object:
        return gate.report_for(STRANGER, self.child.code, now=LATER).parent_code

    def named_by_what_went_into_it(self) -> object:
        return gate.report_for(STRANGER, self.merged.code, now=LATER).merged_into

    # --- pages -----------------------------------------------------------------------------------------------------
    def case_page(self) -> object:
        return _page(f"/phan-anh/{self.report.code}/")

    def list_page(self) -> object:
        return _page("/phan-anh/")

    def list_page_by_words(self) -> object:
        return _page("/phan-anh/?q=zabarac")

    def page_of_its_part(self) -> object:
        return _page(f"/phan-anh/{self.child.code}/")

    def page_of_what_went_into_it(self) -> object:
        return _page(f"/phan-anh/{self.merged.code}/")

    def map_page(self) -> object:
        mapping.fold()
        edges = f"tay={self.lon - 0.01}&nam={self.lat - 0.01}&dong={self.lon + 0.01}&bac={self.lat + 0.01}"
        return _page(f"/phan-anh/ban-do/diem.json?{edges}&z=18")

    def site_search(self) -> object:
        return _page("/tim/?q=zabarac")

    def feed(self) -> object:
        return _page("/phan-anh/nguon-tin.atom")

    def open_data_csv(self) -> object:
        return _page("/phan-anh/du-lieu-mo/phan-anh.csv")

    def open_data_json(self) -> object:
        return _page("/phan-anh/du-lieu-mo/phan-anh.json")

    def open_data_geojson(self) -> object:
        return _page("/phan-anh/du-lieu-mo/phan-anh.geojson")

    def hints_while_writing(self) -> object:
        typed = {"words": WORDS, "category": "den-duong", "lat": self.lat, "lon": self.lon, "place_source": "pin"}
        return Client().post("/phan-anh/gui/goi-y/", typed).content.decode()

    def photo_page(self) -> object:
        return self.report.code if _page(f"/phan-anh/tep/{self.photo}/", raw=True) else ""

    # --- Open311 -----------------------------------------------------------------------------------------------------
    def open311_by_number(self) -> object:
        return _page(f"{OPEN311}/requests/{self.report.code}.json")

    def open311_by_number_in_xml(self) -> object:
        return _page(f"{OPEN311}/requests/{self.report.code}.xml")

    def open311_list(self) -> object:
        return _page(f"{OPEN311}/requests.json")

    def open311_list_by_number(self) -> object:
        return _page(f"{OPEN311}/requests.json?service_request_id={self.report.code}")

    def open311_token(self) -> object:
        return _page(f"{OPEN311}/tokens/{self.report.uid.hex}.json")

    def open311_of_what_went_into_it(self) -> object:
        return _page(f"{OPEN311}/requests/{self.merged.code}.json")

    def all(self) -> dict[str, Callable[[], object]]:
        """Return every door by its name."""
        return {name: getattr(self, name) for name in vars(Doors) if not name.startswith("_") and name != "all"}


def _page(path: str, *, raw: bool = False) -> str:
    """Return what an address answers to everybody, the address itself left out; empty where there is nothing."""
    answer = Client().get(path)
    if answer.status_code != 200:
        assert answer.status_code == 404
        return ""
    body = answer.getvalue()  # to the end, which closes a file that is streamed
    return "there" if raw else body.decode()


@pytest.fixture
def doors(land: make.Land) -> Doors:
    """A report as public as can be: read, with a photo, followed, split, with another merged into it."""
    sender, follower = make.citizen(), make.citizen()
    photo = make.upload(make.picture(), sender)
    photos.process(photo, now=make.NOW)
    report = make.sent(land, sender, words=WORDS, attachment_uids=[photo])
    handling.accept(report.code, caller=land.clerk, now=make.NOW)
    following.follow_report(report.code, caller=follower, now=make.NOW)
    merged = make.sent(land)
    handling.accept(merged.code, caller=land.clerk, now=make.NOW)
    joining.merge([merged.code], into=report.code, words="Cùng một cột đèn", caller=land.dispatcher, now=make.NOW)
    parts = [
        joining.NewPart(words=f"Việc thứ {number} của cột đèn", category_key="den-duong", agency_id=land.commune)
        for number in (1, 2)
    ]
    child = joining.split(report.code, parts=parts, caller=land.dispatcher, now=make.NOW)[0]
    handling.accept(child.code, caller=land.clerk, now=make.NOW) if child.state == "received" else None
    return Doors(report, photo, follower, child, merged)


def test_a_hidden_report_is_hidden_everywhere(land: make.Land, doors: Doors) -> None:
    shown = {name: door() for name, door in doors.all().items()}
    assert [name for name, told in shown.items() if doors.report.code not in str(told)] == []
    moderating.hide_report(doors.report.code, words="Nêu tên và số điện thoại người khác", caller=land.chief, now=LATER)
    after = {name: str(door()) for name, door in doors.all().items()}
    assert [name for name, told in after.items() if doors.report.code in told or MARK in told] == []


def test_a_hidden_report_is_still_there_for_who_sent_it_and_who_handles_it(land: make.Land) -> None:
    sender = make.citizen()
    report = make.sent(land, sender, words=WORDS)
    moderating.hide_report(report.code, words="Nêu tên và số điện thoại người khác", caller=land.chief, now=LATER)
    for caller in (sender, land.clerk):
        assert gate.report_for(caller, report.code, now=LATER).hidden_reason


def test_nobody_else_can_act_on_a_hidden_report(land: make.Land, doors: Doors) -> None:
    moderating.hide_report(doors.report.code, words="Nêu tên và số điện thoại người khác", caller=land.chief, now=LATER)
    for act in ("theo-doi", "xac-nhan", "mo-lai", "danh-gia"):
        assert Client().post(f"/phan-anh/{doors.report.code}/{act}/", {"words": "Vẫn còn tắt hẳn"}).status_code == 404
    with pytest.raises(ReportUnknown):
        following.follow_report(doors.report.code, caller=make.citizen(), now=LATER)
