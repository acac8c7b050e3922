"""News of a website that has no feed: its sitemaps, through their indexes, and the pages they name.

robots.txt is honoured (RFC 9309, with Crawl-delay), pages are asked for one after another, and only those whose day has changed since the
last reading. What lies on another host is left.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from protego import Protego

from smarthd.connectors.adapters import documents, pages
from smarthd.connectors.adapters.pages import PageUnreadable
from smarthd.connectors.adapters.sitemap_entries import MOST_ADDRESSES, Listed, Named, entries, moment
from smarthd.connectors.adapters.web import LONGEST_S, Answer, Web
from smarthd.connectors.ports import (
    FROM_THE_START,
    NotThere,
    Offer,
    Reader,
    SourceRefused,
    SourceUnavailable,
    State,
    Table,
)
from smarthd.connectors.rules import addresses

COLUMNS = ("Mã", "Tiêu đề", "Tóm tắt", "Liên kết", "Ngày đăng", "Nội dung", "Ngày trong sơ đồ trang")
AGENT = "SmartHaiDuong"
USUAL_PAGES, MOST_PAGES = 50, 200
MOST_SITEMAPS = 20
USUAL_NAMES = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml.gz", "/sitemap.txt")
"""Where websites keep theirs, when their robots.txt names none."""


class Sitemap(Reader):
    """Reads the newest pages a website's sitemap names."""

    def __init__(self, place: Mapping[str, object], *, secret: Mapping[str, str], web: Web) -> None:
        self._place, self._web = place, web
        self._root = str(place.get("url") or "").strip()
        self._most = min(int(str(place.get("pages") or USUAL_PAGES)), MOST_PAGES)
        self._headers = {"User-Agent": AGENT, "Accept": "text/html, application/xml;q=0.9, */*;q=0.5"}
        self._held: dict[str, Named] = {}
        if not place.get("per_minute"):
            web.slower(1.0)

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return the newest pages, or those whose day is not before the newest one of the last reading."""
        robots = self._robots()
        found, notes, complete = self._newest(robots)
        since = moment(state.get("since", ""))
        dated = bool(found) and all(one.at for one in found)
        asked = [one for one in found if not (since and dated and one.at and one.at < since)]
        rows, left = self._rows(asked)
        if asked and not rows:
            msg = f"không đọc được trang nào: {_counted(left)}"
            raise SourceRefused(msg)
        told = documents.table(COLUMNS, rows, notes=[*notes, *([f"Bỏ qua {_counted(left)}."] if left else [])])
        digest = hashlib.sha256("\x1e".join("\x1f".join(row) for row in rows).encode()).hexdigest()
        newest = max((one.at for one in found if one.at), default=None)
        return Table(
            told.columns,
            told.lines,
            digest=digest,
            notes=told.notes,
            whole=complete and len(asked) == len(found),
            state=self._reached(state, newest if dated else None, complete=complete),
        )

    @staticmethod
    def _reached(state: State, newest: datetime | None, *, complete: bool) -> dict[str, str]:
        """Return where the next reading begins: not further on while a part of the sitemap could not be read."""
        if not complete:
            return {name: value for name, value in state.items() if name == "since"}
        return {"since": newest.isoformat()} if newest else {}

    def sample(self, most: int) -> Table:
        """Return the first pages only."""
        found, notes, _complete = self._newest(self._robots())
        rows, _left = self._rows(found[: min(most, 3)])
        return documents.table(COLUMNS, rows, notes=notes)

    def offers(self) -> list[Offer]:
        """Return the first parts of the addresses there are, the most frequent first."""
        listed, _notes, _complete = self._listed()
        counted = Counter(
            f"/{parts[1]}/" for one in listed if len(parts := urlsplit(one.url).path.split("/")) > 2 and parts[1]
        )
        return [Offer(path, path, f"{count} trang") for path, count in counted.most_common(30) if count > 1]

    # --- what the site allows ---
    def _robots(self) -> Protego:
        """Return the site's rules; a site without any allows everything, one that cannot be asked now nothing (RFC 9309, 2.3.1)."""
        try:
            raw = self._web.get(urljoin(self._root, "/robots.txt"), headers=self._headers).body[: 500 << 10]
        except SourceRefused as why:
            if not str(why).startswith("máy chủ trả lời") and "không cho vào" not in str(why):
                raise
            raw = b""
        rules = Protego.parse(raw.decode("utf-8", "replace"))
        delay = float(rules.crawl_delay(AGENT) or 0)
        self._web.slower(delay)
        if delay:
            self._most = max(1, min(self._most, int((LONGEST_S - 60) / delay)))
        return rules

    def _newest(self, robots: Protego) -> tuple[list[Listed], list[str], bool]:
        """Return the newest pages under the path that may be taken, what to say about the rest, and whether all could be seen."""
        listed, notes, complete = self._listed(robots)
        path = str(self._place.get("path") or "")
        wanted = [one for one in listed if urlsplit(one.url).path.startswith(path)] if path else listed
        if not wanted:
            msg = f"sơ đồ trang có {len(listed)} địa chỉ, không địa chỉ nào bắt đầu bằng {path[:80]}"
            raise SourceRefused(msg)
        allowed = [one for one in wanted if robots.can_fetch(one.url, AGENT)]
        if not allowed:
            msg = "trang web không cho máy lấy các trang này (robots.txt)"
            raise SourceRefused(msg)
        if len(allowed) < len(wanted):
            notes.append(f"{len(wanted) - len(allowed)} trang không cho máy lấy (robots.txt).")
        allowed.sort(key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True)
        if len(allowed) > self._most:
            told_apart = len({one.at for one in allowed}) > 1
            which = "mới nhất" if told_apart else "đầu danh sách (sơ đồ trang không cho biết trang nào mới)"
            notes.append(f"Có {len(allowed)} trang, đọc {self._most} trang {which}.")
        return allowed[: self._most], notes, complete

    # --- what the sitemap names ---
    def _listed(self, robots: Protego | None = None) -> tuple[list[Listed], list[str], bool]:
        """Return the pages, what to say about the rest, and whether every sitemap that was asked for could be read."""
        walk = _Walk(waiting=self._begins(robots or self._robots()))
        while (one := walk.next()) is not None:
            try:
                walk.take(self._named(one), here=self._is_here)
            except SourceRefused as why:
                walk.broken.append((one, why))
        if not walk.found:
            if walk.broken:
                raise walk.broken[0][1]
            msg = "sơ đồ trang không nêu trang nào của chính trang web này"
            raise SourceRefused(msg)
        complete = all(isinstance(why, NotThere) for _one, why in walk.broken)
        return list(walk.found.values()), walk.notes(), complete

    def _named(self, url: str) -> Named:
        if url not in self._held:
            answer = self._web.get(url, headers=self._headers)
            self._held = {url: entries(answer.body, answer.url)}
        return self._held[url]

    def _begins(self, robots: Protego) -> list[str]:
        """Return the sitemap's address; where only the website's is known, what its robots.txt names, else the first usual one there is."""
        if urlsplit(self._root).path not in {"", "/"}:
            return [self._root]
        named = [urljoin(self._root, one) for one in robots.sitemaps]
        if here := [one for one in dict.fromkeys(named) if self._is_here(one)]:
            return here[:MOST_SITEMAPS]
        usual = [urljoin(self._root, name) for name in USUAL_NAMES]
        for one in usual:
            try:
                self._named(one)
            except NotThere:
                continue
            except SourceRefused:
                pass
            return [one]
        return usual[:1]

    def _is_here(self, url: str) -> bool:
        return bool(url) and _host(url) == _host(self._root)

    # --- pages ---
    def _rows(self, asked: Iterable[Listed]) -> tuple[list[list[str]], Counter[str]]:
        """Return the rows of pages that can be read, and why others were left. A page that does not answer now stops the reading."""
        rows, left = [], Counter[str]()
        for one in asked:
            try:
                answer = self._web.get(one.url, headers=self._headers)
                rows.append(self._row(one, answer))
            except SourceRefused as why:
                left[str(why)] += 1
            except PageUnreadable as why:
                left[str(why)] += 1
            except SourceUnavailable as why:
                msg = f"{why} (khi hỏi trang {urlsplit(one.url).path[:120]})"
                raise SourceUnavailable(msg, after=why.after) from None
        return rows, left

    def _row(self, one: Listed, answer: Answer) -> list[str]:
        if not self._is_here(answer.url):
            msg = "trang chuyển sang trang web khác"
            raise PageUnreadable(msg)
        page = pages.read_page(answer.body, answer.headers.get("content-type", ""))
        day = moment(page.day) or one.at
        mark = one.url if len(one.url) <= 300 else hashlib.sha256(one.url.encode()).hexdigest()
        listed_at = one.at.isoformat(timespec="minutes") if one.at else ""
        said = day.isoformat(timespec="minutes") if day else ""
        return [mark, page.title, page.summary, one.url, said, page.words, listed_at]


