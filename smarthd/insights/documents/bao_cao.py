"""The Báo cáo itself: a material and its narrative set in the form of Decree 30/2020."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from smarthd.agencies.rules import Kind
from smarthd.insights import wording
from smarthd.insights.documents import narrative as words
from smarthd.insights.documents.decree30 import Letterhead, OfficialDocument, Signature
from smarthd.insights.documents.tables import Column, Sheet
from smarthd.insights.documents.tokens import resolve
from smarthd.insights.material import Annex, Line, Material

FURTHEST = 10  # how many communes the body names; all are in the annex
LONGEST_TABLE = 40  # lines of agencies the body shows whole


def write(material: Material, narrative: Mapping[str, Sequence[str]], *, version: int, number: str = "") -> bytes:
    """Return the docx; the same material, narrative, version and number give the same bytes."""
    subject = abstract(material)
    document = OfficialDocument(
        title=f"Báo cáo {subject}",
        subject=material.campaign_title,
        author=material.issuer.name,
        stamp=datetime.combine(material.cut_off, time(), tzinfo=UTC),
    )
    document.letterhead(_letterhead(material, number))
    document.title("Báo cáo", subject)
    for key, heading in words.SECTIONS:
        document.heading(2 if key in words.SUBSECTIONS else 1, heading)
        for text in narrative.get(key, ()):
            document.paragraph(resolve(text, material))
        _illustrate(document, key, material)
    document.paragraph(
        f"Trên đây là báo cáo kết quả triển khai “{material.campaign_title}” của {material.scope.name}, số liệu chốt "
        f"{wording.long_day(material.cut_off)}, bản số {version}./."
    )
    document.signature(_signature(material))
    for annex in material.annexes:
        _annex(document, material, annex, number)
    _definitions(document, material, number)
    return document.finish()


def abstract(material: Material) -> str:
    """Return the abstract under the word BÁO CÁO."""
    title = material.campaign_title
    return f"Kết quả triển khai {title[:1].lower()}{title[1:]} (số liệu đến hết {wording.long_day(material.cut_off)})"


def _number_line(material: Material, number: str) -> str:
    return f"Số: {number or '       '}/BC-{material.issuer.symbol}"


def _letterhead(material: Material, number: str) -> Letterhead:
    month = f"{material.cut_off.month:02d}" if material.cut_off.month < 3 else str(material.cut_off.month)
    return Letterhead(
        superior=material.issuer.superior,
        issuer=material.issuer.name,
        number_line=_number_line(material, number),
        place_and_date=f"{material.issuer.place}, ngày      tháng {month} năm {material.cut_off.year}",
    )


def _signature(material: Material) -> Signature:
    issuer = material.issuer
    lines = tuple(line for line in (issuer.signs_for, issuer.signer_title) if line)
    recipients = tuple(f"{recipient};" for recipient in issuer.recipients)
    return Signature(lines=lines, name=issuer.signer_name, recipients=(*recipients, "Lưu: VT."))


def _illustrate(document: OfficialDocument, section: str, material: Material) -> None:
    from smarthd.insights.charts import pictures  # 60 MB that only who makes documents needs

    if section == "nguoi_dan" and len(material.trend) > 1:
        indicator = material.indicator(material.trend_key)
        document.picture(
            pictures.trend(material.trend, target=indicator.target),
            caption=f"{indicator.title}, theo ngày",
            alternative=wording.trend_finding(indicator.title, material.trend),
            source=f"Nguồn: nền tảng đo, chốt {wording.day(material.cut_off)}. {wording.trend_finding(indicator.title, material.trend)}",
        )
    if section == "co_quan":
        _offices(document, material)
    if section == "cap_huyen":
        _districts(document, material)
    if section == "cap_xa":
        _furthest(document, material)


def _of(material: Material, level: str) -> Annex | None:
    return next((annex for annex in material.annexes if annex.level == level), None)


def _source(material: Material, annex: Annex) -> str:
    return (
        f"Nguồn: nền tảng đo, chốt {wording.day(material.cut_off)}; địa giới ngày {wording.day(annex.boundaries)}; "
        f"từng dòng tại Phụ lục {annex.number}."
    )


def _league_table(document: OfficialDocument, material: Material, annex: Annex | None, *, grouped: bool) -> None:
    if annex is None or not annex.lines:
        return
    document.table(
        _sheet(material, annex, annex.lines, grouped=grouped),
        caption=annex.title,
        source=_source(material, annex),
    )


def _offices(document: OfficialDocument, material: Material) -> None:
    """Show the agencies in the text; where communes make the table long, those furthest behind – all stand in the annex."""
    annex = _of(material, "agency")
    if annex is None or len(annex.lines) <= LONGEST_TABLE:
        _league_table(document, material, annex, grouped=True)
        return
    communes = [line for line in annex.lines if line.kind == Kind.COMMUNE_COMMITTEE]
    others = tuple(line for line in annex.lines if line.kind != Kind.COMMUNE_COMMITTEE)
    document.table(_sheet(material, annex, others, grouped=True), caption=annex.title, source=_source(material, annex))
    known = [line for line in communes if line.cells[material.staff_key].ratio is not None]
    ranked = sorted(known, key=lambda line: (line.cells[material.staff_key].ratio or 0.0, line.name))[:FURTHEST]
    if ranked:
        document.table(
            _sheet(material, annex, tuple(ranked), grouped=False, total=False),
            caption=f"{len(ranked)} Ủy ban nhân dân cấp xã cần hỗ trợ trước",
            source=_source(material, annex),
        )


def _districts(document: OfficialDocument, material: Material) -> None:
    annex = _of(material, "district")
    if annex is None or not annex.lines:
        return
    from smarthd.insights.charts import pictures

    key = words.league_key(material, annex)
    indicator = material.indicator(key)
    ranked = sorted(annex.lines, key=lambda line: (-(line.cells[key].ratio or 0.0), line.name))
    finding = wording.league_finding(indicator.title, annex.lines, key, indicator.target)
    document.picture(
        pictures.bars(ranked, key, target=indicator.target),
        caption=f"{indicator.title}, theo địa bàn cấp huyện",
        alternative=finding,
        source=_source(material, annex),
    )
    _league_table(document, material, annex, grouped=False)


def _furthest(document: OfficialDocument, material: Material) -> None:
    for annex in (annex for annex in material.annexes if annex.level == "commune"):
        key = words.league_key(material, annex)
        known = [line for line in annex.lines if key in line.cells and line.cells[key].ratio is not None]
        ranked = sorted(known, key=lambda line: (line.cells[key].ratio or 0.0, line.name))[:FURTHEST]
        if len(known) <= FURTHEST:
            continue  # the annex is short enough to be read itself
        document.table(
            _sheet(material, annex, tuple(ranked), grouped=False, total=False),
            caption=f"{len(ranked)} đơn vị cần hỗ trợ trước (địa giới ngày {wording.day(annex.boundaries)})",
            source=_source(material, annex),
        )


def _body_columns(material: Material, annex: Annex) -> list[str]:
    wanted = [material.staff_key, *(key for key in material.citizen_keys)]
    return [key for key in wanted if key in annex.columns][:2] or list(annex.columns[:2])


def _sheet(
    material: Material, annex: Annex, lines: Sequence[Line], *, grouped: bool, total: bool = True, wide: bool = False
) -> Sheet:
    keys = list(annex.columns) if wide else _body_columns(material, annex)
    columns = [Column("Dòng", 1.5, "center"), Column("Đơn vị", 4.2 if wide else 4.6)]
    for key in keys:
        short = material.indicator(key).short
        columns += [Column(short, 2.5, "right"), Column("Tỷ lệ", 1.9 if len(keys) > 4 else 1.5, "right")]
    columns.append(Column("Ghi chú", 1.4 if len(keys) > 4 else 2.2))
    rows: list[tuple[str, ...]] = []
    strong: set[int] = set()
    spans: set[int] = set()
    if total:
        strong.add(0)
        rows.append(_texts(annex.total, keys))
    group = None
    for line in lines:
        if grouped and line.group and line.group != group:
            group = line.group
            spans.add(len(rows))
            rows.append((group, *[""] * (len(columns) - 1)))
        rows.append(_texts(line, keys))
    return Sheet(tuple(columns), tuple(rows), frozenset(strong), frozenset(spans), size=10 if wide else 11)


def _texts(line: Line, keys: Sequence[str]) -> tuple[str, ...]:
    texts = [line.code, line.name]
    notes: list[str] = []
    for key in keys:
        cell = line.cells.get(key)
        if cell is None:
            texts += ["–", "–"]
        elif "hidden" in cell.flags:
            texts += ["ẩn", "–"]
            notes.append(wording.FLAG_WORDS["hidden"])
        else:
            base = f"/{wording.count(cell.denominator)}" if cell.denominator else ""
            texts += [f"{wording.count(cell.numerator)}{base}", wording.percent(cell.ratio)]
            notes += [wording.flags(cell)] if cell.flags else []
            if cell.estimated_share > 0:
                notes[-1:] = [f"ước tính {wording.percent(cell.estimated_share)} số người"]
    return (*texts, "; ".join(dict.fromkeys(note for note in notes if note)))


def _enclosed(material: Material, number: str) -> str:
    return (
        f"(Kèm theo Báo cáo số {number or '      '}/BC-{material.issuer.symbol} ngày      tháng      năm {material.cut_off.year} "
        f"của {material.issuer.name})"
    )


def _annex(document: OfficialDocument, material: Material, annex: Annex, number: str) -> None:
    width = document.annex(
        number=annex.number,
        title=annex.title,
        enclosed_with=_enclosed(material, number),
        landscape=len(annex.columns) > 2,
    )
    document.sheet(_sheet(material, annex, annex.lines, grouped=True, wide=True), width=width)
    if annex.level == "reports":
        document.note(
            f"Nguồn: nghĩa vụ ghi khi mở kỳ, báo cáo nhận đến hết {wording.day(material.cut_off)}. {annex.note}"
        )
        return
    document.note(f"{_source(material, annex).rsplit(';', 1)[0]}. {annex.note}".strip())


def _definitions(document: OfficialDocument, material: Material, number: str) -> None:
    roman = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")[len(material.annexes)]
    width = document.annex(
        number=roman,
        title="Cách tính và nguồn của từng chỉ tiêu",
        enclosed_with=_enclosed(material, number),
        landscape=True,
    )
    columns = (
        Column("Chỉ tiêu", 3),
        Column("Cách tính", 5),
        Column("Mẫu số", 3),
        Column("Nguồn, ngày, phương pháp", 4),
    )
    rows = []
    for indicator in material.indicators:
        cell = next(
            (annex.total.cells[indicator.key] for annex in material.annexes if indicator.key in annex.total.cells), None
        )
        source = wording.base_of(cell) if cell is not None else wording.NOTHING_YET
        rows.append((indicator.title, indicator.definition, indicator.base, source))
    document.sheet(Sheet(columns, tuple(rows)), width=width)
