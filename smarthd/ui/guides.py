"""The picture guides of docs/huong-dan as pages: found by name, turned into HTML that holds nothing but what is written here.

Their Markdown is plain on purpose: headings, paragraphs, lists, bold words, links, pictures standing on lines of their own. Whatever else
stands in a file is shown as the text it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

NAME = re.compile(r"[a-z0-9-]{1,60}")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(hinh/([a-z0-9-]+)\.png\)")
_INLINE = re.compile(r"\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")
_ITEM = re.compile(r"(\d+\.|-) +(.*)")

ORDER = (
    "nguoi-dan", "to-truong", "can-bo-nhap-lieu", "thu-truong", "so-dieu-phoi", "lanh-dao-uy-ban", "kiem-tra-giam-sat", "bien-tap-vien", "dieu-phoi-phan-anh", "truc-canh-bao", "kenh-phat", "dua-du-lieu",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide: its name in addresses, its title, the sentence below it, and its body."""

    slug: str
    title: str
    lead: str
    body: SafeString


def folder() -> Path:
    """Return where the guides lie."""
    return Path(settings.BASE_DIR) / "docs" / "huong-dan"


def guides(picture: Callable[[str], str]) -> list[Guide]:
    """Return every guide that is there, in the order of the page; ``picture`` gives the address of a picture by its name."""
    found = (guide(slug, picture) for slug in ORDER)
    return [one for one in found if one is not None]


def guide(slug: str, picture: Callable[[str], str]) -> Guide | None:
    """Return one guide, or None where there is no such name."""
    place = folder() / f"{slug}.md"
    if slug not in ORDER or not place.is_file():
        return None
    title, lead, rest = _parted(_read(place, place.stat().st_mtime_ns))
    return Guide(slug, title, lead, _body(rest, picture))


def picture_file(name: str) -> Path | None:
    """Return a picture of the guides by its name, or None."""
    place = folder() / "hinh" / f"{name}.png"
    return place if NAME.fullmatch(name) and place.is_file() else None


@lru_cache(maxsize=32)
def _read(place: Path, _written_at: int) -> str:
    return place.read_text(encoding="utf-8")


def _parted(text: str) -> tuple[str, str, list[str]]:
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    title = blocks[0].removeprefix("# ") if blocks else ""
    lead = blocks[1] if len(blocks) > 1 and not blocks[1].startswith(("#", "!", "-", "1.")) else ""
    return title, lead, blocks[2 if lead else 1 :]


def _body(blocks: list[str], picture: Callable[[str], str]) -> SafeString:
    return mark_safe("\n".join(_block(block, picture) for block in blocks))  # noqa: S308 - every part below is escaped


def _block(block: str, picture: Callable[[str], str]) -> str:
    pictures = _PICTURE.findall(block)
    if pictures and not _PICTURE.sub("", block).strip():
        return f'<div class="guide-shots">{"".join(_shot(alt, picture(name)) for alt, name in pictures)}</div>'
    for mark, tag in (("### ", "h3"), ("## ", "h2")):
        if block.startswith(mark):
            return f"<{tag}>{_inline(block.removeprefix(mark))}</{tag}>"
    items = list(_items(block))
    if items:
        tag = "ol" if items[0][0] != "-" else "ul"
        return f"<{tag}>{''.join(f'<li>{_inline(words)}</li>' for _mark, words in items)}</{tag}>"
    return f"<p>{_inline(block)}</p>"


def _items(block: str) -> Iterator[tuple[str, str]]:
    """Yield the items of a list; a line that begins with blanks goes on with the item above it."""
    if _ITEM.match(block) is None:
        return
    mark, words = "", ""
    for line in block.splitlines():
        item = _ITEM.match(line)
        if item is None:
            words += f" {line.strip()}"
            continue
        if mark:
            yield mark, words
        mark, words = item[1], item[2]
    yield mark, words


def _shot(alt: str, address: str) -> str:
    return format_html('<img class="guide-shot" src="{}" alt="{}" loading="lazy" />', address, alt)


def _inline(text: str) -> str:
    made: list[str] = []
    at = 0
    for found in _INLINE.finditer(text):
        made.append(escape(text[at : found.start()]))
        bold, words, address = found.groups()
        if bold:
            made.append(f"<strong>{escape(bold)}</strong>")
        elif address.startswith("/") and not address.startswith("//"):
            made.append(f'<a href="{escape(address)}">{escape(words)}</a>')
        else:
            made.append(escape(words))
        at = found.end()
    made.append(escape(text[at:]))
    return "".join(made)
