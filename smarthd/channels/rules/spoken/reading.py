"""A written text turned into what a voice says, pass by pass: the most telling shapes first, single numbers and letters last."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from re import Match

from smarthd.channels.rules.spoken import dictionary, numbers

Pass = Callable[[str], str]

_DASH = r"\s*[-–—]\s*"
_NUM = r"\d+(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_UNIT = "|".join(re.escape(unit) for unit in sorted(dictionary.UNITS, key=len, reverse=True))
_WORD = "A-Za-zÀ-ỹĐđ"


def read(text: str) -> str:
    """Return a text as it is spoken: no digit, no abbreviation of the dictionary and no sign that a voice stumbles over is left."""
    said = unicodedata.normalize("NFC", text)
    for step in _PASSES:
        said = step(said)
    return "\n".join(line for line in (_tidied(line) for line in said.split("\n")) if line)


def _sub(pattern: str, into: Callable[[Match[str]], str], flags: int = 0) -> Pass:
    compiled = re.compile(pattern, flags)
    return lambda text: compiled.sub(into, text)


def _always(words: str) -> Callable[[Match[str]], str]:
    return lambda _found: words


# --- addresses, telephones, papers -----------------------------------------------------------------------------------
def _site(found: Match[str]) -> str:
    host = found["host"].removeprefix("www.").rstrip(".")
    return f" {' chấm '.join(host.split('.'))} ".replace("-", " gạch ngang ")


def _mail(found: Match[str]) -> str:
    return f" {found[1].replace('.', ' chấm ')} a còng {found[2].replace('.', ' chấm ')} "


def _phone(found: Match[str]) -> str:
    return f"{found['lead'] or ''}{'cộng ' if found['number'].startswith('+') else ''}{numbers.digits(found['number'])}"


def _paper(found: Match[str]) -> str:
    said = f"{numbers.integer(int(found['number']))}" + (
        f" năm {numbers.integer(int(found['year']))}" if found["year"] else ""
    )
    return f"{said}, {dictionary.PAPERS.get(found['sign']) or _spelled(found['sign'])},"


def _spelled(sign: str) -> str:
    """Return a paper's sign part by part: known abbreviations in full, others letter by letter."""
    parts = re.split(r"[-/.]", sign)
    return ", ".join(dictionary.ABBREVIATIONS.get(part) or _letters(part) for part in parts if part)


def _letters(text: str) -> str:
    return " ".join(dictionary.LETTERS.get(letter.upper(), letter) for letter in text)


# --- days and hours --------------------------------------------------------------------------------------------------
def _day(day: str, month: str | None, year: str | None) -> str:
    head = "mùng " if int(day) <= 10 and month else ""
    said = f"{head}{numbers.integer(int(day))}"
    said += f" tháng {_month(int(month))}" if month else ""
    return said + (f" năm {numbers.integer(int(year))}" if year else "")


def _month(month: int) -> str:
    return "tư" if month == 4 else numbers.integer(month)


def _date(found: Match[str]) -> str:
    day, month, year = found["d"], found["m"], found["y"]
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return found[0]
    lead = found["lead"] or ""
    return f"{lead}{'' if 'ngày' in lead.lower() else 'ngày '}{_day(day, month, year)}"


def _dates(found: Match[str]) -> str:
    lead = found["lead"] or ""
    first = _day(found["d1"], found["m1"] or None, found["y1"])
    last = _day(found["d2"], found["m2"], found["y2"])
    return f"{lead}{'' if 'ngày' in lead.lower() else 'ngày '}{first} đến ngày {last}"


def _whole_year(found: Match[str]) -> str:
    return f"tháng {_month(int(found[1]))} năm {numbers.integer(int(found[2]))}"


def _clock(hour: str, minute: str | None) -> str:
    said = f"{numbers.integer(int(hour))} giờ"
    return f"{said} {numbers.integer(int(minute))} phút" if minute and int(minute) else said


def _hour(found: Match[str]) -> str:
    if int(found["h"]) > 24 or int(found["m"] or 0) > 59:
        return found[0]
    return _clock(found["h"], found["m"])


