"""What a piece's words must be for people who see, read or hear badly: some faults block, others warn.

Sources: WCAG 2.2 (1.1.1 alternative text, 1.3.1 and 2.4.6 headings, 2.4.4 link purpose, 3.1.5 reading level) and, for lengths of
sentences, what was found readable in Vietnamese school texts is not settled, so length only ever warns. Contrast (1.4.3) needs no
check: neither editor nor ``markup.clean`` lets anyone choose a colour, and every colour of the pages is measured with the interface. What no
program can measure is words drawn into a picture (1.4.5): a description that calls the picture a poster or a leaflet is answered with the
advice to write its words into the page. Tables stand beside the words and have rules of their own (rules.tables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from smarthd.kernel import text

LONG_SENTENCE = 40  # syllables
LONG_PARAGRAPH = 130
LONG_TEXT = 350
SHOUTED = 25  # letters: a sentence, not a name of an office or an abbreviation
_EMPTY_LINKS = frozenset({
    "tai day", "o day", "day", "xem", "xem them", "xem chi tiet", "chi tiet", "bam vao day", "nhan vao day", "click", "click here", "here",
    "link", "read more", "more", "this", "tai ve", "tai xuong", "download",
})  # fmt: skip
_EMPTY_PICTURES = frozenset(
    {"anh", "hinh", "hinh anh", "buc anh", "picture", "image", "photo", "anh minh hoa", "minh hoa"}
)
_DRAWN_WORDS = re.compile(
    r"(anh |hinh )?(ap phich|to roi|poster|infographic|bang ron|khau hieu|anh chup van ban|anh chup man hinh)\b"
)
_FILE_NAME = re.compile(r".*\.(jpe?g|png|webp|gif|heic)|(img|dsc|image|photo)[ _-]?\d+", re.I)


@dataclass(frozen=True, slots=True)
class Told:
    """What is looked at. ``picture_words`` is None where there is no picture."""

    title: str
    summary: str
    body: str
    picture_words: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the field it is in, what to say, and whether it keeps the piece from being submitted."""

    field: str
    words: str
    blocks: bool


def problems(told: Told) -> list[Problem]:
    """Return every fault, those that block first."""
    read = _Reader()
    read.feed(told.body)
    read.close()
    found = [*_picture(told), *_headings(read), *_links(read), *_title(told), *_readability(told, read)]
    return sorted(found, key=lambda problem: not problem.blocks)


def _picture(told: Told) -> Iterator[Problem]:
    if told.picture_words is None or not told.picture_words.strip():
        return  # a missing description is refused where completeness is checked
    words = text.fold(told.picture_words).strip(" .")
    if words in _EMPTY_PICTURES or _FILE_NAME.fullmatch(told.picture_words.strip()):
        yield Problem(
            "image_alt", "Lời tả ảnh chưa nói ảnh có gì. Hãy tả như kể cho người không nhìn thấy.", blocks=True
        )
    elif _DRAWN_WORDS.match(words):
        yield Problem("image_alt", "Ảnh có chữ (áp phích, tờ rơi): chữ trong ảnh phóng to bị mờ, máy đọc không đọc được. Hãy chép những chữ đó vào nội dung.", blocks=False)  # fmt: skip
    elif words == text.fold(told.title).strip(" ."):
        yield Problem("image_alt", "Lời tả ảnh lặp lại tiêu đề. Hãy tả điều nhìn thấy trong ảnh.", blocks=False)


def _headings(read: _Reader) -> Iterator[Problem]:
    last = 1
    for level, words in read.headings:
        if level > last + 1:
            yield Problem("body", f"Đề mục “{words[:60]}” nhảy cấp: cần một đề mục lớn ở trước.", blocks=True)
        last = level
    for words in read.bold_blocks:
        yield Problem("body", f"Dòng in đậm “{words[:60]}” trông như đề mục: hãy dùng kiểu đề mục.", blocks=False)
    if not read.headings and read.syllables > LONG_TEXT:
        yield Problem("body", "Bài dài mà không có đề mục: người dùng máy đọc khó tìm phần mình cần.", blocks=False)


