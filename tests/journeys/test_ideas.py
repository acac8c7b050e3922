"""From a citizen's idea to the official answer; one person on two devices counts once; from a draft to the table of answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import BrowserContext, expect

from smarthd.kernel import clock
from tests.journeys import acts, looks
from tests.journeys.conftest import Site

As = Callable[..., BrowserContext]
DESK, PHONE = {"viewport": looks.DESK}, {"viewport": looks.PHONE}


def test_an_idea_goes_from_a_phone_to_the_official_answer(site: Site, as_role: As, new_context: Any) -> None:
    citizen = as_role("citizen", **PHONE).new_page()
    citizen.goto(f"{site.url}/hien-ke/gui/")
    looks.must_be_fit(citizen)
    citizen.get_by_label("Ý tưởng dành cho nơi nào").select_option(label="Phường Thành Đông")
    citizen.get_by_label("Tên ý tưởng").fill("Đặt thùng phân loại rác ở cổng chợ")
    citizen.get_by_label("Làm gì, vì sao nên làm").fill("Rác chợ để lẫn nên bốc mùi, phân loại thì ủ được phân.")
    citizen.get_by_role("button", name="Ghim trên bản đồ").click()
    expect(citizen.locator("#ghim[data-drawn]")).to_be_visible()
    citizen.get_by_role("button", name="Gửi ý tưởng").click()
    expect(citizen.get_by_role("heading", name="Đã có người nói gần như vậy")).to_be_visible()
    looks.must_be_fit(citizen)
    citizen.get_by_role("button", name="Không phải việc ấy, gửi ý tưởng của tôi").click()
    citizen.wait_for_url(re.compile(r"/hien-ke/HK-\w+/$"))
    expect(citizen.get_by_text("Chờ cơ quan đọc")).to_be_visible()
    looks.must_be_fit(citizen)
    address = citizen.url
    code = address.rstrip("/").rpartition("/")[2]

    head = as_role("head", **DESK).new_page()
    head.goto(f"{site.url}/can-bo/hien-ke/?xem=cho-duyet")
    looks.must_be_fit(head)
    head.get_by_role("link", name="Đặt thùng phân loại rác ở cổng chợ").click()
    expect(head.get_by_role("heading", name="Ý tưởng gần giống")).to_be_visible()
    looks.must_be_fit(head)
    head.get_by_role("button", name="Đăng ý tưởng").click()
    expect(head.get_by_text("Đã đăng. Người dân đọc và ủng hộ được từ bây giờ.")).to_be_visible()

    phone = acts.new_number()
    for device, shown in ((new_context(), "Tôi ủng hộ"), (new_context(), "Thôi ủng hộ")):
        page = device.new_page()
        acts.sign_in(page, site, phone, going_to=f"/hien-ke/{code}/")
        button = page.get_by_role("button", name=shown)
        expect(button).to_be_visible()
        if shown == "Tôi ủng hộ":
            button.click()
            expect(page.get_by_text("Đã ghi bà con ủng hộ.")).to_be_visible()
        expect(page.get_by_role("heading", name="2 người ủng hộ")).to_be_visible()

    head.get_by_label("Sẽ làm").check()
    head.get_by_label("Câu trả lời người dân đọc").fill("Phường lắp hai thùng ở cổng chợ trong quý tới.")
    head.get_by_label("Hẹn đến ngày").fill((clock.today() + timedelta(days=60)).isoformat())
    head.get_by_role("button", name="Trả lời").click()
    expect(head.get_by_text("Đã ghi. Người đề xuất được báo.")).to_be_visible()
    citizen.goto(address)
    expect(citizen.get_by_text("Phường lắp hai thùng ở cổng chợ trong quý tới.")).to_be_visible()
    looks.must_be_fit(citizen)


def test_a_consultation_goes_from_the_draft_to_the_table_of_answers(site: Site, as_role: As, new_context: Any) -> None:
    editor = as_role("editor", **DESK).new_page()
    editor.goto(f"{site.url}/can-bo/y-kien/soan/")
    editor.get_by_label("Hỏi về việc gì").fill("Góp ý quy chế phòng đọc số")
    editor.get_by_label("Lời giới thiệu").fill("Dự thảo quy chế để bà con góp ý.")
    editor.get_by_label("Dự thảo để góp ý từng đoạn").fill("Điều 1. Mở cửa buổi tối.\nĐiều 2. Thu phí mượn máy.")
    editor.get_by_label("Nhận trả lời đến hết ngày").fill((clock.today() + timedelta(days=5)).isoformat())
    editor.get_by_label("Hỏi cả tỉnh").check()
    editor.get_by_role("button", name="Ghi, rồi thêm câu hỏi").click()
    editor.wait_for_url(re.compile(r"/can-bo/y-kien/[0-9a-f-]{36}/$"))
    address = editor.url
    head = as_role("head of hp-skhcn", **DESK).new_page()
    head.goto(address)
    head.get_by_role("button", name="Nội dung đúng, mở lấy ý kiến").click()
    expect(head.get_by_text("Đã mở. Người dân trả lời được từ bây giờ.")).to_be_visible()

    citizen = as_role("citizen", **PHONE).new_page()
    citizen.goto(f"{site.url}/y-kien/")
    citizen.get_by_role("link", name=re.compile("Góp ý quy chế phòng đọc số")).click()
    citizen.get_by_text("Góp ý đoạn này").nth(1).click()
    citizen.get_by_label("Góp ý đoạn 2").fill("Không nên thu phí học sinh.")
    citizen.get_by_role("button", name="Gửi câu trả lời").click()
    expect(citizen.get_by_text("Đã ghi câu trả lời. Cảm ơn bà con.")).to_be_visible()

    editor.goto(address)
    expect(editor.get_by_text("Không nên thu phí học sinh.")).to_be_visible()
    editor.get_by_text("Thêm một nhóm ý kiến").click()
    editor.get_by_label("Phần của dự thảo").select_option("2")
    editor.get_by_label("Ý kiến của người dân, tóm tắt").fill("Đề nghị không thu phí học sinh.")
    editor.get_by_label("Số người có ý kiến này").fill("1")
    editor.get_by_label("Tiếp thu", exact=True).check()
    editor.get_by_label("Tiếp thu thế nào, hoặc vì sao giữ nguyên").fill("Đã sửa: học sinh không phải trả phí.")
    editor.get_by_role("button", name="Ghi nhóm ý kiến").click()
    expect(editor.get_by_text("Đã ghi nhóm ý kiến.")).to_be_visible()
    looks.must_be_fit(editor)
    head.goto(address)
    head.get_by_role("button", name="Kết thúc ngay").click()
    head.get_by_role("button", name="Công bố bảng tiếp thu, giải trình").click()
    expect(head.get_by_text("Đã công bố bảng tiếp thu, giải trình.")).to_be_visible()
    citizen.reload()
    expect(citizen.get_by_text("Đã sửa: học sinh không phải trả phí.")).to_be_visible()
    looks.must_be_fit(citizen)