def _hours(found: Match[str]) -> str:
    return f"{_clock(found['h1'], found['m1'])} đến {_clock(found['h2'], found['m2'])}"


# --- levels, ranges, units -------------------------------------------------------------------------------------------
def _level_number(text: str) -> str:
    return (
        numbers.integer(numbers.ROMAN[text])
        if text in numbers.ROMAN
        else "tư"
        if text == "4"
        else numbers.integer(int(text))
    )


def _levels(found: Match[str]) -> str:
    first = _level_number(found["a"])
    return (
        f"{found['lead']} {first} đến {found['lead'].lower()} {_level_number(found['b'])}"
        if found["b"]
        else f"{found['lead']} {first}"
    )


def _range(found: Match[str]) -> str:
    unit = f" {dictionary.UNITS[found['unit']]}" if found["unit"] else ""
    return f"{numbers.number(found['a'])} đến {numbers.number(found['b'])}{unit}"


def _measure(found: Match[str]) -> str:
    return f"{numbers.number(found['n'])} {dictionary.UNITS[found['unit']]}"


def _place(found: Match[str]) -> str:
    return f"{numbers.number(found['n'])} độ {dictionary.COMPASS[found['to']]}"


def _before_number(found: Match[str]) -> str:
    return f"{dictionary.BEFORE_NUMBERS[found[1]]} {found[2]}"


def _before_name(found: Match[str]) -> str:
    return f"{dictionary.BEFORE_NAMES[found[1]]} "


def _old_name(found: Match[str]) -> str:
    return f", trước là {found[1].strip()},"


def _abbreviation(found: Match[str]) -> str:
    return dictionary.ABBREVIATIONS[found[0]]


def _unknown(found: Match[str]) -> str:
    """Spell what cannot be a word: capitals without a vowel between. A name shouted in capitals is left to the voice."""
    word = found[0]
    bare = unicodedata.normalize("NFD", word.replace("Đ", "D"))
    return word if any(letter in "AEIOUY" for letter in bare) else _letters(word)


def _alone(found: Match[str]) -> str:
    return numbers.number(found[0])


