"""Vietnamese numbers in words, northern usage: linh, mốt, tư, lăm, nghìn."""

from __future__ import annotations

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}


def digits(text: str) -> str:
    """Return digits one by one: telephone numbers, codes."""
    return " ".join(DIGITS[int(letter)] for letter in text if letter.isdigit())


def integer(value: int) -> str:
    """Return a whole number in words: 1.250.024 is "một triệu hai trăm năm mươi nghìn không trăm hai mươi tư"."""
    if value < 0:
        return f"âm {integer(-value)}"
    if value == 0:
        return DIGITS[0]
    billions, rest = divmod(value, 10**9)
    parts = [f"{integer(billions)} tỷ"] if billions else []
    for scale in (2, 1, 0):
        group, rest = divmod(rest, 1000**scale)
        if group:
            parts.append(f"{_group(group, whole=bool(parts))} {_SCALES[scale]}".strip())
    return " ".join(parts)


def _group(value: int, *, whole: bool) -> str:
    """Return three digits in words; ``whole`` says that something stands before them, so that hundreds are read even when none."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    parts = [f"{DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if tens == 0 and ones and parts:
        parts += ["linh", DIGITS[ones]]
    elif tens == 0 and ones:
        parts.append(DIGITS[ones])
    elif tens == 1:
        parts.append("mười")
        parts += [{5: "lăm"}.get(ones, DIGITS[ones])] if ones else []
    elif tens:
        parts.append(f"{DIGITS[tens]} mươi")
        parts += [{1: "mốt", 4: "tư", 5: "lăm"}.get(ones, DIGITS[ones])] if ones else []
    return " ".join(parts)


def number(text: str) -> str:
    """Return a written number in words: points part thousands where they part exactly three digits, a comma parts decimals."""
    negative = text.startswith(("-", "−"))
    whole, _mark, fraction = text.lstrip("-−").partition(",")
    groups = whole.split(".")
    if len(groups) > 1 and not fraction and any(len(group) != 3 for group in groups[1:]):
        whole, fraction = groups[0], "".join(groups[1:])  # 3.5 as phones and machines write it
    else:
        whole = "".join(groups)
    said = digits(whole) if len(whole) > 1 and whole.startswith("0") else integer(int(whole or "0"))
    if fraction:
        said += f" phẩy {_fraction(fraction)}"
    return f"âm {said}" if negative else said


def _fraction(text: str) -> str:
    return digits(text) if text.startswith("0") or len(text) > 2 else integer(int(text))
