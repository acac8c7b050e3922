"""Công văn đôn đốc: a letter that urges late units, in the form of Decree 30/2020/NĐ-CP, with the list of them as its annex."""

from __future__ import annotations

from datetime import UTC, datetime, time

from smarthd.insights import wording
from smarthd.insights.documents.decree30 import Letterhead, OfficialDocument, Signature
from smarthd.insights.documents.tables import Column, Sheet
from smarthd.insights.letters import LateLine, LetterMaterial
from smarthd.kernel import clock

ADDRESSED = 8  # more units than these are addressed by the list instead of by name
HEADS = ("TT", "Đơn vị", "Báo cáo", "Hạn gửi", "Số ngày làm việc chậm", "Số kỳ chậm trước đây")


def write(material: LetterMaterial) -> bytes:
    """Return the docx; the same material gives the same bytes."""
    document = OfficialDocument(
        title=f"Công văn {abstract(material)}",
        subject=material.campaign_title,
        author=material.issuer.name,
        stamp=datetime.combine(clock.day_of(material.as_of), time(), tzinfo=UTC),
    )
    document.letterhead(_letterhead(material))
    if material.signed_on is None:
        document.mark("Dự thảo")
    if material.demo:
        document.mark("Bản dùng thử, dữ liệu mẫu")
    document.addressed_to(_addressed(material))
    for text in _words(material):
        document.paragraph(text)
    document.signature(_signature(material))
    width = document.annex(
        number="",
        title="Danh sách đơn vị chưa gửi báo cáo",
        enclosed_with=f"(Kèm theo Công văn số {_number(material)} {_dated(material)} của {material.issuer.name})",
    )
    document.sheet(_sheet(material), width=width)
    document.note(f"Nguồn: nền tảng ghi nhận đến {said(material.as_of)}; giờ nhận trên máy chủ là căn cứ.")
    return document.finish()


def abstract(material: LetterMaterial) -> str:
    """Return the abstract: "V/v đôn đốc gửi báo cáo tuần 15/2024"."""
    return f"V/v đôn đốc gửi báo cáo {material.period[:1].lower()}{material.period[1:]}"


def said(at: datetime) -> str:
    """Return an instant as a letter writes it: "17 giờ 00 ngày 12/4/2024"."""
    local = at.astimezone(clock.ZONE)
    return f"{local.hour} giờ {local.minute:02d} ngày {wording.day(local.date())}"


def row(number: int, line: LateLine) -> tuple[str, ...]:
    """Return one row of the list of late units, as texts under ``HEADS``."""
    before = wording.count(line.late_before) if line.late_before else "chưa"
    return (str(number), line.name, line.form, said(line.due_at), wording.count(line.days_late), before)


def _number(material: LetterMaterial) -> str:
    number = material.number or "       "
    return number if "/" in number else f"{number}/{material.issuer.symbol}"


def _dated(material: LetterMaterial) -> str:
    if material.signed_on is not None:
        return wording.long_day(material.signed_on)
    on = clock.day_of(material.as_of)
    return (
        f"ngày      tháng {on.month:02d} năm {on.year}" if on.month < 3 else f"ngày      tháng {on.month} năm {on.year}"
    )


def _letterhead(material: LetterMaterial) -> Letterhead:
    return Letterhead(
        superior=material.issuer.superior,
        issuer=material.issuer.name,
        number_line=f"Số: {_number(material)}",
        place_and_date=f"{material.issuer.place}, {_dated(material)}",
        abstract=abstract(material),
    )


def _addressed(material: LetterMaterial) -> tuple[str, ...]:
    if len(material.units) <= ADDRESSED:
        return material.units
    return (f"Thủ trưởng {len(material.units)} cơ quan, đơn vị có tên tại danh sách kèm theo",)


def _words(material: LetterMaterial) -> list[str]:
    orders = "; ".join(
        f"{wording.order_named(order.number)}{' ' + wording.long_day(order.issued_on) if order.issued_on else ''}"
        f"{' của ' + order.issuer if order.issuer else ''}"
        for order in material.orders
    )
    basis = f"Thực hiện {orders}, " if orders else ""
    again = sum(1 for line in material.lines if line.late_before)
    repeated = f", trong đó {again} báo cáo của đơn vị đã chậm ở kỳ trước" if again else ""
    period = f"{material.period[:1].lower()}{material.period[1:]}"
    opening = (
        f"{material.issuer.name} đã giao {wording.count(material.obligations)} báo cáo kỳ {period} về "
        f"“{material.campaign_title}”, hạn gửi {said(material.due_at)}."
    )
    return [
        f"{basis}{opening}",
        f"Đến {said(material.as_of)}, còn {wording.count(len(material.lines))} báo cáo của "
        f"{wording.count(len(material.units))} đơn vị chưa gửi{repeated} (danh sách kèm theo).",
        f"{material.issuer.name} đề nghị Thủ trưởng các cơ quan, đơn vị có tên trong danh sách:",
        "1. Chỉ đạo gửi ngay báo cáo còn thiếu trên nền tảng. Báo cáo gửi sau hạn vẫn được nhận và được ghi là gửi chậm.",
        "2. Xác định nguyên nhân chậm, phân công người lập và người thay thế để các kỳ sau gửi đúng hạn.",
        "3. Có khó khăn, vướng mắc thì nêu ngay trong báo cáo để được xem xét, giải quyết.",
        "Quá 5 ngày làm việc kể từ hạn gửi mà chưa có báo cáo, đơn vị được nêu tên trong báo cáo gửi Ủy ban nhân dân cấp trên.",
        "Đề nghị các cơ quan, đơn vị quan tâm, thực hiện./.",
    ]


def _signature(material: LetterMaterial) -> Signature:
    issuer = material.issuer
    lines = tuple(line for line in (issuer.signs_for, issuer.signer_title) if line)
    recipients = ("Như trên;", *(f"{recipient};" for recipient in issuer.recipients), "Lưu: VT.")
    return Signature(lines=lines, name=issuer.signer_name, recipients=recipients)


def _sheet(material: LetterMaterial) -> Sheet:
    shares = ((1, "center"), (5.2, "left"), (3.2, "left"), (3, "left"), (2, "center"), (2, "center"))
    columns = tuple(Column(head, share, align) for head, (share, align) in zip(HEADS, shares, strict=True))
    rows = tuple(row(number, line) for number, line in enumerate(material.lines, start=1))
    return Sheet(columns, rows)
