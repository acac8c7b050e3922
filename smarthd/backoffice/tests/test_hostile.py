"""Every form of the desk against hostile input: what is wrong and where, in Vietnamese; nothing breaks, nothing is half-saved."""

from __future__ import annotations

import io
import itertools
import zipfile
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.agencies.tests.test_encodings import in_cp1258, in_tcvn3
from smarthd.agencies.tests.test_files import lying_bomb, zipped
from smarthd.backoffice.forms.rosters import UploadForm
from smarthd.backoffice.forms.sheets import LIMIT_MB
from smarthd.backoffice.tests import make
from smarthd.kernel.tests.make import kept

HOSTILE = {
    "empty": "",
    "spaces": "  \u00a0\u3000",
    "long": "x" * 10_000,
    "script": "<script>alert(1)</script>",
    "bidi": "\u202e\u2066gnửđ\u2069",
    "nul": "a\0b",
    "emoji": "👩‍👩‍👧🎉",
    "percent": "%(x)s {0} {{ x }}",
    "digits": "9" * 400,
    "controls": "\x1b[2J\x07\x0b\uffff",
}
FORMS = {
    "exemption_request": ("staff", "reason", "evidence", "note", "valid_from", "valid_to"),
    "exemption_decide": ("approve", "note"),
    "roster_upload": ("as_of", "encoding", "complete", "file"),
    "reports": ("campaign", "cut_off", "scope", "boundaries"),
    "report_sign": ("number",),
    "agency": ("phone", "role_name"),
}
LINES = "STT;Họ và tên;Chức vụ;Số điện thoại\r\n1;Nguyễn Văn Hùng;Phó chủ tịch;0912000001\r\n"


@pytest.fixture
def official(desk: make.Desk) -> Client:
    """Someone who may send every form."""
    return make.signed_in(make.official(desk.at, Role.HEAD, Role.ADMINISTRATOR))


def summary(page: str) -> str:
    """Return the lines of the error summary of a page."""
    return page.partition("data-error-summary")[2].partition("</ul>")[0]


def address_of(desk: make.Desk, view: str) -> str:
    return reverse(f"backoffice:{view}", kwargs=desk.address_parts(view))


