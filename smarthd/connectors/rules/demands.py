"""What is demanded of a dataset's values, and how a cell is made before it is read: kept as data beside the columns.

``validation`` makes functions of it; ``wording`` and the screen of columns tell it to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CheckName(StrEnum):
    """A rule of one column."""

    RANGE = "range"  # từ – đến
    FORM = "form"  # đúng dạng có tên: mã số thuế, giờ mở cửa…
    PATTERN = "pattern"  # đúng mẫu riêng
    LENGTH = "length"  # ngắn nhất, dài nhất
    VALUES = "values"  # chỉ những giá trị được nhận
    UNIQUE = "unique"  # không trùng
    EXISTS = "exists"  # có trong dữ liệu khác


class RuleName(StrEnum):
    """A rule between the columns of one line."""

    ORDER = "order"  # cột trước không sau cột sau
    EITHER = "either"  # ít nhất một trong các cột
    NEEDED = "needed"  # cần có khi cột khác…
    INSIDE = "inside"  # tọa độ nằm trong xã, phường đã ghi


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of a column. ``options`` are text, by name: RANGE least and most ("" none, ``today``, ``today+30``); FORM its key; PATTERN
    the pattern; LENGTH shortest and longest; VALUES one "Công lập = CL, công" each; EXISTS a dataset's key and a field's.

    ``notice``: a line that does not keep to it is published all the same, and told.
    """

    name: CheckName
    options: tuple[str, ...] = ()
    notice: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the rule as it is stored."""
        return {"name": self.name.value, "options": list(self.options), "notice": self.notice}


@dataclass(frozen=True, slots=True)
class RowRule:
    """One rule between columns; ``fields`` are keys in the order the rule names them. ``options``: NEEDED the values of the second field
    for which the first is needed (none: whenever there is one); INSIDE how many metres outside are let pass."""

    name: RuleName
    fields: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    notice: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the rule as it is stored."""
        told = {"name": self.name.value, "fields": list(self.fields), "options": list(self.options)}
        return {**told, "notice": self.notice}


@dataclass(frozen=True, slots=True)
class Making:
    """How a field's cell is made: ``constant`` where the table has no such column; part number ``part`` (from 1) of its column's cell,
    cut at ``mark``; ``joined``: further columns set behind it with ``mark`` between; ``scale``: what its number is multiplied by."""

    constant: str = ""
    part: int = 0
    mark: str = ""
    joined: tuple[str, ...] = ()
    scale: float = 1.0

    def as_json(self) -> dict[str, object]:
        """Return it as it is stored."""
        return {
            "constant": self.constant,
            "part": self.part,
            "mark": self.mark,
            "joined": list(self.joined),
            "scale": self.scale,
        }


PLAIN = Making()
"""A cell as it stands."""


def check_of(stored: Mapping[str, object]) -> Check:
    """Return a rule of a column from how it is stored."""
    return Check(CheckName(str(stored["name"])), _texts(stored.get("options")), bool(stored.get("notice")))


def rule_of(stored: Mapping[str, object]) -> RowRule:
    """Return a rule between columns from how it is stored."""
    options = _texts(stored.get("options"))
    return RowRule(RuleName(str(stored["name"])), _texts(stored.get("fields")), options, bool(stored.get("notice")))


def making_of(stored: object) -> Making:
    """Return how a cell is made from how it is stored."""
    if not isinstance(stored, Mapping):
        return PLAIN
    return Making(
        constant=str(stored.get("constant") or ""),
        part=int(stored.get("part") or 0),
        mark=str(stored.get("mark") or ""),
        joined=_texts(stored.get("joined")),
        scale=float(stored.get("scale") or 1.0),
    )


def _texts(stored: object) -> tuple[str, ...]:
    return tuple(map(str, stored)) if isinstance(stored, (list, tuple)) else ()