def _links(read: _Reader) -> Iterator[Problem]:
    for words in read.links:
        bare = text.fold(words).strip(" .:»>")
        if not bare:
            yield Problem("body", "Có đường dẫn không có chữ.", blocks=True)
        elif bare in _EMPTY_LINKS:
            yield Problem("body", f"Đường dẫn “{words}” không nói dẫn tới đâu. Hãy ghi tên trang sẽ mở.", blocks=True)
        elif words.lower().startswith(("http://", "https://", "www.")):
            yield Problem(
                "body", f"Đường dẫn hiện nguyên địa chỉ “{words[:50]}”. Hãy thay bằng tên trang.", blocks=False
            )


def _shouted(words: str, *, letters: int) -> bool:
    """Say whether words of more than so many letters are written in capitals."""
    found = [letter for letter in words if letter.isalpha()]
    return len(found) > letters and sum(letter.isupper() for letter in found) > 0.7 * len(found)


def _title(told: Told) -> Iterator[Problem]:
    if _shouted(told.title, letters=12):
        yield Problem("title", "Tiêu đề viết hoa toàn bộ: khó đọc, máy đọc có thể đánh vần từng chữ.", blocks=False)
    if "!!" in told.title + told.summary:
        yield Problem("title", "Bỏ bớt dấu chấm than.", blocks=False)


def _readability(told: Told, read: _Reader) -> Iterator[Problem]:
    sentences = _sentences(f"{told.summary}. " + ". ".join(read.blocks))
    loud = next((one for one in sentences if _shouted(one, letters=SHOUTED)), "")
    if loud:
        start = " ".join(loud.split()[:8])
        yield Problem(
            "body", f"Câu viết hoa toàn bộ: “{start}…”. Nên viết thường, hoa đầu câu và tên riêng.", blocks=False
        )
    long = [one for one in sentences if len(one.split()) > LONG_SENTENCE]
    for sentence in long[:3]:
        start = " ".join(sentence.split()[:8])
        yield Problem("body", f"Câu dài {len(sentence.split())} chữ: “{start}…”. Nên tách ra.", blocks=False)
    for block in read.blocks:
        if len(block.split()) > LONG_PARAGRAPH:
            start = " ".join(block.split()[:8])
            yield Problem(
                "body", f"Đoạn dài {len(block.split())} chữ: “{start}…”. Nên tách hoặc gạch đầu dòng.", blocks=False
            )


def _sentences(words: str) -> list[str]:
    return [one for one in re.split(r"[.!?;:…]+\s+|\n+", words) if one.strip()]


class _Reader(HTMLParser):
    """Takes from cleaned markup what the checks need: headings with levels, links, blocks, blocks that are bold throughout."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[tuple[int, str]] = []
        self.links: list[str] = []
        self.blocks: list[str] = []
        self.bold_blocks: list[str] = []
        self._block: list[str] = []
        self._bold: list[str] = []
        self._link: list[str] | None = None
        self._in_bold = False

    @property
    def syllables(self) -> int:
        """Return how many syllables the blocks hold."""
        return sum(len(block.split()) for block in self.blocks)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"p", "h2", "h3", "li"}:
            self._block, self._bold = [], []
        elif tag == "a":
            self._link = []
        elif tag == "b":
            self._in_bold = True

    def handle_endtag(self, tag: str) -> None:
        words = "".join(self._block).strip()
        if tag in {"h2", "h3"}:
            self.headings.append((int(tag[1]), words))
        elif tag in {"p", "li"} and words:
            self.blocks.append(words)
            if tag == "p" and "".join(self._bold).strip() == words and len(words.split()) <= 12:
                self.bold_blocks.append(words)
        elif tag == "a" and self._link is not None:
            self.links.append("".join(self._link).strip())
            self._link = None
        elif tag == "b":
            self._in_bold = False

    def handle_data(self, data: str) -> None:
        self._block.append(data)
        if self._in_bold:
            self._bold.append(data)
        if self._link is not None:
            self._link.append(data)
