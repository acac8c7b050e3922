"""REST and JSON: lists in pages, five ways of paging, four ways of being let in; CKAN's datastore is one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from smarthd.connectors.adapters import documents
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.ports import FROM_THE_START, Reader, SourceRefused, State, Table

MOST_PAGES = 1_000


def with_query(url: str, **told: object) -> str:
    """Return an address with parameters added or replaced."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {name: str(value) for name, value in told.items()}
    return urlunsplit(parts._replace(query=urlencode(query)))


def let_in(place: Mapping[str, object], secret: Mapping[str, str], web: Web) -> dict[str, str]:
    """Return the headers that let one in: none, a token, user and password, a key in a header, or OAuth2 client credentials (RFC 6749, 4.4)."""
    import base64

    match place.get("auth") or "none":
        case "bearer":
            return {"Authorization": f"Bearer {secret.get('token', '')}"}
        case "basic":
            pair = f"{secret.get('user', '')}:{secret.get('password', '')}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        case "header":
            return {str(place.get("header") or "X-Api-Key"): secret.get("token", "")}
        case "oauth2":
            return {"Authorization": f"Bearer {_oauth2_token(place, secret, web)}"}
        case _:
            return {}


def _oauth2_token(place: Mapping[str, object], secret: Mapping[str, str], web: Web) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": secret.get("client_id", ""),
        "client_secret": secret.get("client_secret", ""),
    }
    if scope := str(place.get("scope") or ""):
        form["scope"] = scope
    answer = web.post(str(place.get("token_url") or ""), form=form, headers={"Accept": "application/json"})
    told = documents.parsed_json(answer.body)
    token = told.get("access_token") if isinstance(told, Mapping) else None
    if not isinstance(token, str) or not token.isprintable() or not token:
        msg = "máy chủ cấp quyền không trả về access_token"
        raise SourceRefused(msg)
    return token


class RestApi(Reader):
    """Reads all pages of a list. ``place``: url, rows (path of the list), paging (none, page, offset, cursor, next), names of parameters."""

    def __init__(self, place: Mapping[str, object], *, secret: Mapping[str, str], web: Web) -> None:
        self._place, self._secret, self._web = place, secret, web

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return the items of all pages, in order."""
        headers = {"Accept": "application/json", **let_in(self._place, self._secret, self._web)}
        found: list[Mapping[str, Any]] = []
        for told in self._pages(headers):
            items = documents.records(told, str(self._place.get("rows") or ""))
            found.extend(items)
            if len(found) > documents.MOST_ROWS:
                msg = f"nhiều hơn {documents.MOST_ROWS} mục"
                raise SourceRefused(msg)
        return documents.json_table(found)

    def sample(self, most: int) -> Table:
        """Return the first items of the first page."""
        headers = {"Accept": "application/json", **let_in(self._place, self._secret, self._web)}
        told = next(self._pages(headers))
        return documents.json_table(documents.records(told, str(self._place.get("rows") or ""))[:most])

    def _pages(self, headers: Mapping[str, str]) -> Iterator[Any]:
        ways: dict[str, Callable[[str, Any, int, int], str]] = {
            "page": self._next_page,
            "offset": self._next_offset,
            "cursor": self._next_cursor,
            "next": self._next_link,
        }
        paging = str(self._place.get("paging") or "none")
        url, seen = self._first(paging), 0
        visited: set[str] = set()
        for number in range(MOST_PAGES):
            visited.add(url)
            answer = self._web.get(url, headers=headers)
            told = documents.parsed_json(answer.body)
            yield told
            items = documents.records(told, str(self._place.get("rows") or ""))
            seen += len(items)
            way = ways.get(paging)
            if paging == "link":
                onward = self._own(url, _next_of(answer.headers.get("link", "")))
            else:
                onward = way(url, told, number, seen) if way and items else ""
            if not onward:
                return
            if onward in visited:
                msg = "máy chủ trả lại trang đã đọc: phân trang không đi tới"
                raise SourceRefused(msg)
            url = onward
        msg = f"nhiều hơn {MOST_PAGES} trang"
        raise SourceRefused(msg)

    def _first(self, paging: str) -> str:
        url = str(self._place.get("url") or "")
        size = {str(self._place["size_param"]): self._size} if self._place.get("size_param") else {}
        if paging == "page":
            return with_query(url, **{self._param("page"): self._start}, **size)
        if paging == "offset":
            return with_query(url, **{self._param("offset"): 0}, **size)
        return with_query(url, **size) if size else url

    @property
    def _size(self) -> int:
        return int(str(self._place.get("size") or 100))

    @property
    def _start(self) -> int:
        return int(str(self._place.get("start") or 1))

    def _param(self, usual: str) -> str:
        return str(self._place.get("param") or usual)

    def _next_page(self, url: str, told: Any, number: int, seen: int) -> str:
        return with_query(url, **{self._param("page"): self._start + number + 1})

    def _next_offset(self, url: str, told: Any, number: int, seen: int) -> str:
        return with_query(url, **{self._param("offset"): seen})

    def _next_cursor(self, url: str, told: Any, number: int, seen: int) -> str:
        cursor = documents.within(told, str(self._place.get("cursor") or "next"))
        return with_query(url, **{self._param("cursor"): cursor}) if cursor else ""

    def _next_link(self, url: str, told: Any, number: int, seen: int) -> str:
        """Follow a link the answer gives, on the same server only: what lets us in is meant for it."""
        link = documents.within(told, str(self._place.get("cursor") or "next"))
        return self._own(url, str(link or ""))

    def _own(self, url: str, link: str) -> str:
        onward = urljoin(url, link) if link else ""
        if onward and urlsplit(onward)[:2] != urlsplit(url)[:2]:
            msg = "liên kết trang sau dẫn sang máy chủ khác"
            raise SourceRefused(msg)
        return onward


def _next_of(header: str) -> str:
    """Return the address of the next page from a ``Link`` header (RFC 8288)."""
    found = re.search(r'<([^>]*)>[^<]*;\s*rel="?next"?', header)
    return found[1] if found else ""


def ckan(place: Mapping[str, object], *, secret: Mapping[str, str], web: Web) -> RestApi:
    """Return the reader of a CKAN datastore resource (``datastore_search``, pages by offset)."""
    base = str(place.get("url") or "").rstrip("/")
    url = with_query(f"{base}/api/3/action/datastore_search", resource_id=place.get("resource") or "")
    told = {"url": url, "rows": "result.records", "paging": "offset", "size_param": "limit", "size": 1_000}
    return RestApi(
        {**told, "auth": "header" if secret.get("token") else "none", "header": "Authorization"}, secret=secret, web=web
    )
