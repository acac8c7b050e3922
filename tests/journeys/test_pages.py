"""Every page of the citizen's app and of the officials' desk can be read by everybody, and says nothing to the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import looks
from tests.journeys.conftest import Site


@dataclass(frozen=True)
class Address:
    """Where a page is, whose it is (nobody's in particular, or a role's), and the link on it that leads there, if any."""

    path: str
    role: str = "nobody"
    link: str = ""
    status: int = 200

    def __str__(self) -> str:
        return f"{self.role} {self.path} {self.link}".strip()


READERS = (
    "/", "/bat-dau/", "/bat-dau/hien-thi/", "/bat-dau/do-luong/", "/thong-bao/", "/danh-ba/", "/danh-ba/?q=dien",
    "/danh-ba/?q=khongcogi", "/dia-chi/", "/dia-chi/?q=hong+phong", "/dia-chi/?q=khongcogi", "/tim/", "/tim/?q=dien",
    "/toi/", "/toi/nhan-thong-bao/", "/cai-dat/", "/cai-dat-ung-dung/", "/tro-giup/", "/quyen-rieng-tu/", "/ngoai-tuyen/", "/dang-nhap/",
    "/toi/tai-khoan/da-xoa/", "/ve-giao-dien/",
    "/phan-anh/?trang_thai=moi&q=khongcogi", "/phan-anh/gui/", "/canh-bao/",
    "/noi-dung/", "/tin-tuc/", "/su-kien/?luc=da-qua", "/danh-ba/can-bo/", "/cam-nang/phong-chong-bao-mau/", "/thu-tuc/khai-sinh-mau/",
    "/van-ban/nd-110-2004-mau/", "/y-kien/", "/hien-ke/", "/tim/?q=khai+sihn", "/tim/?q=%25",
)  # fmt: skip
OWNERS = (
    "/toi/tai-khoan/", "/toi/tai-khoan/ten/", "/toi/tai-khoan/so-dien-thoai/", "/toi/tai-khoan/dong-y/",
    "/toi/tai-khoan/thiet-bi/", "/toi/tai-khoan/du-lieu/",
    "/toi/tai-khoan/du-lieu/yeu-cau/", "/toi/tai-khoan/xoa/", "/tai-khoan/bao-mat/hai-buoc/", "/dang-xuat/",
)  # fmt: skip
SMALL_TABLE = "/can-bo/toan-tinh/?q=nam+sach"
ADDRESSES = (
    *(Address(path) for path in READERS),
    Address("/thong-bao/", link="a.notice-item"),
    Address("/dia-chi/?q=hop+tien", link="main .list a"),
    Address("/phan-anh/?tu=hom-qua", status=422),
    Address("/phan-anh/PA-ZZZZZZZ/", status=404),
    *(Address(path, "citizen") for path in OWNERS),
    Address("/toi/tai-khoan/du-lieu/", "citizen", link="form[action$='/xem/'] button"),
    Address("/can-bo/", "clerk"),
    Address("/can-bo/don-vi/", "head"),
    Address("/can-bo/danh-sach/", "clerk"),
    Address("/can-bo/danh-sach/", "clerk", link="main .list a.button"),
    Address("/can-bo/don-vi/?q=hop", "administrator"),
    Address(SMALL_TABLE, "head"),
    Address(f"{SMALL_TABLE}&cap=agency", "auditor"),
    Address("/can-bo/toan-tinh/?ngay=2024-04-20&dia-gioi=2024-04-20&cap=district&chien-dich=khong", "auditor"),
    Address("/can-bo/toan-tinh/?ngay=1999-01-01", "auditor"),
    Address(SMALL_TABLE, "auditor", link="table th[scope=row] a"),
    Address("/can-bo/bao-cao/", "administrator"),
    Address("/can-bo/co-quan/?q=sach", "administrator"),
    Address("/can-bo/co-quan/?q=sach", "administrator", link="table th[scope=row] a"),
    Address("/canh-bao/", link="[aria-labelledby=da-qua] a"),
    Address("/can-bo/canh-bao/", "alert_author"),
    Address("/can-bo/canh-bao/soan/", "alert_author"),
    Address("/can-bo/canh-bao/soan/vo-de/", "alert_author"),
    Address("/can-bo/canh-bao/", "alert_approver", link="[aria-labelledby=cho-duyet] a"),
    Address("/can-bo/phan-anh/", "dispatcher"),
    Address("/can-bo/phan-anh/?xem=tat-ca&q=khongcogi", "dispatcher"),
    Address("/can-bo/phan-anh/?xem=dang-xu-ly", "dispatcher", link="main .table-cards th a"),
    Address("/can-bo/phan-anh/?xem=da-tra-loi", "dispatcher", link="main .table-cards th a"),
    Address("/can-bo/phan-anh/ghi-ho/", "dispatcher"),
    Address("/can-bo/phan-anh/ban-giao/", "dispatcher"),
    Address("/can-bo/phan-anh/co-quan/", "dispatcher"),
    Address("/can-bo/phan-anh/co-quan/", "dispatcher", link="main .table-cards th a"),
    Address("/can-bo/phan-anh/phan-viec/", "administrator"),
    Address("/can-bo/phan-anh/phan-viec/thu/", "dispatcher"),
    Address("/can-bo/phan-anh/linh-vuc/", "administrator"),
    Address("/can-bo/phan-anh/linh-vuc/", "administrator", link="main .table-cards th a"),
    Address("/can-bo/phan-anh/mau/", "dispatcher"),
    Address("/can-bo/kenh-phat/", "head"),
    Address("/can-bo/kenh-phat/soan/", "head"),
    Address("/can-bo/kenh-phat/noi-nhan/", "administrator"),
    Address("/can-bo/kenh-phat/noi-nhan/them/loudspeaker/", "administrator"),
    Address("/can-bo/nhat-ky/?viec=people", "auditor"),
    Address("/hien-ke/", link="main .list a"),
    Address("/y-kien/can-bo/", "head"),
    Address("/y-kien/can-bo/", "head", link="main a.list-item >> nth=0"),
    Address("/y-kien/can-bo/", "head", link="main a.list-item:has-text('Phòng tiếp dân')"),
    Address("/can-bo/y-kien/", "head"),
    Address("/can-bo/y-kien/", "head", link="th a:has-text('Phòng tiếp dân')"),
    Address("/can-bo/y-kien/soan/", "editor"),
    Address("/can-bo/noi-dung/", "editor"),
    Address("/can-bo/hien-ke/", "head"),
    Address("/khong-co-trang-nay/", status=404),
    Address("/can-bo/nhat-ky/", "clerk", status=404),
    Address("/can-bo/", "citizen", status=403),
)


EVERY_TIME = {
    "nobody /", "nobody /dia-chi/?q=hong+phong", "nobody /phan-anh/gui/", "nobody /thong-bao/ a.notice-item", "citizen /toi/tai-khoan/",
    "clerk /can-bo/", "head /can-bo/don-vi/", f"head {SMALL_TABLE}", "dispatcher /can-bo/phan-anh/",
    "dispatcher /can-bo/phan-anh/?xem=dang-xu-ly main .table-cards th a", "nobody /khong-co-trang-nay/", "citizen /can-bo/",
}  # fmt: skip
"""One page of each make, looked at in every run; the others by ``make check-slow``."""


def _marked(address: Address) -> Any:
    return pytest.param(address, id=str(address), marks=() if str(address) in EVERY_TIME else pytest.mark.slow)


def test_the_pages_of_every_run_are_among_all_pages() -> None:
    assert {str(address) for address in ADDRESSES} >= EVERY_TIME


@pytest.mark.parametrize("address", [_marked(address) for address in ADDRESSES])
def test_everybody_can_read(
    address: Address,
    site: Site,
    new_context: Callable[..., BrowserContext],
    as_role: Callable[..., BrowserContext],
) -> None:
    context = new_context() if address.role == "nobody" else as_role(address.role)
    page = context.new_page()
    answer = page.goto(f"{site.url}{address.path}")
    assert answer is not None
    assert answer.status == address.status, page.locator("main").inner_text()
    if address.link:
        page.locator(address.link).first.click()
        expect(page).not_to_have_url(f"{site.url}{address.path}")
    page.wait_for_load_state()
    looks.must_be_fit(page)
