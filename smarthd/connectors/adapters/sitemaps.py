"""News of a website that has no feed: its sitemap (sitemaps.org 0.9, with indexes, gzip and Google's news extension) and the pages it names.

robots.txt is honoured (RFC 9309, with Crawl-delay), pages are asked for one after another, and only those whose day has changed since the
last reading. What lies on another host is left.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml import ElementTree
from protego import Protego

from smarthd.connectors.adapters import documents, pages, xmls
from smarthd.connectors.adapters.pages import PageUnreadable
from smarthd.connectors.adapters.web import LONGEST_S, Answer, Web
from smarthd.connectors.ports import FROM_THE_START, Offer, Reader, SourceRefused, SourceUnavailable, State, Table
from smarthd.connectors.rules import addresses
from smarthd.kernel import clock

COLUMNS = ("Mã", "Tiêu đề", "Tóm tắt", "Liên kết", "Ngày đăng", "Nội dung", "Ngày trong sơ đồ trang")
AGENT = "SmartHaiDuong"
USUAL_PAGES, MOST_PAGES = 50, 200
MOST_ADDRESSES = 50_000  # of one sitemap, by its protocol; here of all that one reading takes in
MOST_SITEMAPS = 20
_UNPACKED = 50 << 20  # as above
_LONGEST = 900  # letters of an address
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page a sitemap names, with the day it gives, where it gives one."""

    url: str
    at: datetime | None = None


