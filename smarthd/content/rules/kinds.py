"""The kinds of pages agencies keep for citizens, and what each needs before anybody reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from smarthd.kernel import text


class Kind(StrEnum):
    """What a page is; the order is that of lists of kinds."""

    NEWS = "news"  # tin tức
    GUIDE = "guide"  # cẩm nang
    PROCEDURE = "procedure"  # thủ tục hành chính
    DOCUMENT = "document"  # văn bản
    QUESTION = "question"  # hỏi đáp
    EVENT = "event"  # sự kiện


WORDS = {
    Kind.NEWS: "Tin tức",
    Kind.GUIDE: "Cẩm nang",
    Kind.PROCEDURE: "Thủ tục hành chính",
    Kind.DOCUMENT: "Văn bản",
    Kind.QUESTION: "Hỏi đáp",
    Kind.EVENT: "Sự kiện",
}
NOTICE, DIRECTORY = "notice", "directory"
SECTION_WORDS: dict[str, str] = {
    NOTICE: "Thông báo",
    **{str(kind): word for kind, word in WORDS.items()},
    DIRECTORY: "Danh bạ, người phụ trách",
}
"""What an agency keeps, section by section: notices (which have a table of their own), the kinds of pages, its numbers and people to ask."""
FLOWING = frozenset({NOTICE, str(Kind.NEWS), str(Kind.EVENT)})
"""Sections that promise something new; the others promise that each page is looked at again."""
PATHS = {
    Kind.NEWS: "tin-tuc",
    Kind.GUIDE: "cam-nang",
    Kind.PROCEDURE: "thu-tuc",
    Kind.DOCUMENT: "van-ban",
    Kind.QUESTION: "hoi-dap",
    Kind.EVENT: "su-kien",
}
ICONS = {
    Kind.NEWS: "news",
    Kind.GUIDE: "info",
    Kind.PROCEDURE: "dossier",
    Kind.DOCUMENT: "document",
    Kind.QUESTION: "help",
    Kind.EVENT: "calendar",
}
KIND_OF_PATH = {path: kind for kind, path in PATHS.items()}


class Topic(StrEnum):
    """The moment of life a page belongs to: how people look, not how offices are divided."""

    GENERAL = "general"
    SCHOOL = "school"
    HEALTH = "health"
    PAPERS = "papers"
    LAND = "land"
    TRAVEL = "travel"
    WORK = "work"
    FARM = "farm"
    CARE = "care"


TOPIC_WORDS = {
    Topic.GENERAL: "Việc chung",
    Topic.SCHOOL: "Con đi học",
    Topic.HEALTH: "Khám bệnh",
    Topic.PAPERS: "Làm giấy tờ",
    Topic.LAND: "Nhà đất",
    Topic.TRAVEL: "Đi lại",
    Topic.WORK: "Việc làm",
    Topic.FARM: "Nông nghiệp",
    Topic.CARE: "Người già, trẻ nhỏ",
}


class ServiceLevel(StrEnum):
    """How far a procedure goes online (Decree 42/2022/NĐ-CP, Art. 11: full or partial)."""

    OFFICE = "office"
    PARTIAL = "partial"
    FULL = "full"


LEVEL_WORDS = {
    ServiceLevel.OFFICE: "Làm tại nơi tiếp nhận",
    ServiceLevel.PARTIAL: "Trực tuyến một phần",
    ServiceLevel.FULL: "Trực tuyến toàn trình",
}


class FileForm(StrEnum):
    """What a file beside a page is."""

    VIDEO = "video"
    PDF = "pdf"


FILE_WORDS = {FileForm.VIDEO: "Video", FileForm.PDF: "Tệp PDF"}
FILE_TYPES = {FileForm.VIDEO: "video/mp4", FileForm.PDF: "application/pdf"}
FILE_LIMIT_MB = {FileForm.VIDEO: 200, FileForm.PDF: 40}


def file_form(head: bytes) -> FileForm | None:
    """Say from a file's first bytes whether it is an MP4 video (ISO/IEC 14496-12) or a PDF (ISO 32000); None: neither."""
    if head[:5] == b"%PDF-":
        return FileForm.PDF
    return FileForm.VIDEO if head[4:8] == b"ftyp" else None


