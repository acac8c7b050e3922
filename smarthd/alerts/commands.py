"""``smarthd alerts``: what is in force, others' messages, pinned sources, the exchange, our certificate, files."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import httpx

from smarthd.agencies import selectors as agencies
from smarthd.alerts import relay_commands
from smarthd.alerts.cap import reading, signing
from smarthd.alerts.models import TrustedSource
from smarthd.alerts.rules import saying
from smarthd.alerts.rules.refusals import WORDS
from smarthd.alerts.rules.states import WORDS as STATES
from smarthd.alerts.selectors import public, views
from smarthd.alerts.services import importing, publishing
from smarthd.kernel import actor, clock
from smarthd.kernel.errors import Refusal

_ACTOR = actor.system("smarthd alerts")
_LINKS = 30


class _Refusing(click.Group):
    """Says a refusal in Vietnamese and ends with code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            title, body, _status = WORDS.get(refusal.name, (refusal.name, "", None))
            fields = refusal.facts.get("fields")
            more = (
                " ".join(map(str, fields.values())) if isinstance(fields, dict) else str(refusal.facts.get("why", ""))
            )
            body = body % refusal.facts if "%(" in body and refusal.facts else body
            raise click.ClickException(f"{title}. {body} {more}".strip()) from refusal


@click.group("alerts", cls=_Refusing)
def group() -> None:
    """Cảnh báo: đang hiệu lực, nhập bản tin CAP, nguồn tin đã ghim, chứng thư, tệp của từng xã."""


@group.command("list")
def list_command() -> None:
    """Liệt kê cảnh báo đang hiệu lực."""
    found = public.active(clock.now())
    for one in found:
        until = one.expires_at.astimezone(clock.ZONE)
        click.echo(f"{one.code}  {STATES[one.state]}  đến {until:%H:%M %d/%m}  {saying.title(views.told(one))}")
    if not found:
        click.echo("Không có cảnh báo nào đang hiệu lực.")


@group.command("trust")
@click.argument("key", metavar="TÊN_TẮT")
@click.option("--name", required=True, help="Tên nơi gửi, ví dụ “Trung tâm Dự báo khí tượng thủy văn quốc gia”.")
@click.option("--sender", required=True, help="Giá trị <sender> của các bản tin.")
@click.option("--certificate", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, metavar="TỆP", help="Chứng thư P-256 dạng PEM, nhận tận tay.")  # fmt: skip
@click.option("--url", default="", help="Địa chỉ nguồn tin (https).")
def trust_command(*, key: str, name: str, sender: str, certificate: Path, url: str) -> None:
    """Ghim chứng thư của một nơi gửi bản tin CAP."""
    source = importing.trust_source(
        key, name=name, sender=sender, certificate_pem=certificate.read_bytes(), url=url, actor=_ACTOR, now=clock.now()
    )
    click.echo(f"Đã ghim {source.sender}, vân tay SHA-256 {source.fingerprint}")


@group.command("untrust")
@click.argument("key", metavar="TÊN_TẮT")
def untrust_command(*, key: str) -> None:
    """Thôi tin một nơi gửi."""
    importing.end_source(key, actor=_ACTOR, now=clock.now())
    click.echo("Đã thôi tin nơi gửi này.")


@group.command("sources")
def sources_command() -> None:
    """Liệt kê các nơi gửi đã ghim."""
    for source in TrustedSource.objects.filter(ended_at=None).order_by("key"):
        click.echo(f"{source.key}  {source.sender}  {source.fingerprint[:16]}…  {source.name}")


@group.command("import-cap")
@click.argument("place", metavar="TỆP|ĐỊA_CHỈ|TÊN_TẮT")
@click.option("--agency", "agency_code", required=True, metavar="MÃ", help="Mã cơ quan nhận bản nháp.")
def import_command(*, place: str, agency_code: str) -> None:
    """Nhập bản tin CAP (tệp, địa chỉ https, hay nguồn đã ghim) thành bản nháp; chữ ký phải của chứng thư đã ghim."""
    now = clock.now()
    agency = agencies.agency_by_code(agency_code, clock.day_of(now))
    source = TrustedSource.objects.filter(key=place, ended_at=None).first()
    raw = _fetched(source.url) if source is not None else _fetched(place) if "://" in place else _read(Path(place))
    if b"application/cap+xml" in raw and b"urn:oasis:names:tc:emergency:cap:1.2}alert" not in raw:
        documents = [_fetched(link) for link in importing.links_in(raw)[:_LINKS] if link.startswith("https://")]
    else:
        documents = []
    for document in documents or [raw]:
        for message in importing.messages_in(document):
            taken = importing.take_message(message, agency_id=agency.id, actor=_ACTOR, now=now)
            click.echo(f"{taken.identifier}: {f'bản nháp {taken.code}' if taken.code else taken.note}")


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise click.ClickException(f"Không có tệp {path}.")
    with path.open("rb") as file:
        return file.read(reading.LARGEST + 1)


def _fetched(url: str) -> bytes:
    """Fetch an https address outside this house, without following redirects, at most 900 kB."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise click.ClickException("Chỉ lấy bản tin từ địa chỉ https.")
    try:
        found = {info[4][0] for info in socket.getaddrinfo(parts.hostname, parts.port or 443)}
    except OSError:
        raise click.ClickException(f"Không tìm thấy máy chủ {parts.hostname}.") from None
    if not all(ipaddress.ip_address(one).is_global for one in found):
        raise click.ClickException("Địa chỉ này nằm trong mạng nội bộ, không lấy bản tin từ đó.")
    try:
        with httpx.stream("GET", url, timeout=20, follow_redirects=False) as answer:
            answer.raise_for_status()
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > reading.LARGEST:
                    break
    except httpx.HTTPError as problem:
        raise click.ClickException(f"Không lấy được bản tin: {problem}") from problem
    return body


@group.command("verify")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TỆP")
@click.option("--certificate", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TỆP", help="Chứng thư PEM; bỏ trống thì dùng của hệ thống này.")  # fmt: skip
def verify_command(*, path: Path, certificate: Path | None) -> None:
    """Kiểm tra khuôn dạng và chữ ký của một bản tin CAP."""
    from cryptography import x509

    pem = certificate.read_bytes() if certificate else publishing.certificate()
    try:
        root = reading.parse(_read(path))
        reading.check_shape(root)
        told = reading.read(signing.verify(root, certificate=x509.load_pem_x509_certificate(pem), now=clock.now()))
    except (reading.Unreadable, signing.NotSigned, ValueError) as problem:
        raise click.ClickException(f"Không đúng: {problem}") from problem
    click.echo(f"Đúng khuôn dạng CAP 1.2, chữ ký đúng: {told.identifier} của {told.sender}, {told.status} {told.kind}")


@group.command("certificate")
def certificate_command() -> None:
    """In chứng thư để nơi khác ghim."""
    click.echo(publishing.certificate().decode())


@group.command("publish-files")
def publish_command() -> None:
    """Ghi lại tệp cảnh báo của mọi xã, phường."""
    click.echo(f"Đã ghi {publishing.publish_all(now=clock.now())} tệp thay đổi vào {publishing.folder()}")


relay_commands.add_to(group)