@dataclass(slots=True)
class _Walk:
    """A way through a website's sitemaps: newest first, lists of categories, tags and authors only where nothing else names a page."""

    waiting: list[str]
    found: dict[str, Listed] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    lists: list[str] = field(default_factory=list)
    broken: list[tuple[str, SourceRefused]] = field(default_factory=list)
    outside: int = 0
    mended: int = 0

    def next(self) -> str | None:
        """Return the next sitemap to ask for, or None."""
        if len(self.seen) >= MOST_SITEMAPS or len(self.found) >= MOST_ADDRESSES:
            return None
        if not self.waiting and not self.found:
            self.waiting, self.lists = self.lists, []
        while self.waiting:
            one = self.waiting.pop(0)
            if one not in self.seen:
                self.seen.add(one)
                return one
        return None

    def take(self, told: Named, *, here: Callable[[str], bool]) -> None:
        """Take what a sitemap names."""
        self.mended += told.mended
        own = [one for one in told.pages if here(one.url)]
        self.outside += len(told.pages) - len(own)
        for one in own[: MOST_ADDRESSES - len(self.found)]:
            self.found.setdefault(one.url, one)
        for inner in sorted(told.inner, key=_placed, reverse=True):
            if here(inner.url):
                (self.lists if _LISTS.search(urlsplit(inner.url).path) else self.waiting).append(inner.url)

    def notes(self) -> list[str]:
        """Return what is said of what was left."""
        left = len([one for one in self.waiting if one not in self.seen])
        told = [
            (self.outside, f"Bỏ qua {self.outside} địa chỉ của trang web khác."),
            (len(self.lists), f"Bỏ qua {len(self.lists)} sơ đồ trang của chuyên mục, thẻ, tác giả."),
            (left, f"Còn {left} sơ đồ trang chưa đọc."),
            (self.mended, "Sơ đồ trang có lỗi XML nhưng vẫn đọc được; nên nhắc người quản trị trang web sửa."),
        ]
        broken = [f"Không đọc được sơ đồ trang {urlsplit(url).path[:120]}: {why}." for url, why in self.broken[:3]]
        return [words for count, words in told if count] + broken


_LISTS = re.compile(r"(?:^|[/_-])(?:categor(?:y|ies)|(?:post_)?tags?|topics?|authors?|users)(?:[._-][^/]*)?$", re.I)
_NAMED_DAY = re.compile(r"(20\d\d)[-_/](\d{1,2})(?:[-_/](\d{1,2}))?(?!\d)")


def _placed(one: Listed) -> tuple[int, int, int, int]:
    """Return a sitemap's place among its siblings: by its day, else by the month its name tells; one that tells neither comes first."""
    if one.at:
        return (0, one.at.year, one.at.month, one.at.day)
    told = _NAMED_DAY.search(urlsplit(one.url).path)
    if told is None:
        return (1, 0, 0, 0)
    year, month, day = (int(part or 0) for part in told.groups())
    return (0, year, month, day)


def _host(url: str) -> str:
    return addresses.netloc_of(url).lower().removeprefix("www.")


def _counted(left: Counter[str]) -> str:
    return "; ".join(f"{count} trang vì {why}" for why, count in left.most_common(3))
