"""``smarthd insights``: official documents from the command line."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import click


@click.group()
def group() -> None:
    """Văn bản hành chính lập từ số liệu của nền tảng."""


@group.command()
@click.option("--campaign", "campaign_key", required=True, help="mã chiến dịch")
@click.option(
    "--cut-off", required=True, type=click.DateTime(["%Y-%m-%d"]), help="chốt số liệu hết ngày, ví dụ 2024-04-19"
)
@click.option(
    "--unit",
    "unit_code",
    default="",
    help="mã đơn vị hành chính theo danh mục của ngày địa giới; để trống là toàn tỉnh",
)
@click.option("--boundaries", type=click.DateTime(["%Y-%m-%d"]), help="theo địa giới ngày; để trống thì lấy ngày chốt")
@click.option("--issuer", "issuer_code", default="", help="mã cơ quan lập; để trống là Ủy ban nhân dân của phạm vi")
@click.option(
    "--out",
    default=".",
    type=click.Path(file_okay=False, path_type=Path),
    help="thư mục ghi tệp; để trống là thư mục hiện tại",
)
@click.option("--json", "as_json", is_flag=True, help="trả lời bằng JSON")
def report(  # noqa: PLR0917 - click hands over options by name
    campaign_key: str,
    cut_off: datetime,
    unit_code: str,
    boundaries: datetime | None,
    issuer_code: str,
    out: Path,
    as_json: bool,  # noqa: FBT001 - click's flag
) -> None:
    """Lập Báo cáo (docx) và phụ lục (xlsx); cùng kỳ chốt và số liệu thì ra đúng tệp cũ."""
    from smarthd.insights import selectors, services
    from smarthd.kernel import clock
    from smarthd.kernel.actor import system
    from smarthd.kernel.errors import Refusal

    closed, under = cut_off.date(), (boundaries or cut_off).date()
    try:
        unit_id = _unit(unit_code, under) if unit_code else None
        made = services.make_report(
            campaign_key=campaign_key,
            cut_off=closed,
            unit_id=unit_id,
            boundaries=under,
            issuer_id=_issuer(issuer_code, unit_id, closed),
            actor=system("smarthd insights report"),
            now=clock.now(),
        )
    except Refusal as refusal:
        raise click.ClickException(_words(refusal)) from None
    out.mkdir(parents=True, exist_ok=True)
    paths = {suffix: out / selectors.file_name(made, suffix) for suffix in ("docx", "xlsx")}
    paths["docx"].write_bytes(selectors.docx_path(made).read_bytes())
    paths["xlsx"].write_bytes(selectors.annex_path(made).read_bytes())
    if as_json:
        answer = {
            "uid": str(made.uid), "version": made.version, "status": made.status, "cut_off": closed.isoformat(),
            "boundaries": under.isoformat(), "docx": str(paths["docx"]), "docx_sha256": made.content_hash,
            "xlsx": str(paths["xlsx"]), "xlsx_sha256": made.annex_hash,
        }  # fmt: skip
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(f"Báo cáo bản số {made.version}, chốt hết ngày {closed:%d/%m/%Y}:")
    click.echo(f"  {paths['docx']}  sha256 {made.content_hash}")
    click.echo(f"  {paths['xlsx']}  sha256 {made.annex_hash}")


@group.command()
@click.option("--uid", "letter_uid", type=click.UUID, default=None, help="mã công văn; để trống là công văn mới nhất")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="thư mục ghi tệp")
@click.option("--json", "as_json", is_flag=True, help="trả lời bằng JSON")
def letter(letter_uid: UUID | None, out: Path, as_json: bool) -> None:  # noqa: FBT001 - click's flag
    """Lập công văn đôn đốc (docx) và danh sách đơn vị chậm (xlsx); công văn đã ký luôn ra đúng tệp cũ."""
    from smarthd.insights import services
    from smarthd.kernel import clock
    from smarthd.kernel.actor import system
    from smarthd.kernel.errors import Refusal
    from smarthd.rollout import selectors as rollout

    actor = system("smarthd insights letter")
    newest = next((found.uid for found in rollout.letters_visible_to(actor)), None)
    wanted = letter_uid or newest
    if wanted is None:
        raise click.ClickException("Chưa có công văn đôn đốc nào.")
    try:
        made = services.letter_files(wanted, actor=actor, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(_words(refusal)) from None
    out.mkdir(parents=True, exist_ok=True)
    written = {}
    for suffix, content in (("docx", made.docx), ("xlsx", made.xlsx)):
        path = out / f"{made.name}.{suffix}"
        path.write_bytes(content)
        written[suffix] = {"path": str(path), "sha256": hashlib.sha256(content).hexdigest()}
    if as_json:
        click.echo(json.dumps({"uid": str(wanted), "signed": made.signed, **written}, ensure_ascii=False))
        return
    click.echo("Công văn đã ký:" if made.signed else "Công văn dự thảo:")
    for file in written.values():
        click.echo(f"  {file['path']}  sha256 {file['sha256']}")


def _unit(code: str, on: date) -> int:
    from smarthd.insights.errors import ScopeNotFound
    from smarthd.kernel.errors import NotFound
    from smarthd.places import selectors as places

    catalogue = [key for day, key in places.catalogues() if day <= on]
    try:
        return places.unit_by_code(catalogue[-1] if catalogue else "", code).id
    except NotFound:
        raise ScopeNotFound(code=code, on=on.isoformat()) from None


def _issuer(code: str, unit_id: int | None, on: date) -> int:
    from smarthd.agencies import selectors as agencies
    from smarthd.insights import issuers
    from smarthd.insights.errors import NotTheIssuer

    if code:
        return agencies.agency_by_code(code, on).id
    usual = issuers.usual_issuer(unit_id, on)
    if usual is None:
        raise NotTheIssuer
    return usual.id


def _words(refusal: Exception) -> str:
    from smarthd.ui.refusals import words_of

    words = words_of(refusal)  # type: ignore[arg-type]
    return f"{words.title}. {words.body}"