_DATE = r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"
_CALLED = r"(?P<lead>(?:gọi|số|tổng đài|đường dây nóng|điện thoại|hotline|liên hệ)(?: trực| ngay| số| cứu nạn)?:? )"
_PASSES: tuple[Pass, ...] = (
    _sub(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", lambda found: _mail(re.match(r"([^@]+)@(.+)", found[0]) or found)),
    _sub(r"(?:https?://)?(?P<host>(?:[a-z0-9-]+\.)+(?:vn|com|org|net|gov))(?P<path>/[\w/.?=&%-]*)?", _site, re.I),
    _sub("|".join(re.escape(short) for short in dictionary.SMALL), lambda found: dictionary.SMALL[found[0]]),
    _sub(rf"\(([{_WORD}\s]+?) cũ\)", _old_name),
    _sub(r"\((?:cũ|mới)\)", lambda found: found[0].strip("()")),
    _sub(
        rf"(?P<number>\d+)/(?:(?P<year>\d{{4}})/)?(?P<sign>[A-ZĐ][{_WORD}&]*(?:-[A-ZĐ][{_WORD}&]*)+|[A-ZĐ]{{2,}})(?!\w)",
        _paper,
    ),
    _sub(r"(?P<lead>)(?P<number>(?:\+84|\b0)[ .-]?\d{2,3}(?:[ .-]?\d{2,4}){2,3})(?!\d)", _phone),
    _sub(r"(?P<lead>)(?P<number>\b1[89]00(?:[ .]?\d{2,4}){1,2})(?!\d)", _phone),
    _sub(
        _CALLED + r"(?P<number>1\d{2}(?:(?:, | hoặc | và )1\d{2})*)(?![\d/.,h])",
        lambda found: found["lead"] + re.sub(r"\d+", lambda one: numbers.digits(one[0]), found["number"]),
        re.I,
    ),
    # hours before days: 16h30 30/11
    _sub(
        rf"(?P<h1>\d{{1,2}})(?:h|g)(?P<m1>[0-5]\d)?{_DASH}(?P<h2>\d{{1,2}})(?:h|g)(?P<m2>[0-5]\d)?(?!\w)", _hours, re.I
    ),
    _sub(r"\b(?P<h>\d{1,2})(?:h|g)(?P<m>[0-5]\d)?'?(?!\w)", _hour, re.I),
    _sub(r"\b(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?::[0-5]\d)?(?!\d)", _hour),
    _sub(
        rf"(?P<lead>\b(?:ngày|Ngày) )?\b(?P<d1>\d{{1,2}})(?:/(?P<m1>\d{{1,2}}))?(?:/(?P<y1>\d{{4}}))?{_DASH}(?P<d2>\d{{1,2}})/(?P<m2>\d{{1,2}})(?:/(?P<y2>\d{{4}}))?(?![\d/])",
        _dates,
    ),
    _sub(rf"(?P<lead>\b(?:ngày|Ngày|mùng|Mùng) )?\b{_DATE}(?!\d)", _date),
    _sub(r"\b(?:tháng )?(\d{1,2})/((?:19|20)\d{2})(?!\d)", _whole_year),
    _sub(
        r"(?P<lead>\b(?:ngày|Ngày|sáng|trưa|chiều|tối|đêm|từ|đến|đến hết) )(?P<d>\d{1,2})/(?P<m>\d{1,2})(?P<y>)(?![\d/])",
        _date,
    ),
    _sub(r"(?P<lead>)\b(?P<d>\d{1,2})/(?P<m>\d{1,2})(?P<y>)(?![\d/])", _date),
    _sub(
        rf"\b(?P<lead>(?:[Gg]iật )?[Cc]ấp|[Bb]áo động|[Mm]ức|[Ll]oại|[Kk]hu vực)(?: số)? ?(?P<a>\d{{1,2}}|[IVX]+)(?:{_DASH}(?P<b>\d{{1,2}}|[IVX]+))?(?![\w%])",
        _levels,
    ),
    _sub(r"\b(QL|TL|ĐT|ĐH|BĐ|KM)[ .]?(\d)", _before_number),
    _sub(rf"\b(TP|TX|TT|Q|H|P|X|Đ)\.\s?(?=[{_WORD}\d])", _before_name),
    _sub(rf"(?P<n>{_NUM}) ?°? ?(?:độ )?(?P<to>[NSEW])(?![\w])", _place),
    _sub(rf"(?P<a>{_NUM}){_DASH}(?P<b>{_NUM}) ?(?:(?P<unit>{_UNIT})(?![\w/]))?(?![\d/])", _range),
    _sub(rf"(?P<n>[−-]?(?:{_NUM})) ?(?P<unit>{_UNIT})(?![\w/])", _measure),
    _sub(
        "|".join(
            rf"(?<![\w]){re.escape(short)}(?![\w])" for short in sorted(dictionary.ABBREVIATIONS, key=len, reverse=True)
        ),
        _abbreviation,
    ),
    _sub(rf"(?<![\w])[A-ZĐ]{{2,6}}(?![{_WORD}])", _unknown),
    _sub(rf"(?<![\d\w])−?(?:{_NUM})", _alone),
    _sub(r"\d+", lambda found: f" {numbers.digits(found[0])} "),
    _sub(r"\s*&\s*", _always(" và ")),
    _sub(r"\s*[/•|]\s*", _always(", ")),
    _sub(r"[\"“”‘’'*_#<>\[\]{}~^`\\]", _always(" ")),
    _sub(r"\s[-–—]+\s|[–—]", _always(", ")),
    _sub(r"[()]", _always(", ")),
)


def _tidied(line: str) -> str:
    """Return a line with single spaces and one sign of a pause at a time."""
    line = re.sub(r"\s+", " ", line).strip()
    line = re.sub(r"\s+([,.;:!?…])", r"\1", line)
    line = re.sub(r"[,;:](?:\s*[,;:])+", ",", line)
    line = re.sub(r",\s*([.!?])", r"\1", line)
    return line.strip(" ,;")
