"""SOAP asked of a server others wrote (spyne), which validates what it is sent against its own WSDL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smarthd.connectors.adapters import kinds
from smarthd.connectors.ports import SourceRefused, SourceUnavailable
from smarthd.connectors.rules.places import problems
from smarthd.connectors.rules.sources import SourceKind

BODY = (
    "<n:DanhSach xmlns:n='urn:so-y-te'><n:user>{{user}}</n:user><n:password>{{password}}</n:password>"
    "<n:nhieu_nhat>5</n:nhieu_nhat></n:DanhSach>"
)
LETS_IN = {"user": "so", "password": 'a<b&"c'}


@pytest.fixture(scope="module", params=["1.1", "1.2"])
def service(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    step = [sys.executable, str(Path(__file__).with_name("soap_server.py")), request.param]
    with subprocess.Popen(step, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        yield {"url": f"http://127.0.0.1:{server.stdout.readline().strip()}/", "version": request.param}
        server.terminate()


def asked(service: dict[str, str], *, secret: dict[str, str] | None = None, **told: str) -> list[dict[str, Any]]:
    place = {"body": BODY, "action": "DanhSach", "rows": "DanhSachResult/NhaThuoc", **service, **told}
    let_in = secret or LETS_IN
    assert problems(SourceKind.SOAP, place, let_in) == {}
    table = kinds.connector(SourceKind.SOAP, place, let_in, inside=["127.0.0.1"]).read()
    return [dict(zip(table.columns, line.cells, strict=True)) for line in table.lines]


def test_its_rows_are_read_with_their_inner_parts_and_signs(service):
    first, second = asked(service)
    assert first == {
        "Ma": "N1", "Ten": "An & Khang", "CapNgay": "2026-11-01", "SoNguoi": "3", "ViTri.Lat": "20.9", "ViTri.Lon": "106.3",
    }  # fmt: skip
    assert second["Ten"] == "Hồng <Phúc>"
    assert second["CapNgay"] == second["ViTri.Lat"] == ""


def test_its_fault_is_told_without_the_secret_it_repeats(service):
    with pytest.raises(SourceRefused, match="dịch vụ báo lỗi") as refused:
        asked(service, secret={"user": "so", "password": "sai-mat-khau"})
    assert "sai-mat-khau" not in str(refused.value)


def test_what_its_schema_refuses_is_told_whether_it_says_so_or_breaks(service):
    said = {"1.1": "dịch vụ báo lỗi", "1.2": "máy chủ trả lời 500"}[
        service["version"]
    ]  # its 1.2 breaks on its own fault
    with pytest.raises((SourceRefused, SourceUnavailable), match=said):
        asked(service, body=BODY.replace("<n:nhieu_nhat>5", "<n:nhieu_nhat>năm"))
