"""XML from outside: entities and document types refused, names without their namespaces, elements as flat rows."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml import ElementTree

from smarthd.connectors.ports import SourceRefused

MOST_DEEP = 5


def parsed(raw: bytes | str, *, what: str = "câu trả lời") -> Element:
    """Return the root of a document, or refuse in words."""
    try:
        root: Element = ElementTree.fromstring(raw, forbid_dtd=True)
    except (ParseError, ValueError, LookupError, defusedxml.DefusedXmlException):
        start = raw[:2_000].lower()
        page = b"<html" in start if isinstance(start, bytes) else "<html" in start
        msg = f"{what} không phải XML" + (" mà là trang web" if page else " đọc được")
        raise SourceRefused(msg) from None
    if name_of(root).lower() == "html":
        msg = f"{what} không phải XML mà là trang web"
        raise SourceRefused(msg)
    return root


def name_of(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def space_of(element: Element) -> str:
    """Return an element's namespace, "" for none."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def found(root: Element, *names: str) -> Iterator[Element]:
    """Return every element of one of these names, in order."""
    return (one for one in root.iter() if name_of(one) in names)


def first(root: Element, *names: str) -> Element | None:
    """Return the first element of one of these names."""
    return next(found(root, *names), None)


def flat(element: Element, before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Return what an element says as pairs: children by name, their children as ``a.b``, attributes as names; repeated ones joined."""
    told: dict[str, list[str]] = {}
    for pair in _pairs(element, before, depth):
        told.setdefault(pair[0], []).append(pair[1])
    return ((name, ", ".join(one for one in values if one)) for name, values in told.items())


def _pairs(element: Element, before: str, depth: int) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2]
        if "XMLSchema-instance" not in name:
            yield f"{before}{plain}", value.strip()
    for child in element:
        if len(child) and depth < MOST_DEEP:
            yield from _pairs(child, f"{before}{name_of(child)}.", depth + 1)
        else:
            yield f"{before}{name_of(child)}", "".join(child.itertext()).strip()
