"""A report's way: made by one, edited by another, checked, signed off by a third; its files the same whenever they are made."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.insights import errors, selectors, services
from smarthd.insights.models import ReportDocument
from smarthd.kernel.errors import NotAllowed

SECTION = "mo_dau"


@pytest.fixture
def people(desk: make.Desk) -> dict[str, int]:
    """Accounts of the province's committee that may make and sign."""
    roles = {"maker": Role.HEAD, "editor": Role.DELEGATE, "signer": Role.HEAD, "clerk": Role.CLERK}
    return {name: make.official(desk.at, role) for name, role in roles.items()}


def actor(account_id: int) -> Any:
    return agencies.actor_for(account_id, make.NOW, second_factor=True)


def ask(client: Client, view: str, uid: object, form: dict[str, str] | None = None) -> Any:
    address = reverse(f"backoffice:{view}", kwargs={"uid": uid})
    return client.get(address) if form is None else client.post(address, form)


def form(desk: make.Desk, **more: str) -> dict[str, str]:
    return {"campaign": "thu", "cut_off": "18/4/2024", "scope": f"{desk.at}:", "boundaries": ""} | more


def made_by(desk: make.Desk, account_id: int, **more: str) -> ReportDocument:
    """Return the report an official has just made through the page."""
    answer = make.signed_in(account_id).post(reverse("backoffice:reports"), form(desk, **more))
    assert answer.status_code == 302, answer.content.decode()
    return ReportDocument.objects.get(uid=answer["location"].rstrip("/").rsplit("/", 1)[1])


def file_of(client: Client, report: ReportDocument, suffix: str) -> tuple[bytes, str]:
    answer = client.get(reverse("backoffice:report_file", kwargs={"uid": report.uid, "suffix": suffix}))
    return answer.getvalue(), answer["content-disposition"]


def section(report: ReportDocument) -> str:
    """Return the key of the first section that has words."""
    return next(key for key, texts in report.narrative.items() if texts)


def test_a_report_is_made_edited_checked_and_signed_by_different_persons(desk, people):
    maker, editor, signer = (make.signed_in(people[name]) for name in ("maker", "editor", "signer"))
    report = made_by(desk, people["maker"])
    assert (report.status, report.version, report.made_by_id) == ("draft", 1, people["maker"])

    assert ask(editor, "report_edit", report.uid, {section(report): "Lời của người sửa."}).status_code == 302
    page = ask(signer, "report", report.uid).content.decode()
    assert "Lời của người sửa." in page
    assert 'name="number"' in page
    checked = signer.post(reverse("backoffice:report_check", kwargs={"uid": report.uid}), follow=True)
    assert "trùng khớp từng byte" in checked.content.decode()

    for name, client in (("maker", maker), ("editor", editor)):
        assert 'name="number"' not in ask(client, "report", report.uid).content.decode(), name
        refused = ask(client, "report_sign", report.uid, {"number": "128"})
        assert refused.status_code == 403, name
        assert "Người lập không tự ký duyệt" in refused.content.decode()
        with pytest.raises(errors.OwnReportSignOff):
            services.sign_off(uid=report.uid, number="128", actor=actor(people[name]), now=make.NOW)
    report.refresh_from_db()
    assert (report.status, report.signed_by_id) == ("draft", None)
    assert "Ký duyệt báo cáo" in signer.get(reverse("backoffice:work")).content.decode()

    assert ask(signer, "report_sign", report.uid, {"number": "128"}).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.number, report.signed_by_id) == ("signed_off", "128", people["signer"])
    assert "128/BC-UBND" in ask(maker, "report", report.uid).content.decode()
    for view, typed in (("report_edit", {section(report): "Sửa sau khi ký."}), ("report_sign", {"number": "129"})):
        assert ask(make.signed_in(make.official(desk.at, Role.HEAD)), view, report.uid, typed).status_code == 409, view
    assert ask(editor, "report_edit", report.uid).status_code == 409
    kept = ReportDocument.objects.get(uid=report.uid)
    assert (kept.content_hash, kept.number) == (report.content_hash, "128")


def test_an_auditor_reads_and_neither_edits_nor_signs(desk):
    report = ReportDocument.objects.get(uid=desk.report)
    auditor = make.signed_in(make.official(desk.at, Role.AUDITOR))
    page = ask(auditor, "report", report.uid).content.decode()
    assert "Sửa lời văn" not in page
    assert 'name="number"' not in page
    assert ask(auditor, "report_edit", report.uid).status_code == 403
    with pytest.raises(NotAllowed):
        services.edit_narrative(
            uid=report.uid,
            words={section(report): "x"},
            actor=actor(make.official(desk.at, Role.AUDITOR)),
            now=make.NOW,
        )


