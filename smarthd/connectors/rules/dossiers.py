"""What a dossier's code looks like, as data: a mask where 9 is a digit, A a letter, * either, and the rest itself.

A mask is what a clerk can write; and whatever they write, matching it takes no longer than the code is long.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from smarthd.kernel import text

LONGEST = 60
PARTS = (
    "procedure",
    "state",
    "where",
    "received_on",
    "due_on",
    "finished",
    "steps",
    "step_at",
    "step_words",
    "step_where",
)
"""What is read of an answer; a place may say where each of them stands."""
CONSENT = (
    "Tôi đồng ý để hệ thống hỏi hệ thống một cửa về hồ sơ này vài giờ một lần và báo cho tôi khi hồ sơ chuyển bước, đến khi có kết quả "
    "hoặc nhiều nhất 180 ngày. Mã hồ sơ được niêm phong, nội dung hồ sơ không được lưu. Tôi có thể thôi bất cứ lúc nào."
)


@dataclass(frozen=True, slots=True)
class DossierStep:
    """One step a dossier went: when (as the system wrote it, ISO), what, where."""

    at: str
    words: str
    where: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Where a dossier stands. No name and no address of a person: what a system tells beyond this is not read."""

    code: str
    procedure: str
    state: str
    where: str
    received_on: str
    due_on: str
    finished: bool
    steps: tuple[DossierStep, ...]


def normalised(typed: str) -> str:
    """Return a code as systems write it: no blanks, capitals, plain dashes."""
    plain = "".join(text.nfc(typed).split()).upper()
    return plain.replace("–", "-").replace("—", "-")[: LONGEST + 1]


def fits(code: str, masks: str) -> bool:
    """Say whether a code fits one of the masks (parted by ``|``)."""
    return any(_fits(code, mask.strip()) for mask in masks.split("|") if mask.strip())


def _fits(code: str, mask: str) -> bool:
    if len(code) != len(mask) or len(code) > LONGEST:
        return False
    return all(_one(letter, wanted) for letter, wanted in zip(code, mask, strict=True))


def _one(letter: str, wanted: str) -> bool:
    match wanted:
        case "9":
            return letter.isascii() and letter.isdigit()
        case "A":
            return letter.isascii() and letter.isalpha()
        case "*":
            return letter.isascii() and letter.isalnum()
        case _:
            return letter == wanted


def digest(dossier: Dossier) -> bytes:
    """Return what tells one standing of a dossier from another, and nothing of what it says."""
    told = "\x1f".join([dossier.state, dossier.where, str(dossier.finished), dossier.due_on, str(len(dossier.steps))])
    return hashlib.blake2b(told.encode(), digest_size=16).digest()


def tail(code: str) -> str:
    """Return what may stand in a message of a code: its end."""
    return f"…{code[-4:]}"


def problems(*, title: str, pattern: str, example: str, url: str) -> dict[str, str]:
    """Return what is wrong with a one-stop system somebody described, by field."""
    found: dict[str, str] = {}
    if not 3 <= len(text.nfc(title)) <= 120:
        found["title"] = "Đặt tên từ 3 đến 120 chữ, như “Một cửa cấp xã”."
    masks = [mask.strip() for mask in pattern.split("|") if mask.strip()]
    if not masks or len(pattern) > 200 or any(sum(one in "9A*" for one in mask) < 6 for mask in masks):
        found["pattern"] = "Mẫu mã cần ít nhất 6 chỗ là 9 (chữ số), A (chữ cái) hoặc * (cả hai)."
    elif not fits(normalised(example), pattern):
        found["example"] = "Ví dụ không đúng mẫu mã ở trên."
    if "{code}" not in url:
        found["url"] = "Địa chỉ cần có {code}, nơi điền mã hồ sơ."
    return found
