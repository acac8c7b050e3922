"""Vietnamese full names, drawn from word lists of our own: whoever bears one of them does so by chance.

Surnames follow their rough frequency in the Red River delta. A name is (surname, middle word, given name); men and women draw
from different middle and given words, and one in six bears two middle words.
"""

from __future__ import annotations

import numpy as np

SURNAMES = {
    "Nguyễn": 31, "Phạm": 13, "Trần": 10, "Vũ": 9, "Lê": 7, "Đỗ": 5, "Hoàng": 4, "Bùi": 4, "Đặng": 3, "Đoàn": 2, "Lương": 2,
    "Ngô": 2, "Dương": 1, "Đinh": 1, "Hà": 1, "Mạc": 1, "Tạ": 1, "Tăng": 1, "Phan": 1, "Cao": 1,
}  # fmt: skip
MALE_MIDDLES = (
    "Văn",
    "Văn",
    "Đức",
    "Hữu",
    "Minh",
    "Quang",
    "Xuân",
    "Trọng",
    "Thanh",
    "Công",
    "Đình",
    "Bá",
    "Tiến",
    "Duy",
)
FEMALE_MIDDLES = (
    "Thị",
    "Thị",
    "Thị",
    "Ngọc",
    "Thu",
    "Thanh",
    "Minh",
    "Phương",
    "Thúy",
    "Hồng",
    "Bích",
    "Kim",
    "Hải",
    "Mai",
)
SECOND_MIDDLES = ("Thanh", "Ngọc", "Minh", "Quang", "Thu", "Hồng")
MALE_GIVENS = (
    "An", "Bình", "Bách", "Chiến", "Cường", "Dũng", "Duy", "Đạt", "Đông", "Giang", "Hải", "Hiếu", "Hòa", "Hoàn", "Hùng", "Huy",
    "Khánh", "Khoa", "Kiên", "Lâm", "Long", "Mạnh", "Nam", "Nghĩa", "Phong", "Phú", "Phúc", "Quân", "Quý", "Sơn", "Tài", "Tân",
    "Thắng", "Thành", "Thịnh", "Toàn", "Trung", "Tú", "Tuấn", "Tùng", "Việt", "Vinh",
)  # fmt: skip
FEMALE_GIVENS = (
    "An", "Anh", "Ánh", "Bình", "Chi", "Châm", "Diệp", "Dung", "Duyên", "Giang", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa", "Hòa",
    "Hồng", "Huệ", "Hương", "Huyền", "Lan", "Liên", "Linh", "Loan", "Lý", "Mai", "My", "Nga", "Ngân", "Nguyệt", "Nhung",
    "Oanh", "Phương", "Quyên", "Tâm", "Thảo", "Thoa", "Thu", "Thủy", "Trang", "Tuyết", "Vân", "Xuân", "Yến",
)  # fmt: skip


def full_names(rng: np.random.Generator, count: int) -> list[str]:
    """Return ``count`` full names; the same generator state gives the same names."""
    words, weights = list(SURNAMES), np.array(list(SURNAMES.values()), dtype=float)
    surnames = rng.choice(len(words), count, p=weights / weights.sum())
    women = rng.random(count) < 0.5
    middles, givens, seconds = rng.integers(0, 2**31, (3, count))
    double = rng.random(count) < 1 / 6
    return [
        _name(words[surname], bool(woman), int(middle), int(given), int(second) if two else None)
        for surname, woman, middle, given, second, two in zip(
            surnames, women, middles, givens, seconds, double, strict=True
        )
    ]


def _name(surname: str, woman: bool, middle: int, given: int, second: int | None) -> str:  # noqa: FBT001
    middle_words = FEMALE_MIDDLES if woman else MALE_MIDDLES
    given_words = FEMALE_GIVENS if woman else MALE_GIVENS
    parts = [surname, middle_words[middle % len(middle_words)], given_words[given % len(given_words)]]
    if second is not None:
        extra = SECOND_MIDDLES[second % len(SECOND_MIDDLES)]
        if extra not in parts:
            parts.insert(2, extra)
    return " ".join(parts)
