"""A news page of a website as plain words: title, summary, paragraphs, day. Pure of the network; nothing of its markup is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html
from readability import Document
from readability.readability import Unparseable

from smarthd.kernel import text

PARAGRAPH = " ¶ "
"""Stands between paragraphs in one cell."""
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_WORDS = 300, 1_000, 3_800
_LARGEST = 3 << 20
_FEWEST = 60  # letters: less than that is no article
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "li", "blockquote", "pre", "dd", "dt"})
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]{2,40})", re.I)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_DAYS = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//meta[@name='pubdate' or @name='date' or @name='DC.date']/@content",
    "//article//time/@datetime",
)


class PageUnreadable(Exception):
    """No news can be read from this page; the message is Vietnamese and says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says; ``words`` are its paragraphs, cut after LONGEST_WORDS letters; ``day`` is as the page writes it, "" for none."""

    title: str
    summary: str
    words: str
    day: str


def read_page(raw: bytes, content_type: str) -> Page:
    """Return the article of a page, or raise PageUnreadable."""
    if content_type and not re.match(r"(text/html|application/xhtml\+xml)\b", content_type.strip(), re.I):
        msg = "không phải trang web"
        raise PageUnreadable(msg)
    if len(raw) > _LARGEST:
        msg = f"trang lớn hơn {_LARGEST >> 20} MB"
        raise PageUnreadable(msg)
    written = _DECLARED.sub("", decoded(raw, content_type))
    try:
        tree = lxml.html.document_fromstring(written)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        msg = "trang trống hoặc hỏng"
        raise PageUnreadable(msg) from None
    if "noindex" in _first(tree, "//meta[translate(@name,'ROBTS','robts')='robots']/@content").lower():
        msg = "trang ghi không cho máy lấy (noindex)"
        raise PageUnreadable(msg)
    paragraphs = _paragraphs(written)
    title = _first(tree, "//meta[@property='og:title']/@content", "//h1", "//title")
    told = _first(tree, "//meta[@property='og:description']/@content", "//meta[@name='description']/@content")
    summary = told or next((one for one in paragraphs if len(one) >= _FEWEST), "")
    if not title or sum(map(len, paragraphs)) + len(told) < _FEWEST:
        msg = "không thấy nội dung bài"
        raise PageUnreadable(msg)
    day = _first(tree, *_DAYS) or next(iter(_PUBLISHED.findall(written)), "")
    return Page(title[:LONGEST_TITLE], summary[:LONGEST_SUMMARY], _joined(paragraphs), day)


def decoded(raw: bytes, content_type: str) -> str:
    """Return a page's letters: UTF-8 where it is that, else what it declares; raises PageUnreadable for neither."""
    declared = _CHARSET.search(content_type.encode("ascii", "replace")) or _CHARSET.search(raw[:4_096])
    for codec in ("utf-8-sig", declared.group(1).decode() if declared else "utf-8"):
        try:
            return raw.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    msg = "trang sai bảng mã"
    raise PageUnreadable(msg)


def _first(tree: Any, *paths: str) -> str:
    for path in paths:
        for one in tree.xpath(path):
            words = text.nfc(one if isinstance(one, str) else one.text_content())
            if words:
                return words
    return ""


def _paragraphs(written: str) -> list[str]:
    """Return the article's paragraphs without menus, advertisements and comments around them."""
    try:
        found = lxml.html.fragment_fromstring(Document(written).summary(html_partial=True), create_parent=True)
    except (Unparseable, lxml.etree.LxmlError, ValueError, AssertionError, RecursionError):
        return []
    return list(dict.fromkeys(_blocks(found)))


def _blocks(tree: Any) -> Iterator[str]:
    for one in tree.iter():
        if one.tag in _BLOCKS and not any(inner.tag in _BLOCKS for inner in one.iterdescendants()):
            words = text.nfc(one.text_content()).replace("¶", "")
            if words:
                yield words


def _joined(paragraphs: list[str]) -> str:
    kept: list[str] = []
    for one in paragraphs:
        if sum(map(len, kept)) + len(kept) * len(PARAGRAPH) + len(one) > LONGEST_WORDS:
            if not kept:
                kept.append(f"{one[: LONGEST_WORDS - 1].rsplit(' ', 1)[0]}…")
            else:
                kept.append("…")
            break
        kept.append(one)
    return PARAGRAPH.join(kept)
