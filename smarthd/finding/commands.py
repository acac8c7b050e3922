"""``smarthd finding``: the index of the search made anew, or compared with what is there."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from smarthd.finding.values import Difference


@click.group()
def group() -> None:
    """Chỉ mục tìm kiếm của ứng dụng."""


@group.command()
def rebuild() -> None:
    """Lập lại chỉ mục: so với dữ liệu gốc, ghi những mục còn thiếu, đã cũ, hoặc thừa."""
    from smarthd.connectors.services import words
    from smarthd.finding.services import keeping
    from smarthd.kernel import clock

    rows = sum(words.bring_up(source_id) for source_id in words.behind())
    _say(keeping.rebuild(now=clock.now()))
    click.echo(f"Dòng dữ liệu vừa được ghi chữ để tìm: {rows:,}".replace(",", "."))


@group.command()
def check() -> None:
    """So chỉ mục với dữ liệu gốc, không sửa gì. Mã thoát 1 khi có khác."""
    from smarthd.connectors.services import words
    from smarthd.finding.services import keeping
    from smarthd.kernel import clock

    found, rows, late = keeping.compare(now=clock.now()), words.differences(), words.behind()
    _say(found)
    click.echo(f"Dòng dữ liệu: thiếu {rows['missing']}, thừa {rows['spare']}; bộ dữ liệu còn chờ ghi chữ: {len(late)}")
    if any(found.values()) or any(rows.values()) or late:
        sys.exit(1)


_WORDS = {
    "pages": "Thông báo, bài viết, thủ tục",
    "directory": "Danh bạ",
    "datasets": "Bảng dữ liệu",
    "categories": "Lĩnh vực phản ánh",
    "screens": "Mục của ứng dụng",
    "places": "Xã, phường, huyện",
}


def _say(found: Mapping[str, Difference]) -> None:
    for part, one in found.items():
        click.echo(f"{_WORDS[part]}: đúng {one.kept}, thiếu {one.missing}, cũ {one.stale}, thừa {one.spare}")