class LegalState(StrEnum):
    """How a legal document stands on a day."""

    COMING = "coming"
    IN_FORCE = "in_force"
    ENDED = "ended"


LEGAL_WORDS = {
    LegalState.COMING: "Chưa có hiệu lực",
    LegalState.IN_FORCE: "Còn hiệu lực",
    LegalState.ENDED: "Hết hiệu lực",
}


def legal_state(*, effective_on: date | None, ended_on: date | None, on: date) -> LegalState:
    """Say how a document stands: in force from its day (or from its signature, where none is named) until it ends."""
    if ended_on is not None and ended_on <= on:
        return LegalState.ENDED
    if effective_on is not None and effective_on > on:
        return LegalState.COMING
    return LegalState.IN_FORCE


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """What is decided about before a page goes out."""

    kind: Kind
    title: str
    summary: str
    words: str
    audience: str
    place_ids: tuple[int, ...]
    has_picture: bool
    picture_words: str
    go_live_at: datetime | None
    expire_at: datetime | None
    steps: str = ""
    papers: str = ""
    place: str = ""
    service_level: str = ""
    link: str = ""
    number: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    ended_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    silent_videos: tuple[str, ...] = ()
    faulty_tables: tuple[str, ...] = ()


_BODY_KINDS = frozenset({Kind.NEWS, Kind.GUIDE, Kind.QUESTION})


def faults(draft: ArticleDraft, *, now: datetime) -> dict[str, str]:
    """Return what keeps a page from being published, by field; reasons are names that the form puts into words."""
    found = _missing(draft)
    if draft.audience == "units" and not draft.place_ids:
        found["units"] = "missing"
    if draft.has_picture and not draft.picture_words.strip():
        found["image_alt"] = "missing"
    if draft.expire_at is not None and draft.expire_at <= max(now, draft.go_live_at or now):
        found["expire_at"] = "too_early"
    if draft.starts_at and draft.ends_at and draft.ends_at < draft.starts_at:
        found["ends_at"] = "too_early"
    if draft.effective_on and draft.issued_on and draft.effective_on < draft.issued_on:
        found["effective_on"] = "too_early"
    if draft.ended_on and draft.ended_on < (draft.effective_on or draft.issued_on or draft.ended_on):
        found["ended_on"] = "too_early"
    if draft.silent_videos:
        found["files"] = "transcript"
    if draft.faulty_tables:
        found["tables"] = "faulty"
    return found


def _missing(draft: ArticleDraft) -> dict[str, str]:
    wanted: dict[str, object] = {"title": draft.title.strip(), "summary": draft.summary.strip()}
    if draft.kind in _BODY_KINDS:
        wanted["body"] = draft.words.strip()
    if draft.kind is Kind.PROCEDURE:
        wanted |= {"steps": draft.steps.strip(), "place": draft.place.strip(), "service_level": draft.service_level}
        if draft.service_level in {ServiceLevel.PARTIAL, ServiceLevel.FULL}:
            wanted["link"] = draft.link
    if draft.kind is Kind.DOCUMENT:
        wanted |= {"number": draft.number.strip(), "issued_on": draft.issued_on}
    if draft.kind is Kind.EVENT:
        wanted |= {"starts_at": draft.starts_at, "place": draft.place.strip()}
    return {field: "missing" for field, value in wanted.items() if not value}


def tidy(words: str) -> str:
    """Return words of several lines with each line set right; the lines stay."""
    return "\n".join(text.nfc(line) for line in words.splitlines()).strip()


def lines(words: str) -> tuple[str, ...]:
    """Return the lines of a field in which every line is one step or paper, without marks of a list somebody typed."""
    cleaned = (line.strip().lstrip("-•*+").strip() for line in words.splitlines())
    return tuple(line for line in cleaned if line)
