"""The same words by every road. A drill says DIỄN TẬP in every title and at the head of every body: no rendering has its own way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarthd.channels.rules import spoken
from smarthd.channels.rules.bulletins import PRIORITY_WORDS, Change, Language, Words
from smarthd.channels.rules.outlets import Kind

DRILL = "DIỄN TẬP"
_DRILL_SENTENCE = "Đây là diễn tập, không phải tình huống thật."
_DRILL_ENGLISH = "This is a drill, not a real situation."
_CHANGES = {Change.NEW: "", Change.UPDATE: "Cập nhật: ", Change.CANCEL: "Hủy: "}
_SYLLABLES_A_SECOND = 3.3  # a newsreader's pace over a loudspeaker, as the warnings reckon it
ZALO_TITLE, ZALO_SUMMARY, FACEBOOK_TEXT = 150, 300, 5_000
EMBED_BODY, POSTER_BODY = 600, 420


def title(words: Words) -> str:
    """Return the title for any road."""
    said = f"{_CHANGES[words.change]}{words.title}"
    return f"{DRILL}: {said}" if words.drill and not said.upper().startswith(DRILL) else said


def opening(words: Words) -> str:
    """Return the sentence that opens every body of a drill; nothing for the real thing."""
    if not words.drill:
        return ""
    english = f" {_DRILL_ENGLISH}" if words.language is Language.EN else ""
    return f"{DRILL}. {_DRILL_SENTENCE}{english}"


def area(words: Words, *, most: int = 12) -> str:
    """Return the places in words; beyond ``most`` the rest is counted."""
    if not words.places:
        return "toàn địa bàn"
    if len(words.places) <= most:
        return ", ".join(words.places)
    return f"{', '.join(words.places[:most])} và {len(words.places) - most} xã, phường khác"


def moment(at: datetime) -> str:
    """Return an instant as it is written and read: 16h30 ngày 30/11/2026."""
    return (
        f"{at.hour}h{at.minute:02} ngày {at.day}/{at.month}/{at.year}"
        if at.minute
        else f"{at.hour}h ngày {at.day}/{at.month}/{at.year}"
    )


def cut(text: str, longest: int) -> str:
    """Return a text not longer than ``longest``, cut between words."""
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;.") + "…"


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail to the press or a station."""

    subject: str
    body: str


def letter(words: Words, *, receiver_link: str, kind: Kind) -> Letter:
    """Return the letter; ``receiver_link`` leads to the words, the files and where to say that it was received or aired."""
    asks = "đề nghị phát nguyên văn" if kind is Kind.RADIO else "đề nghị đưa tin nguyên văn"
    head = f"{opening(words)}\n\n" if words.drill else ""
    todo = f"Việc cần làm: {words.instruction}\n\n" if words.instruction else ""
    contact = f"Điện thoại liên hệ: {words.contact}.\n" if words.contact else ""
    body = (
        f"{head}Kính gửi quý cơ quan,\n\n{words.sender} {asks} (mức: {PRIORITY_WORDS[words.priority].lower()}):\n\n"
        f"{title(words)}\n\n{words.body}\n\n{todo}Nơi áp dụng: {area(words, most=40)}.\n"
        f"Hiệu lực: từ {moment(words.valid_from)} đến {moment(words.valid_until)}.\n{contact}\n"
        f"Lời đọc (Word), bản ghi âm, áp phích và nút báo đã nhận, đã phát:\n{receiver_link}\n"
    )
    return Letter(cut(title(words), 200), body)


@dataclass(frozen=True, slots=True)
class Post:
    """A post on a social network: Zalo takes title and summary apart, Facebook one text."""

    title: str
    summary: str
    text: str
    link: str


def post(words: Words, kind: Kind) -> Post:
    """Return the post at the length of its network; what is to be done is never cut away before the account of what happens."""
    head = f"{opening(words)}\n\n" if words.drill else ""
    tail = f"\n\nViệc cần làm: {words.instruction}" if words.instruction else ""
    tail += f"\n\nNơi áp dụng: {area(words)}. Hiệu lực đến {moment(words.valid_until)}."
    tail += f"\nĐiện thoại: {words.contact}." if words.contact else ""
    tail += f"\n{words.sender}"
    if kind is Kind.ZALO:
        summary = f"{opening(words)} {words.instruction or words.body}".strip()
        return Post(cut(title(words), ZALO_TITLE), cut(summary, ZALO_SUMMARY), f"{head}{words.body}{tail}", words.link)
    top = f"{title(words)}\n\n{head}"
    room = max(200, FACEBOOK_TEXT - len(top) - len(tail))
    return Post(cut(title(words), ZALO_TITLE), "", f"{top}{cut(words.body, room)}{tail}", words.link)


@dataclass(frozen=True, slots=True)
class Script:
    """What a newsreader reads, paragraph by paragraph, and about how many seconds it takes."""

    title: str
    paragraphs: tuple[str, ...]
    seconds: int


def script(words: Words) -> Script:
    """Return the radio script. The seconds are of the words as they are spoken, not as they are written."""
    lines = [
        opening(words),
        f"{words.sender} thông báo.",
        {Change.NEW: "", Change.UPDATE: "Tin cập nhật.", Change.CANCEL: "Tin hủy."}[words.change],
        f"{words.title.rstrip('.')}.",
        words.body,
        f"Việc cần làm: {words.instruction}" if words.instruction else "",
        f"Áp dụng tại {area(words, most=6)}, từ {moment(words.valid_from)} đến {moment(words.valid_until)}.",
        f"Số điện thoại liên hệ: {words.contact}." if words.contact else "",
        opening(words),
    ]
    said = tuple(line for line in lines if line)
    return Script(title(words), said, round(len(spoken.read(" ".join(said)).split()) / _SYLLABLES_A_SECOND))


def loudspeaker(words: Words) -> str:
    """Return what a loudspeaker says: the script, then the title and what is to be done once more."""
    again = f"Xin nhắc lại. {words.title.rstrip('.')}. {words.instruction}".strip()
    said = script(words).paragraphs
    closing = said[-1:] if words.drill else ()
    return "\n".join([*(said[:-1] if words.drill else said), again, *closing])


@dataclass(frozen=True, slots=True)
class Card:
    """A bulletin on somebody else's page."""

    title: str
    opening: str
    body: str
    instruction: str
    area: str
    until: str
    sender: str
    link: str
    priority: str


def card(words: Words) -> Card:
    """Return the card of a portal's embed."""
    return Card(
        title=title(words),
        opening=opening(words),
        body=cut(words.body, EMBED_BODY),
        instruction=words.instruction,
        area=area(words),
        until=moment(words.valid_until),
        sender=words.sender,
        link=words.link,
        priority=str(words.priority),
    )


@dataclass(frozen=True, slots=True)
class Poster:
    """What a sheet on a notice board says, top to bottom."""

    title: str
    opening: str
    body: str
    instruction: str
    area: str
    until: str
    sender: str
    contact: str
    link: str


def poster(words: Words) -> Poster:
    """Return the words of a poster."""
    return Poster(
        title=title(words),
        opening=opening(words),
        body=cut(words.body, POSTER_BODY),
        instruction=cut(words.instruction, POSTER_BODY),
        area=cut(area(words, most=8), 200),
        until=moment(words.valid_until),
        sender=words.sender,
        contact=words.contact,
        link=words.link,
    )
