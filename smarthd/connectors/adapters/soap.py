"""SOAP 1.1 and 1.2, and plain XML over HTTP: a request as the department's engineer wrote it, its secrets filled in, rows found by path.

The request is kept as text, not generated from a WSDL fetched from outside: what is sent is what was looked at (docs/adr/0104).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from smarthd.connectors.adapters import documents, xmls
from smarthd.connectors.adapters.rest import let_in
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.ports import FROM_THE_START, Reader, SourceRefused, State, Table

ENVELOPES = {
    "1.1": ("http://schemas.xmlsoap.org/soap/envelope/", "text/xml; charset=utf-8"),
    "1.2": ("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml; charset=utf-8"),
}
_BLANK = re.compile(r"\{\{(user|password|token)\}\}")


class SoapService(Reader):
    """Asks one operation. ``place``: url, version (1.1, 1.2, or xml for a plain GET), action, body, rows (``A/B/C`` of names)."""

    def __init__(self, place: Mapping[str, object], *, secret: Mapping[str, str], web: Web) -> None:
        self._place, self._secret, self._web = place, secret, web

    def read(self, state: State = FROM_THE_START) -> Table:
        """Return the elements at the path as rows."""
        root = xmls.parsed(self._asked())
        if (fault := xmls.first(root, "Fault")) is not None:
            raise SourceRefused(f"dịch vụ báo lỗi {_fault(fault)}".strip())
        rows = list(_rows(root, str(self._place.get("rows") or "")))
        columns = list(dict.fromkeys(name for row in rows for name in row))[: documents.MOST_COLUMNS]
        return documents.table(columns, ([row.get(name, "") for name in columns] for row in rows))

    def _asked(self) -> bytes:
        headers = let_in(self._place, self._secret, self._web)
        url, version = str(self._place.get("url") or ""), str(self._place.get("version") or "1.1")
        if version == "xml":
            return self._web.get(url, headers={"Accept": "application/xml, text/xml", **headers}).body
        space, content = ENVELOPES[version]
        action = str(self._place.get("action") or "")
        if version == "1.1":
            headers["SOAPAction"] = f'"{action}"'
        elif action:
            content = f'{content}; action="{action}"'
        body = f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{space}"><s:Body>{self._body()}</s:Body></s:Envelope>'
        return self._web.send(url, headers=headers, body=body.encode(), content_type=content, faults=True).body

    def _body(self) -> str:
        """Return the request with its blanks ``{{user}}``, ``{{password}}``, ``{{token}}`` filled in; a whole envelope gives its body."""
        written = str(self._place.get("body") or "").strip()
        root = xmls.parsed(written, what="nội dung yêu cầu")
        if xmls.name_of(root) == "Envelope":
            msg = "chỉ dán phần bên trong soap:Body, không dán cả Envelope"
            raise SourceRefused(msg)
        written = re.sub(r"^\s*<\?xml[^>]*\?>", "", written)
        return _BLANK.sub(lambda blank: escape(self._secret.get(blank[1], ""), {'"': "&quot;", "'": "&apos;"}), written)


def _fault(fault: Element) -> str:
    """Return a fault's code alone: its words may hold what was sent."""
    code = xmls.first(fault, "faultcode", "Value")
    return re.sub(r"[^\w.:-]", "", (code.text or "") if code is not None else "")[:60]


def _rows(root: Element, path: str) -> Iterator[dict[str, str]]:
    """Return the elements at a path as rows. Text that is itself XML or JSON, as many services answer, is opened on the way."""
    names = [name for name in path.split("/") if name]
    if not names:
        msg = "chưa khai nơi chứa các dòng, ví dụ DanhSach/NhaThuoc"
        raise SourceRefused(msg)
    here: list[Element] = [one for one in root.iter() if xmls.name_of(one) == names[0]]
    for index, name in enumerate(names[1:], start=1):
        if here and all(len(one) == 0 and _is_document(one.text) for one in here):
            for one in here:
                yield from _inside((one.text or "").strip(), names[index:])
            return
        here = [child for one in here for child in one if xmls.name_of(child) == name]
    if not here and xmls.first(root, names[0]) is None:
        msg = f"không thấy “{names[0][:60]}” trong câu trả lời"
        raise SourceRefused(msg)
    for one in here:
        if len(one) == 0 and _is_document(one.text):
            yield from _inside((one.text or "").strip(), [])
        else:
            yield dict(xmls.flat(one)) or {names[-1]: (one.text or "").strip()}


def _is_document(text: str | None) -> bool:
    return (text or "").lstrip()[:1] in {"<", "[", "{"}


def _inside(text: str, names: list[str]) -> Iterator[dict[str, str]]:
    if text.startswith("<"):
        root = xmls.parsed(text)
        yield from _rows(root, "/".join(names) or _repeated(root))
        return
    told: Any = documents.parsed_json(text.encode())
    for one in documents.records(told, ".".join(names)):
        yield documents.flat_object(one)


def _repeated(root: Element) -> str:
    """Return the name of the rows of a list that was not named further: what the root is made of."""
    return xmls.name_of(root[0]) if len(root) else xmls.name_of(root)
