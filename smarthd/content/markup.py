"""The only markup a notice may carry.

Rich text is read with the standard library's tolerant parser and **written anew** from an allow-list; nothing of the input's
markup is ever copied. What the list does not name becomes plain text or, for elements that are code, nothing.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from smarthd.kernel import text

_ALIASES = {"strong": "b", "em": "i", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "div": "p"}
_BLOCKS = frozenset({"p", "h2", "h3", "ul", "ol", "li"})
_INLINE = frozenset({"b", "i", "a"})
_VOID = frozenset({"br"})
_DROPPED = frozenset(
    {"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "textarea", "title"}
)
_SCHEMES = frozenset({"http", "https", "tel", "mailto"})
_MAX_DEPTH = 12
_BLANK_BLOCK = re.compile(r"<(p|h2|h3|li)>\s*</\1>")


def safe_link(address: str) -> str:
    """Return the address if a reader may be sent there, else an empty string.

    Allowed: http, https, tel, mailto, and paths of this site. Control, direction and white-space characters, which
    browsers skip when they read a scheme, are removed before the scheme is looked at.
    """
    bare = re.sub(r"\s", "", text.BIDI_AND_CONTROL.sub("", address))
    if not bare or len(bare) > 2000 or "\\" in bare:
        return ""
    try:
        parts = urlsplit(bare)
        _ = parts.port
    except ValueError:
        return ""
    if not parts.scheme:
        return bare if bare.startswith("/") and not bare.startswith("//") else ""
    if parts.scheme not in _SCHEMES or "@" in parts.netloc:
        return ""
    if parts.scheme in {"http", "https"} and not parts.hostname:
        return ""
    return bare


class _Writer(HTMLParser):
    """Re-writes markup; the stack holds what is open in the output, so that everything is closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.open: list[str] = []
        self.dropping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self.dropping.append(tag)
        if self.dropping:
            return
        name = _ALIASES.get(tag, tag)
        if name in _VOID:
            self.out.append("<br>")
            return
        if name not in _BLOCKS | _INLINE or len(self.open) >= _MAX_DEPTH:
            return
        if name == "li" and not {"ul", "ol"} & set(self.open):
            name = "p"
        if name in {"p", "h2", "h3", "ul", "ol"}:
            self._close_through({"p", "h2", "h3"})
        if name == "a":
            link = safe_link(dict(attrs).get("href") or "")
            if not link or "a" in self.open:
                return
            self.out.append(f'<a href="{html.escape(link)}"{_outside(link)}>')
        else:
            self.out.append(f"<{name}>")
        self.open.append(name)

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            if tag == self.dropping[-1]:
                self.dropping.pop()
            return
        self._close_through({_ALIASES.get(tag, tag)})

    def handle_data(self, data: str) -> None:
        if not self.dropping:
            self.out.append(html.escape(text.BIDI_AND_CONTROL.sub("", data), quote=False))

    def _close_through(self, names: set[str]) -> None:
        """Close what is open down to and including the innermost of ``names``; nothing if none is open."""
        if not names & set(self.open):
            return
        while self.open:
            name = self.open.pop()
            self.out.append(f"</{name}>")
            if name in names:
                return

    def finish(self) -> str:
        """Return the whole output, everything closed."""
        self.close()
        while self.open:
            self.out.append(f"</{self.open.pop()}>")
        return "".join(self.out)


def _outside(link: str) -> str:
    return ' rel="noopener nofollow"' if link.startswith("http") else ""


def clean(markup: str) -> str:
    """Return markup made only of p, h2, h3, ul, ol, li, b, i, br and checked links; cleaning twice changes nothing."""
    writer = _Writer()
    writer.feed(markup)
    result = writer.finish()
    while (shorter := _BLANK_BLOCK.sub("", result)) != result:
        result = shorter
    return result.strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS | _VOID:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def plain(markup: str) -> str:
    """Return the words of cleaned markup, for searching, counting and plain-text copies."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return text.nfc("".join(reader.words))
