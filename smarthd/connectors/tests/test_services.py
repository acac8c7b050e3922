"""SensorThings, NGSI-LD and SOAP against servers that answer as the standards write it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from smarthd.connectors.adapters import kinds
from smarthd.connectors.ports import FROM_THE_START, SourceRefused, State, Table
from smarthd.connectors.rules.places import problems
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.tests import services
from smarthd.kernel import clock

LETS_IN = {"user": "so", "password": 'a<b&"c'}
BODY = "<n:DanhSach xmlns:n='urn:so-y-te'><n:Ten>{{user}}</n:Ten><n:MatKhau>{{password}}</n:MatKhau></n:DanhSach>"


def read(kind: SourceKind, answer: services.Answer, state: State = FROM_THE_START, **told: str) -> Table:
    secret = {key: told.pop(key) for key in ("user", "password") if key in told}
    with services.served(answer) as url:
        place = {"url": url + told.pop("path", ""), **told}
        assert problems(kind, place, secret) == {}
        return kinds.connector(kind, place, secret, inside=["127.0.0.1"]).read(state)


def rows(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.columns, line.cells, strict=True)) for line in table.lines]


def soap(path: str, **told: str) -> Table:
    more = {"body": BODY, "rows": "DanhSachResult/NhaThuoc", "action": "urn:so-y-te/DanhSach", **LETS_IN, **told}
    return read(SourceKind.SOAP, services.soap, path=path, **more)


READS: dict[str, Callable[[], Table]] = {
    "SensorThings": lambda: read(SourceKind.SENSORTHINGS, services.sensorthings, path="/v1.1"),
    "NGSI-LD": lambda: read(SourceKind.NGSILD, services.broker, type="AirQualityObserved"),
    "SOAP": lambda: soap("/soap"),
}


@pytest.mark.parametrize("name", READS)
def test_each_reads_twice_the_same(name):
    first, again = READS[name](), READS[name]()
    assert (first.columns, first.lines) == (again.columns, again.lines)
    assert all(len(line.cells) == len(first.columns) for line in first.lines)


# --- SensorThings ------------------------------------------------------------------------------------------------------
def test_every_datastream_shows_its_latest_observation_and_where_it_stands():
    found = rows(READS["SensorThings"]())
    assert [row["Mã"] for row in found] == ["1", "2", "3", "4", "5"], "all pages"
    assert found[0] == {
        "Mã": "1", "Tên": "PM2.5 trạm 1", "Trạm": "Trạm 1", "Đại lượng": "PM2.5", "Giá trị": "1.5", "Đơn vị": "µg/m³",
        "Lúc": "2026-11-24T02:00:00+00:00", "Vĩ độ": "20.9000000", "Kinh độ": "106.3100000",
    }  # fmt: skip
    assert (found[2]["Giá trị"], found[2]["Lúc"]) == ("", ""), "one that never observed anything"
    assert found[1]["Kinh độ"] == "106.3200000", "a location that is a geometry, not a feature"


def test_observations_go_on_from_the_last_one_and_from_the_start_when_the_state_is_ahead():
    clock.set_now(datetime(2026, 11, 24, 5, tzinfo=UTC))
    try:
        whole = read(SourceKind.SENSORTHINGS, services.sensorthings, path="/v1.1", what="observations")
        assert (whole.whole, [row["Giá trị"] for row in rows(whole)]) == (True, ["0.0", "0.5", "1.0"])
        assert whole.state["at"] == "2026-11-24T02:00:00+00:00"
        since = read(SourceKind.SENSORTHINGS, services.sensorthings, whole.state, path="/v1.1", what="observations")
        assert (since.whole, [row["Mã"] for row in rows(since)]) == (False, ["2"])
        assert since.state == whole.state
        ahead = {**whole.state, "at": "2027-01-01T00:00:00+00:00"}
        again = read(SourceKind.SENSORTHINGS, services.sensorthings, ahead, path="/v1.1", what="observations")
        assert (again.whole, len(rows(again))) == (True, 3)
        told = {"what": "observations", "filter": "Datastream/id eq 1", "days": "1"}
        assert len(rows(read(SourceKind.SENSORTHINGS, services.sensorthings, path="/v1.1", **told))) == 3
    finally:
        clock.set_now(None)


@pytest.mark.parametrize("link", ["https://noi-khac.example.vn/v1.1/Datastreams", "/v1.1/Datastreams", "gopher://x/"])
def test_a_next_page_elsewhere_or_again_is_refused(link):
    def answer(*_asked: Any) -> services.Answered:
        import json

        return 200, "application/json", json.dumps({"value": [], "@iot.nextLink": link}).encode()

    with pytest.raises(SourceRefused, match=r"dẫn sang máy chủ khác|đã đọc"):
        read(SourceKind.SENSORTHINGS, answer, path="/v1.1")


# --- NGSI-LD -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", ["keyValues", "normalized"])
def test_entities_are_read_whichever_way_they_are_written(form):
    told = {"type": "AirQualityObserved", "form": form, "context": services.CONTEXT, "tenant": "so"}
    found = rows(read(SourceKind.NGSILD, services.broker, **told))
    assert len(found) == 120, "all pages"
    first = found[1]
    assert first["id"] == "urn:ngsi-ld:AirQualityObserved:HD:001"
    assert (first["NO2"], first["name"], first["dateObserved"]) == ("23", "Trạm 1", "2026-11-24T01:00:00Z")
    assert first["refPointOfInterest"] == "urn:ngsi-ld:PointOfInterest:HD:QuangTruong"
    assert (first["Vĩ độ"], first["Kinh độ"]) == ("20.9000000", "106.3000000")
    if form == "normalized":
        assert (first["NO2.observedAt"], first["NO2.unitCode"]) == ("2026-11-24T01:00:00Z", "GP")


def test_the_types_a_broker_holds_are_listed():
    with services.served(services.broker) as url:
        reader = kinds.connector(SourceKind.NGSILD, {"url": url, "type": "x"}, {}, inside=["127.0.0.1"])
        assert [one.name for one in reader.offers()] == ["AirQualityObserved", "Bus"]


# --- SOAP --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_an_operation_is_asked_with_its_secrets_filled_in_as_text(version):
    first, second = rows(soap("/soap", version=version))
    assert first == {
        "loai": "GPP", "Ma": "N1", "Ten": "An & Khang", "ViTri.Lat": "20.9", "ViTri.Lon": "106.3", "SDT": "0220, 0221",
    }  # fmt: skip
    assert second["Ten"] == "Hồng Phúc"
    assert second["ViTri.Lat"] == ""


def test_xml_and_json_that_come_as_text_are_opened_and_plain_xml_is_read():
    assert [row["Ma"] for row in rows(soap("/chuoi", rows="DanhSachResult"))] == ["N1", "N2"]
    assert [row["Ma"] for row in rows(soap("/json", rows="DanhSachResult/data"))] == ["N1", "N2"]
    plain = read(SourceKind.SOAP, services.soap, path="/xml", version="xml", rows="DanhSach/NhaThuoc")
    assert [row["Ma"] for row in rows(plain)] == ["N1", "N2"]
    assert rows(soap("/trong")) == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"password": "sai"}, "dịch vụ báo lỗi s:Client"),
        ({"rows": "KhongCo/NhaThuoc"}, "không thấy “KhongCo”"),
        ({"body": "<a><b></a>"}, "nội dung yêu cầu không phải XML"),
        ({"body": "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"}, "nội dung yêu cầu không phải XML"),
        ({"body": "<e:Envelope xmlns:e='x'/>"}, "không dán cả Envelope"),
    ],
)
def test_what_goes_wrong_is_told_without_what_was_sent(told, words):
    with pytest.raises(SourceRefused, match=words) as refused:
        soap("/soap", **told)
    assert "sai" not in str(refused.value)


def test_what_is_typed_for_each_is_judged():
    assert set(problems(SourceKind.WFS, {"url": "ftp://x", "layer": "a b", "version": "3"}, {})) == {"url", "layer", "version"}  # fmt: skip
    assert set(problems(SourceKind.SENSORTHINGS, {"url": "https://x.vn", "days": "0", "what": "la"}, {})) == {"days", "what"}  # fmt: skip
    assert set(problems(SourceKind.NGSILD, {"url": "https://x.vn", "context": "file:///x"}, {})) == {"type", "context"}
    assert set(problems(SourceKind.SOAP, {"url": "https://x.vn", "rows": "a"}, {})) == {"body"}
    assert problems(SourceKind.SOAP, {"url": "https://x.vn", "rows": "a", "version": "xml"}, {}) == {}