@pytest.mark.parametrize(("view", "hostile"), list(itertools.product(FORMS, HOSTILE)))
def test_a_form_filled_with_nonsense_says_what_is_wrong_and_saves_nothing(desk, official, view, hostile):
    before = kept()
    answer = official.post(address_of(desk, view), dict.fromkeys(FORMS[view], HOSTILE[hostile]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert summary(page).count("<li>") >= 1
    assert not any(english in page for english in ("This field", "Enter a", "Select a", "Ensure this", "Null char"))
    assert "<script>alert" not in page
    looked = {"kernel_auditentry"}  # the unit's page shows names again, and each look is in the trail
    assert {table for table, mark in kept().items() if before[table] != mark} <= looked


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_second_factor_answers_nonsense_in_vietnamese(desk, hostile):
    from smarthd.people import services as people

    account_id = make.official(desk.at, Role.HEAD)
    secret = "JBSWY3DPEHPK3PXP"
    people.enrol_authenticator(account_id, secret=secret, actor=make.SYSTEM, now=make.NOW)
    client = make.signed_in(account_id, second_factor=False)
    answer = client.post(reverse("backoffice:second_factor"), {"code": HOSTILE[hostile]})
    assert answer.status_code == 200
    assert "Mã chưa đúng hoặc đã hết hạn" in answer.content.decode()
    assert client.get(reverse("backoffice:work")).status_code == 302


# --- a roster that cannot be one --------------------------------------------------------------------------------------
class Unreadable(File):
    """A file of which nobody may read a byte."""

    def read(self, num_bytes: int | None = None) -> bytes:
        raise AssertionError("read before it was weighed")

    chunks = open = read  # type: ignore[assignment]


@pytest.mark.parametrize("size", [(LIMIT_MB << 20) + 1, 300 << 20])
def test_a_file_too_large_is_refused_by_its_size_before_a_byte_is_read(size):
    heavy = Unreadable(io.BytesIO(), name="ds.xlsx")
    heavy.size = size
    form = UploadForm({}, {"file": heavy})
    assert not form.is_valid()
    assert "nhiều nhất 20 MB" in str(form.errors["file"])


def test_a_file_just_within_the_limit_is_weighed_and_then_read():
    heavy = Unreadable(io.BytesIO(), name="ds.xlsx")
    heavy.size = LIMIT_MB << 20
    with pytest.raises(AssertionError, match="read before"):
        UploadForm({}, {"file": heavy}).is_valid()


def bomb() -> bytes:
    """Return a small archive that says it unpacks to 300 MB."""
    raw = bytearray(zipped({"xl/worksheets/sheet1.xml": b"0" * (1 << 20)}))
    central = raw.rfind(b"PK\x01\x02")
    raw[central + 24 : central + 28] = (300 << 20).to_bytes(4, "little")
    return bytes(raw)


def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 512


def word_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("ds.xlsx", bomb, "Tệp nén bung ra quá lớn"),
        ("ds.xlsx", lying_bomb, "Tệp hỏng hoặc không phải xlsx"),
        ("ds.xlsx", lambda: agencies_make.workbook([["a"]])[:-200], "Tệp hỏng hoặc không phải xlsx"),
        ("ds.xls", locked, "Lưu thành"),
        ("ds.docx", word_document, "Hãy gửi tệp Excel (.xlsx) hoặc .csv."),
        ("ds.pdf", lambda: b"%PDF-1.7", "Hãy gửi tệp Excel (.xlsx) hoặc .csv."),
        ("ds.csv", lambda: b"", "Tệp trống"),
        ("ds.csv", lambda: in_cp1258(LINES), "Chữ trong tệp không phải Unicode"),
        ("ds.csv", lambda: in_tcvn3(LINES), "Chữ trong tệp không phải Unicode"),
        ("ds.csv", lambda: "a,b\n".encode("utf-16-le") * 3 + b"\0", "Chữ trong tệp không phải Unicode"),
        ("ds.csv", lambda: b"a;b\n\0;\0\n", "Chữ trong tệp không phải Unicode"),
        ("ds.csv", lambda: b"not a roster\n1\n", "Không thấy"),
        ("ds.csv", ('"' + "x" * 200_000).encode, "Dòng 1 có dấu ngoặc kép mở mà không đóng"),
    ],
    ids=lambda part: part if isinstance(part, str) and part.startswith("ds.") else "",
)
def test_a_file_that_is_no_roster_is_refused_beside_its_field_and_nothing_is_kept(desk, official, name, content, says):
    before = kept()
    answer = official.post(address_of(desk, "roster_upload"), {"file": SimpleUploadedFile(name, content())})
    assert answer.status_code == 422
    assert "Tệp danh sách" in summary(answer.content.decode())
    assert says in summary(answer.content.decode())
    assert kept() == before


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (in_cp1258(LINES), "windows-1258"),
        (in_tcvn3(LINES), "tcvn3"),
        (LINES.encode("utf-16"), ""),
        (LINES.encode("utf-16-le"), "utf-16-le"),
        (LINES.encode(), ""),
    ],
    ids=["windows-1258", "tcvn3", "utf-16 with its mark", "utf-16-le", "utf-8"],
)
def test_a_csv_in_an_old_encoding_is_read_once_the_clerk_has_named_it(desk, official, content, encoding):
    form = {"file": SimpleUploadedFile("ds.csv", content), "encoding": encoding}
    answer = official.post(address_of(desk, "roster_upload"), form, follow=True)
    assert answer.status_code == 200
    assert "Nguyễn Văn Hùng" in answer.content.decode()


@pytest.mark.parametrize(("encode", "name"), [(in_tcvn3, "TCVN3 (ABC)"), (in_cp1258, "Windows-1258")])
def test_a_csv_of_unclear_letters_is_shown_as_each_encoding_reads_it(desk, official, encode, name):
    answer = official.post(address_of(desk, "roster_upload"), {"file": SimpleUploadedFile("ds.csv", encode(LINES))})
    readings = answer.content.decode().partition('id="dong-mau"')[2].partition("</section>")[0].split("<dt>")
    (right,) = [part for part in readings if "Nguyễn Văn Hùng" in part]
    assert right.startswith(name)


def test_every_encoding_is_offered_by_its_name(desk, official):
    page = official.get(address_of(desk, "roster_upload")).content.decode()
    for value in ("windows-1258", "tcvn3", "vni", "utf-16-le"):
        assert f'value="{value}"' in page, value


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ((1, "Lê Văn Ba", "", "091", "", ""), "Số điện thoại"),
        ((1, "=cmd|' /C calc'!A0", "", "0912000003", "", ""), ""),
        ((1, "", "Công chức", "0912000003", "", ""), "Họ và tên"),
        ((1, "<script>alert(1)</script>", "", "0912000003", "", ""), ""),
        ((1, "\u202eLê Văn Ba", "x" * 10_000, "0912000003", "", ""), ""),
        ((1, "Lê Văn 👩‍👩‍👧", "", "0912000003", "", ""), ""),
    ],
)
def test_a_line_of_nonsense_is_shown_as_text_and_can_be_taken_home_as_text(desk, official, row: Any, says: str):
    raw = agencies_make.workbook([agencies_make.HEADINGS, row])
    answer = official.post(address_of(desk, "roster_upload"), {"file": SimpleUploadedFile("ds.xlsx", raw)}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert says in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    uid = answer.redirect_chain[-1][0].rstrip("/").rsplit("/", 1)[1]
    assert official.get(reverse("backoffice:roster_faulty", kwargs={"uid": uid})).status_code == 200