@pytest.mark.parametrize("wrong", ["{I.0|khong_co}", "{IX.9|activated}", "{I.0|activated", "}{", "{{}}"])
def test_an_unknown_figure_is_refused_and_all_that_was_typed_is_still_there(desk, people, wrong):
    report = ReportDocument.objects.get(uid=desk.report)
    first, second = list(report.narrative)[:2]
    typed = {first: f"Đạt {wrong} so với <b>yêu cầu</b>", second: "Đoạn này đúng."}
    answer = ask(make.signed_in(people["editor"]), "report_edit", report.uid, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Các ký hiệu này không ứng với con số nào" in page
    assert f"Đạt {wrong} so với &lt;b&gt;yêu cầu&lt;/b&gt;" in page
    assert "Đoạn này đúng." in page
    assert ReportDocument.objects.get(uid=report.uid).narrative == report.narrative, "nothing is half-saved"


UNHOLDABLE = ("a\0b", "\ufffe\uffff", "\x0b\x1b[31m", "\u202eđảo", "🎉" * 500, "<script>1</script>", "x" * 10_000)


def test_words_that_no_document_can_hold_are_cleaned_and_the_document_opens(desk, people):
    report = ReportDocument.objects.get(uid=desk.report)
    editor = make.signed_in(people["editor"])
    words = "\n\n".join(f"Trước {typed} sau" for typed in UNHOLDABLE)
    assert ask(editor, "report_edit", report.uid, {section(report): words}).status_code == 302
    raw, _name = file_of(editor, ReportDocument.objects.get(uid=report.uid), "docx")
    said = [paragraph.text for paragraph in Document(io.BytesIO(raw)).paragraphs]
    assert sum(text.startswith("Trước") and text.endswith("sau") for text in said) == len(UNHOLDABLE)
    assert not any(sign in "".join(said) for sign in "\0\u202e\x1b\ufffe")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"cut_off": "20/4/2024"}, "Chỉ lập báo cáo cho ngày đã kết thúc"),
        ({"cut_off": "1/1/2999"}, "Chỉ lập báo cáo cho ngày đã kết thúc"),
        ({"cut_off": "31/02/2024"}, "Chốt số liệu hết ngày: Không có ngày này."),
        ({"cut_off": "1/1/2020"}, "không có cơ quan nào"),
        ({"cut_off": ""}, "Chốt số liệu hết ngày: Mục này còn trống."),
        ({"boundaries": "31/02/2024"}, "Theo địa giới ngày: Không có ngày này."),
        ({"boundaries": "1/1/2000"}, "Danh mục đơn vị hành chính bắt đầu từ"),
        ({"campaign": "khong-co"}, "Chiến dịch"),
        ({"campaign": "\0"}, "Chiến dịch"),
        ({"scope": "999:"}, "Phạm vi"),
        ({"scope": "1:x"}, "Phạm vi"),
        ({"scope": ""}, "Phạm vi: Mục này còn trống."),
    ],
)
def test_a_report_that_cannot_be_made_is_refused_in_words_and_none_is_made(desk, people, wrong, says):
    before = ReportDocument.objects.count()
    client = make.signed_in(people["maker"])
    answer = client.post(reverse("backoffice:reports"), form(desk, **wrong))
    assert answer.status_code == 422
    assert says in answer.content.decode().partition("data-error-summary")[2].partition("</div>")[0]
    assert ReportDocument.objects.count() == before


@pytest.mark.parametrize("number", ["", "abc", "123456", "-1", "1/BC", "\0", "١٢", "<script>"])
def test_a_number_that_is_none_is_refused_beside_its_field(desk, people, number):
    report = ReportDocument.objects.get(uid=desk.report)
    answer = ask(make.signed_in(people["signer"]), "report_sign", report.uid, {"number": number})
    assert answer.status_code == 422
    assert "Số văn bản" in answer.content.decode().partition("data-error-summary")[2].partition("</div>")[0]
    assert ReportDocument.objects.get(uid=report.uid).status == "draft"


def test_making_again_gives_the_same_files_under_their_names(desk, people):
    report = made_by(desk, people["maker"])
    client = make.signed_in(people["clerk"])
    first = {suffix: file_of(client, report, suffix) for suffix in ("docx", "xlsx")}
    assert first["docx"][1] == 'attachment; filename="bao-cao_thu_toan-tinh_2024-04-18_b1.docx"'
    assert first["xlsx"][1] == 'attachment; filename="bao-cao_thu_toan-tinh_2024-04-18_b1.xlsx"'
    assert made_by(desk, people["signer"]).pk == report.pk, "nothing changed: the same version"
    ReportDocument.objects.filter(pk=report.pk).delete()
    again = made_by(desk, people["editor"])
    assert again.pk != report.pk
    assert {suffix: file_of(client, again, suffix) for suffix in ("docx", "xlsx")} == first
    found = services.verify(again)
    assert (found.same_docx, found.same_annex, found.same_figures) == (True, True, True)


def test_a_report_of_another_agency_is_not_in_the_list_and_not_found(desk):
    report = ReportDocument.objects.get(uid=desk.report)
    far = make.official(desk.world.commune_b, Role.HEAD)
    assert str(report.uid) not in make.signed_in(far).get(reverse("backoffice:reports")).content.decode()
    with pytest.raises(errors.ReportNotFound):
        selectors.report_for(actor(far), report.uid)
    with pytest.raises(NotAllowed):
        services.sign_off(uid=report.uid, number="1", actor=actor(far), now=make.NOW)
