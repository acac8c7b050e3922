"""What one sitemap names, as sites really write them: sitemaps.org 0.9 in XML or as plain lines, gzipped or not, with the faults of hand-made ones.

Sites put a blank line before the XML declaration, leave ampersands bare, use prefixes they never declared, name an encoding that is not theirs,
give addresses without their host and days in any shape. Each of these is read; a half-written file and a document type are refused.
"""

from __future__ import annotations

import codecs
import html.entities
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml import ElementTree

from smarthd.connectors.adapters import xmls
from smarthd.connectors.ports import SourceRefused
from smarthd.kernel import clock

MOST_ADDRESSES = 50_000  # of one sitemap, by its protocol; here of all that one reading takes in
_UNPACKED = 50 << 20  # as above
_LONGEST = 900  # letters of an address
_AHEAD = timedelta(days=1)
_OLDEST = 1990
_FAULTS = (ParseError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page a sitemap names, with the day it gives, where it gives one."""

    url: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What a sitemap names: other sitemaps, and pages. ``mended`` says that its XML was faulty and could be read all the same."""

    inner: list[Listed]
    pages: list[Listed]
    mended: bool = False


def entries(raw: bytes, base: str = "") -> Named:
    """Return what a sitemap at ``base`` names. What is broken beyond mending is refused in words; document types before they are read."""
    raw = unpacked(raw)
    if (lines := _plain(raw)) is not None:
        return Named([], [Listed(one) for one in lines[:MOST_ADDRESSES]])
    try:
        return _named(raw, base, mended=False)
    except defusedxml.DefusedXmlException:
        raise SourceRefused(_unreadable(raw)) from None
    except _FAULTS:
        pass
    try:
        return _named(_mended(raw), base, mended=True)
    except (*_FAULTS, defusedxml.DefusedXmlException):
        raise SourceRefused(_unreadable(raw)) from None


def _unreadable(raw: bytes) -> str:
    page = b"<html" in raw[:2_000].lower()
    return "sơ đồ trang không phải XML" + (" mà là trang web" if page else " đọc được")


def _named(raw: bytes, base: str, *, mended: bool) -> Named:
    inner: list[Listed] = []
    pages: list[Listed] = []
    for name, element in _read(raw):
        if (one := _listed(element, base)) is not None:
            (inner if name == "sitemap" or _is_sitemap(one.url) else pages).append(one)
        if len(pages) >= MOST_ADDRESSES:
            break
    return Named(inner, pages, mended)


def _is_sitemap(url: str) -> bool:
    """Say whether an address listed among pages is a sitemap itself; some sites write their index as a list of pages."""
    return urlsplit(url).path.lower().endswith((".xml", ".xml.gz"))


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
            element.clear()
            root.clear()


def _not_one(name: str) -> str:
    if name.lower() == "html":
        return "sơ đồ trang không phải XML mà là trang web"
    if name in {"rss", "feed", "RDF"}:
        return "địa chỉ này là nguồn tin RSS, Atom: xin lập nguồn dữ liệu loại đó"
    return "tệp XML này không phải sơ đồ trang (sitemap)"


def _listed(element: Element, base: str) -> Listed | None:
    """Return one entry. Only its own children speak of it: an image's address is no page's."""
    told: dict[str, str] = {}
    for one in element:
        told.setdefault(xmls.name_of(one), (one.text or "").strip())
    url = urldefrag(urljoin(base, told.get("loc", "")))[0] if told.get("loc") else ""
    if not url.startswith(("http://", "https://")) or len(url) > _LONGEST:
        return None
    news = next((one for one in element if xmls.name_of(one) == "news"), None)
    published = xmls.first(news, "publication_date") if news is not None else None
    said = (published.text or "").strip() if published is not None else ""
    return Listed(url, moment(said) or moment(told.get("lastmod", "")))


# --- faults of hand-made ones ------------------------------------------------------------------------------------------
_DECLARED = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{2,40})[\"']", re.I)
_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>", re.I)
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.S)
_ENTITY = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};|)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PREFIX = re.compile(r"<([A-Za-z_][\w.-]*):[A-Za-z_]|\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=\s*[\"']")
_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:urlset|sitemapindex))\b")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})


def _mended(raw: bytes) -> bytes:
    """Return a sitemap without the faults sites make most often."""
    written = _CONTROLS.sub("", _letters(raw))
    written = _DECLARATION.sub("", written[written.find("<") :])
    parts = _CDATA.split(written)
    written = "".join(part if part.startswith("<![CDATA[") else _ENTITY.sub(_spelled, part) for part in parts)
    used = {one or other for one, other in _PREFIX.findall(written)} - {"xml", "xmlns"}
    missing = sorted(one for one in used if f"xmlns:{one}" not in written)
    declared = "".join(f' xmlns:{one}="urn:undeclared:{one}"' for one in missing)
    return _ROOT.sub(rf"<\1{declared}", written, count=1).encode()


def _letters(raw: bytes) -> str:
    """Return what the bytes say: by their mark, else UTF-8, else as declared; an odd byte spoils its own address only."""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            return raw.decode(codec, "replace")
    try:
        return raw.decode("utf-8").replace("\ufeff", "")
    except UnicodeDecodeError:
        declared = _DECLARED.search(raw[:200].decode("ascii", "replace"))
    try:
        return raw.decode(declared.group(1) if declared else "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _spelled(found: re.Match[str]) -> str:
    name = found.group(1).rstrip(";")
    if name.startswith("#") or name in _OWN:
        return found.group(0)
    letter = html.entities.name2codepoint.get(name)
    return f"&#{letter};" if letter else f"&amp;{found.group(1)}"


def _plain(raw: bytes) -> list[str] | None:
    """Return the addresses of a sitemap of plain lines, or None for one that is none."""
    first = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:8].lower()
    if not first.startswith((b"http://", b"https://")):
        return None
    lines = (one.strip() for one in raw.decode("utf-8-sig", "replace").splitlines())
    return [one for one in lines if one.startswith(("http://", "https://")) and len(one) <= _LONGEST]


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


# --- days --------------------------------------------------------------------------------------------------------------
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_BROWSER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) ([\d:]{8}) GMT([+-]\d{4})")


def moment(written: str) -> datetime | None:
    """Return an instant as the web writes it: W3C-DTF, RFC 5322, or near either; None for what is none, lies ahead or before the web.

    A day begins at midnight here; of an instant that is half readable the day is taken.
    """
    found = _instant(written.strip())
    if found is None or found.year < _OLDEST:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=clock.ZONE)
    return found if found <= clock.now() + _AHEAD else None


def _instant(written: str) -> datetime | None:
    if len(written) >= len("2026-1-1"):
        for read in (datetime.fromisoformat, _mail):
            try:
                return read(written)
            except (ValueError, TypeError, IndexError):
                continue
    for shape, order in ((_YEAR_FIRST, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1)), (_DAY_FIRST, (3, 1, 2))):
        if (found := shape.match(written)) is not None:
            try:
                year, month, day = (int(found.group(one) or 1) for one in order)
                return datetime(year, month, day, tzinfo=clock.ZONE)
            except ValueError:
                continue
    return None


def _mail(written: str) -> datetime:
    """Return an instant of RFC 5322, or as browsers print theirs; raises ValueError, TypeError or IndexError."""
    if (told := _BROWSER.match(written)) is not None:
        month, day, year, at, zone = told.groups()
        written = f"{day} {month} {year} {at} {zone}"
    return parsedate_to_datetime(written)