class Sitemap(Reader):
    """Reads the newest pages a website's sitemap names."""

    def __init__(self, place: Mapping[str, object], *, secret: Mapping[str, str], web: Web) -> None:
        self._place, self._web = place, web
        self._root = str(place.get("url") or "").strip()
        self._most = min(int(str(place.get("pages") or USUAL_PAGES)), MOST_PAGES)
        self._headers = {"User-Agent": AGENT, "Accept": "text/html, application/xml;q=0.9, */*;q=0.5"}
        if not place.get("per_minute"):
            web.slower(1.0)

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return the newest pages, or those whose day is not before the newest one of the last reading."""
        robots = self._robots()
        found, notes = self._newest(robots)
        since = _moment(state.get("since", ""))
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
            whole=len(asked) == len(found),
            state={"since": newest.isoformat()} if dated and newest else {},
        )

    def sample(self, most: int) -> Table:
        """Return the first pages only."""
        found, notes = self._newest(self._robots())
        rows, _left = self._rows(found[: min(most, 3)])
        return documents.table(COLUMNS, rows, notes=notes)

    def offers(self) -> list[Offer]:
        """Return the first parts of the addresses there are, the most frequent first."""
        listed, _notes = self._listed()
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

    def _newest(self, robots: Protego) -> tuple[list[Listed], list[str]]:
        """Return the newest pages under the path that may be taken, and what to say about the rest."""
        listed, notes = self._listed(robots)
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
            notes.append(f"Có {len(allowed)} trang, đọc {self._most} trang mới nhất.")
        return allowed[: self._most], notes

    # --- what the sitemap names ---
    def _listed(self, robots: Protego | None = None) -> tuple[list[Listed], list[str]]:
        waiting = self._begins(robots or self._robots())
        found: dict[str, Listed] = {}
        notes: list[str] = []
        outside = asked = 0
        while waiting and asked < MOST_SITEMAPS and len(found) < MOST_ADDRESSES:
            one = waiting.pop(0)
            asked += 1
            inner, named = entries(self._web.get(one, headers=self._headers).body)
            here = [entry for entry in named if self._is_here(entry.url)]
            outside += len(named) - len(here)
            newest_first = sorted(inner, key=lambda entry: entry.at.timestamp() if entry.at else 0.0, reverse=True)
            waiting += [entry.url for entry in newest_first if self._is_here(entry.url)]
            for entry in here[: MOST_ADDRESSES - len(found)]:
                found.setdefault(entry.url, entry)
        if not found:
            msg = "sơ đồ trang không nêu trang nào của chính trang web này"
            raise SourceRefused(msg)
        if outside:
            notes.append(f"Bỏ qua {outside} địa chỉ của trang web khác.")
        if waiting:
            notes.append(f"Còn {len(waiting)} sơ đồ trang chưa đọc.")
        return list(found.values()), notes

    def _begins(self, robots: Protego) -> list[str]:
        """Return the sitemap's address; where only the website's is known, what its robots.txt names, else the usual one."""
        if urlsplit(self._root).path not in {"", "/"}:
            return [self._root]
        named = [one for one in robots.sitemaps if self._is_here(one)]
        return named[:MOST_SITEMAPS] or [urljoin(self._root, "/sitemap.xml")]

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
        day = _moment(page.day) or one.at
        mark = one.url if len(one.url) <= 300 else hashlib.sha256(one.url.encode()).hexdigest()
        listed_at = one.at.isoformat(timespec="minutes") if one.at else ""
        said = day.isoformat(timespec="minutes") if day else ""
        return [mark, page.title, page.summary, one.url, said, page.words, listed_at]


def entries(raw: bytes) -> tuple[list[Listed], list[Listed]]:
    """Return the sitemaps and the pages a sitemap names. What is broken is refused in words; document types before they are read."""
    inner: list[Listed] = []
    named: list[Listed] = []
    try:
        for name, element in _read(unpacked(raw)):
            if (one := _listed(element)) is not None:
                (inner if name == "sitemap" else named).append(one)
            if len(named) >= MOST_ADDRESSES:
                break
    except (ParseError, ValueError, LookupError, defusedxml.DefusedXmlException):
        page = b"<html" in raw[:2_000].lower()
        msg = "sơ đồ trang không phải XML" + (" mà là trang web" if page else " đọc được")
        raise SourceRefused(msg) from None
    return inner, named


def _read(raw: bytes) -> Iterator[tuple[str, Element]]:
    """Yield what a sitemap holds one by one; what was read is let go of."""
    root: Element | None = None
    for event, element in ElementTree.iterparse(io.BytesIO(raw), events=("start", "end"), forbid_dtd=True):
        name = xmls.name_of(element)
        if root is None:
            root = element
            if name not in {"urlset", "sitemapindex"}:
                raise SourceRefused(_not_one(name))
        elif event == "end" and name in {"url", "sitemap"}:
            yield name, element
            root.clear()


def _not_one(name: str) -> str:
    if name.lower() == "html":
        return "sơ đồ trang không phải XML mà là trang web"
    if name in {"rss", "feed", "RDF"}:
        return "địa chỉ này là nguồn tin RSS, Atom: xin lập nguồn dữ liệu loại đó"
    return "tệp XML này không phải sơ đồ trang (sitemap)"


def unpacked(raw: bytes) -> bytes:
    """Return a sitemap that may be gzipped; one that unpacks to more than the protocol allows is refused."""
    if raw[:2] == b"\x1f\x8b":
        reader = zlib.decompressobj(31)
        try:
            raw = reader.decompress(raw, _UNPACKED + 1)
        except zlib.error:
            msg = "sơ đồ trang nén bị hỏng"
            raise SourceRefused(msg) from None
        if len(raw) <= _UNPACKED and not reader.eof:
            msg = "sơ đồ trang nén mới có một nửa"
            raise SourceRefused(msg)
    if len(raw) > _UNPACKED:
        msg = f"sơ đồ trang lớn hơn {_UNPACKED >> 20} MB"
        raise SourceRefused(msg)
    return raw


def _listed(element: Element) -> Listed | None:
    told = {xmls.name_of(one): (one.text or "").strip() for one in element.iter() if one.text}
    url = urldefrag(told.get("loc", ""))[0]
    if not url.startswith(("http://", "https://")) or len(url) > _LONGEST:
        return None
    return Listed(url, _moment(told.get("publication_date", "")) or _moment(told.get("lastmod", "")))


def _moment(written: str) -> datetime | None:
    """Return an instant as the web writes it (W3C-DTF); a day begins at midnight here; None for what is none or lies ahead."""
    whole = f"{written}-01" if len(written) == 7 else written
    try:
        found = datetime.fromisoformat(whole)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=clock.ZONE)
    return found if found <= clock.now() + _AHEAD else None


def _host(url: str) -> str:
    return addresses.netloc_of(url).lower().removeprefix("www.")


def _counted(left: Counter[str]) -> str:
    return "; ".join(f"{count} trang vì {why}" for why, count in left.most_common(3))
