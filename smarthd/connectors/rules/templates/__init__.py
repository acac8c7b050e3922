"""Datasets every province has, ready to fill: their columns, their key, how they are shown."""

from __future__ import annotations

from smarthd.connectors.rules.templates import daily, health, land, safety, work
from smarthd.connectors.rules.templates.making import Template

__all__ = ["MOMENTS", "TEMPLATES", "Template", "moment_of", "order_of"]

TEMPLATES: dict[str, Template] = {one.key: one for one in (*health.ALL, *daily.ALL, *work.ALL, *land.ALL, *safety.ALL)}

OTHER = "Dữ liệu khác"
MOMENTS: dict[str, tuple[str, ...]] = {
    "Hằng ngày, đi lại": ("cat-dien-nuoc", "tuyen-xe-buyt", "lich-su-kien", "tram-sac-bai-do", "camera"),
    "Khám bệnh, mua thuốc": ("nha-thuoc-truc", "nha-thuoc", "gio-tram-y-te"),
    "Mưa bão, môi trường": ("muc-nuoc-mua", "luong-mua", "khong-khi", "noi-tranh-tru"),
    "Giấy tờ, nhà đất": ("ho-so", "phi-le-phi", "muc-phat", "bang-gia-dat", "quy-hoach"),
    "Con đi học": ("truong-hoc",),
    "Việc làm, mua bán": ("viec-lam", "gia-cho", "cung-cau", "ocop"),
    "Đi chơi": ("du-lich-di-tich",),
    OTHER: (),
}
"""What people look for together, with the templates that answer it, in the order in which it is needed."""


def moment_of(template: str) -> str:
    """Return the moment of life a dataset of a template belongs to."""
    return next((title for title, keys in MOMENTS.items() if template in keys), OTHER)


def order_of(template: str) -> int:
    """Return where a dataset of a template stands among those looked for together; without a template, last."""
    keys = [key for held in MOMENTS.values() for key in held]
    return keys.index(template) if template in keys else len(keys)
