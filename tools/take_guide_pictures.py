"""Take every picture of the guides in docs/huong-dan anew from the running demonstration, small enough for a phone.

``python tools/take_guide_pictures.py [--site URL] [--only NAME …]``. Start the demonstration first (``make run``). Each picture is one
screen, in few colours; one over 150 kB ends the run with its name.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools.take_pictures import DEVICES, sign_in

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "huong-dan" / "hinh"
HEAVIEST = 150 * 1024
SHARPNESS = {"phone": 2.0, "desk": 1.0}


@dataclass(frozen=True)
class Shot:
    """One picture: whose screen (0: nobody signed in), where it begins, which links are followed from there, what is brought into view."""

    name: str
    role: int
    path: str
    follow: tuple[str, ...] = ()
    show: str = ""
    device: str = "phone"
    commune: str = ""


TEAM = "/can-bo/to-cong-nghe/"
WORKED_ON = "main .table-cards tr:has-text('Đang xử lý') th a"
"""A report somebody is at work on: one that waits for its sender cannot be answered."""

SHOTS = (
    Shot("nguoi-dan-ma", 0, "/m/"),
    Shot("nguoi-dan-cai", 0, "/cai-dat-ung-dung/"),
    Shot("nguoi-dan-trang-chu", 0, "/", commune="Thành Đông"),
    Shot("nguoi-dan-du-lieu", 1, "/toi/tai-khoan/du-lieu/"),
    Shot("to-truong-hom-nay", 10, TEAM),
    Shot("to-truong-so-tham", 10, f"{TEAM}so-tham/"),
    Shot("to-truong-ma", 10, f"{TEAM}ma/"),
    Shot("to-truong-can-xem", 10, f"{TEAM}can-xem/"),
    Shot("nhap-lieu-viec", 2, "/can-bo/"),
    Shot("nhap-lieu-bao-cao", 2, "/can-bo/bao-cao-ky/", ("main a.list-item, main .list-item a.button",), "main .answer input[inputmode]"),
    Shot("nhap-lieu-neu", 2, "/can-bo/kho-khan/neu/"),
    Shot("nhap-lieu-luot-phat", 2, "/can-bo/truyen-thong/?tuan=tat-ca&xem=thieu-minh-chung", ("main .plan-day a.list-item",), "main form[enctype]"),
    Shot("thu-truong-viec", 3, "/can-bo/"),
    Shot("thu-truong-don-vi", 3, "/can-bo/don-vi/"),
    Shot("thu-truong-xac-nhan", 3, "/can-bo/kho-khan/?xem=cho-xac-nhan", ("main .table-cards th a",), "main .trouble-acts"),
    Shot("thu-truong-to", 3, f"{TEAM}quan-ly/", ("main .team-name a",), "#chi-phi"),
    Shot("dieu-phoi-theo-doi", 5, "/can-bo/bao-cao-ky/theo-doi/", device="desk"),
    Shot("dieu-phoi-xac-nhan", 5, "/can-bo/bao-cao-ky/xac-nhan/", device="desk"),
    Shot("dieu-phoi-kho-khan", 5, "/can-bo/kho-khan/", device="desk"),
    Shot("dieu-phoi-hieu-qua", 5, "/can-bo/truyen-thong/hieu-qua/", device="desk"),
    Shot("uy-ban-trang", 6, "/can-bo/uy-ban/"),
    Shot("uy-ban-cho-quyet", 6, "/can-bo/uy-ban/", show="#cho-uy-ban"),
    Shot("uy-ban-duyet", 6, "/can-bo/uy-ban/", ("main a.decide",), "#duyet"),
    Shot("kiem-tra-trung-thuc", 11, "/can-bo/trung-thuc/", device="desk"),
    Shot("kiem-tra-nhat-ky", 11, "/can-bo/nhat-ky/", device="desk"),
    Shot("kiem-tra-toan-tinh", 11, "/can-bo/toan-tinh/", device="desk"),
    Shot("bien-tap-noi-dung", 7, "/noi-dung-quan-tri/", device="desk"),
    Shot("phan-anh-danh-sach", 12, "/can-bo/phan-anh/"),
    Shot("phan-anh-mot-viec", 12, "/can-bo/phan-anh/?xem=moi", ("main .table-cards th a",)),
    Shot("phan-anh-tra-loi", 12, "/can-bo/phan-anh/?xem=dang-xu-ly", (WORKED_ON, "main .trouble-acts a.button-wide")),
    Shot("phan-anh-co-quan", 12, "/can-bo/phan-anh/co-quan/", ("main .table-cards th a",), device="desk"),
    Shot("canh-bao-soan", 8, "/can-bo/canh-bao/soan/lu/", show="[data-area-map][data-drawn]", device="desk"),
    Shot("canh-bao-duyet", 9, "/can-bo/canh-bao/", ("[aria-labelledby=cho-duyet] a",), device="desk"),
    Shot("canh-bao-ban-truc", 8, "/can-bo/canh-bao/", ("[aria-labelledby=da-qua] a:has-text('mạnh thêm')", "main .page-head a.button:not(.button-second)"), device="desk"),
    Shot("kenh-phat-bang", 7, "/can-bo/kenh-phat/", device="desk"),
    Shot("kenh-phat-ban-tin", 7, "/can-bo/kenh-phat/", ("main a.list-item:has-text('Lịch hướng dẫn')",), device="desk"),
    Shot("kenh-phat-thong-bao", 3, "/can-bo/kenh-phat/thong-bao/", device="desk"),
    Shot("kenh-phat-noi-nhan", 5, "/can-bo/kenh-phat/noi-nhan/", device="desk"),
    Shot("canh-bao-tranh-tru", 2, "/can-bo/canh-bao/noi-tranh-tru/"),
    Shot("dua-du-lieu-them", 2, "/can-bo/nguon-du-lieu/lap/", device="desk"),
    Shot("dua-du-lieu-nguon", 6, "/can-bo/nguon-du-lieu/", ("main th a:has-text('Nhà thuốc trực')",), device="desk"),
    Shot("dua-du-lieu-cach-hien", 6, "/can-bo/nguon-du-lieu/", ("main th a:has-text('Nhà thuốc trực')", "main a:has-text('Cách hiện')"), device="desk"),
    Shot("dua-du-lieu-quy-tac", 6, "/can-bo/nguon-du-lieu/", ("main th a:has-text('Phòng khám')", "main a:has-text('Khai các cột')", "main [data-column='2'] summary"), "main #values-2", device="desk"),
    Shot("dua-du-lieu-nguong", 6, "/can-bo/nguon-du-lieu/", ("main th a:has-text('Mực nước sông')", "main a:has-text('Trạm, ngưỡng')"), device="desk"),
    Shot("dua-du-lieu-do-moi", 6, "/can-bo/nguon-du-lieu/do-moi/", device="desk"),
    Shot("dua-du-lieu-danh-sach", 0, "/du-lieu/"),
    Shot("dua-du-lieu-xe-buyt", 0, "/du-lieu/tuyen-xe-buyt-gio-chay/", show="main h2"),
    Shot("bien-tap-len-lich", 7, "/can-bo/truyen-thong/len-lich/", device="desk"),
)  # fmt: skip


def take(page: Page, site: str, shot: Shot) -> bytes:
    """Return one picture as a PNG of few colours."""
    if shot.commune:
        page.goto(f"{site}/bat-dau/")
        page.fill("[name=name]", shot.commune)
        page.click("form[data-once] button[type=submit]")
        page.wait_for_load_state()
    page.goto(site + shot.path)
    for link in shot.follow:
        page.locator(link).first.click()
        page.wait_for_load_state()
    page.wait_for_load_state("networkidle")
    if shot.show:
        page.locator(shot.show).first.evaluate("found => found.scrollIntoView({ block: 'center' })")
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        wide = 1100 if shot.device == "desk" else 540
        small = taken.convert("RGB").resize((wide, round(taken.height * wide / taken.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.quantize(160, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def take_all(browser: Browser, site: str, shots: Iterable[Shot]) -> list[str]:
    """Take pictures role by role, each signed in once; return the names of those that are too heavy."""
    heavy = []
    for (role, device), group in groupby(sorted(shots, key=lambda one: (one.role, one.device)), lambda one: (one.role, one.device)):  # fmt: skip
        context = browser.new_context(
            viewport=DEVICES[device], locale="vi-VN", color_scheme="light", device_scale_factor=SHARPNESS[device]
        )  # fmt: skip
        page = context.new_page()
        if role:
            sign_in(page, site, role)
        for shot in group:
            made = take(page, site, shot)
            (FOLDER / f"{shot.name}.png").write_bytes(made)
            print(f"{shot.name}.png  {len(made) // 1024} kB  {page.title()}")
            heavy += [shot.name] if len(made) > HEAVIEST else []
        context.close()
    return heavy


def main() -> int:
    """Take what was asked for; 1 where a picture is too heavy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--lang=vi-VN"], env={"LANGUAGE": "vi"}
        )
        heavy = take_all(browser, asked.site, [one for one in SHOTS if not asked.only or one.name in asked.only])
        browser.close()
    if heavy:
        print(f"Quá nặng: {', '.join(heavy)}", file=sys.stderr)
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
