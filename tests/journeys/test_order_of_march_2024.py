"""The order of March 2024, from its signing to the final report: every level plays its part, on a clock the story sets forward.

The site is one of its own (tests/journeys/march_2024.py plants it), its mail goes to a real SMTP server, its worker is a real one.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.journeys import march_2024
from tests.journeys.story import Story, begin

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.slow
ORDER_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CAMPAIGN = "Cài đặt và sử dụng ứng dụng Smart-HaiDuong"
FORM, PERIOD = "Báo cáo tuần", "Tuần 15/2024"
UNITS = {key: f"Ủy ban nhân dân xã {name}" for key, name in march_2024.COMMUNES.items()}
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1366, "height": 768}


def at(day: int, hour: int, minute: int = 0, second: int = 0, *, month: int = 4) -> datetime:
    """Return an instant of the story."""
    return datetime(2024, month, day, hour, minute, second, tzinfo=ZONE)


@pytest.fixture
def story(new_context: Callable[..., BrowserContext], tmp_path: Path) -> Iterator[Story]:
    with begin(tmp_path, new_context) as running:
        yield running


def test_the_order_of_march_2024_from_signing_to_the_final_report(story: Story) -> None:
    story.set_clock(at(26, 8, month=3))
    the_department_draws_the_campaign_up(story)
    story.set_clock(at(9, 17, 1))
    the_ladder_reminds_and_the_mailbox_hears_of_it(story)
    story.set_clock(at(10, 9))
    the_commune_files_on_a_phone(story)
    an_inflated_number_goes_up(story)
    a_difficulty_is_raised(story)
    story.set_clock(at(11, 7, 31))
    the_district_reads_its_digest_endorses_and_returns(story)
    story.set_clock(at(12, 16, 59))
    the_returned_report_comes_again_in_the_last_minute(story)
    story.set_clock(at(15, 17, 5))
    first = the_department_consolidates_without_waiting(story)
    the_difficulty_has_gone_up_in_silence(story)
    story.set_clock(at(16, 17, 5))
    the_department_calls_and_proposes_a_decision(story)
    the_committee_decides_on_a_phone(story)
    story.set_clock(at(17, 17, 5))
    silence_lets_the_returned_report_pass(story)
    story.set_clock(at(19, 8))
    the_urging_letter_is_signed(story)
    the_late_report_comes_and_the_department_takes_in(story)
    second = the_next_version_says_what_changed(story)
    story.set_clock(at(22, 9))
    who_raised_it_confirms(story)
    report = the_final_report_is_made_and_signed(story)
    story.set_clock(at(20, 9, month=5))
    story.run("afterwards")
    what_was_said_is_said_again_to_the_byte(story, [first, second], report)


# --- 26 March: signing ------------------------------------------------------------------------------------------------
def the_department_draws_the_campaign_up(story: Story) -> None:
    page = story.page("department", DESK)
    page.goto(f"{story.url}/can-bo/chien-dich/")
    page.get_by_label("Tên chiến dịch").fill(CAMPAIGN)
    page.get_by_label("Bắt đầu từ ngày").fill("2024-03-26")
    page.get_by_label("Hạn cuối").fill("2024-04-19")
    page.get_by_role("button", name="Mở chiến dịch").click()

    page.get_by_text("Sửa văn bản, tải tệp lên").click()
    page.get_by_label("Số, ký hiệu").fill("1038/UBND-VX")
    page.get_by_label("Ngày ban hành").fill("2024-03-26")
    page.get_by_label("Trích yếu").fill("Về việc triển khai cài đặt và sử dụng ứng dụng Smart-HaiDuong")
    page.get_by_label("Cơ quan ban hành").fill("Ủy ban nhân dân tỉnh Hải Dương")
    page.get_by_label("Tệp văn bản").set_input_files(
        {"name": "cong-van-1038.pdf", "mimeType": "application/pdf", "buffer": ORDER_PDF}
    )
    page.get_by_role("button", name="Lưu văn bản").click()
    expect(page.get_by_role("link", name="cong-van-1038.pdf")).to_be_visible()

    set_target(page, "Cán bộ đã cài đặt và sử dụng", "100")
    draw_the_form(page)
    page.get_by_text("Thêm một kỳ", exact=True).click()
    form = page.locator("form[action$='/ky/']")
    form.get_by_label("Tên kỳ").fill(PERIOD)
    form.get_by_label("Mở từ ngày").fill("2024-04-08")
    form.get_by_label("Số liệu đến hết ngày").fill("2024-04-11")
    form.get_by_label("Hạn nộp").fill("2024-04-12")
    form.get_by_role("button", name="Thêm kỳ").click()
    page.get_by_role("link", name=PERIOD).click()
    expect(page.get_by_text("4 cơ quan × 1 biểu = 4 báo cáo phải nộp.")).to_be_visible()
    page.get_by_label("Gõ lại tên kỳ để chốt").fill(PERIOD)
    page.get_by_role("button", name="Chốt danh sách").click()
    expect(page.get_by_text("Đã chốt: 4 báo cáo phải nộp.")).to_be_visible()
    page.goto(f"{story.url}/can-bo/chien-dich/")
    page.get_by_role("link", name=CAMPAIGN).click()
    page.get_by_role("button", name="Bắt đầu chiến dịch").click()
    expect(page.get_by_text("Chiến dịch đang chạy.")).to_be_visible()


def set_target(page: Page, name: str, percent: str) -> None:
    page.get_by_text("Đặt chỉ tiêu", exact=True).first.click()
    form = page.locator("form[action$='/chi-tieu/']").last
    form.get_by_label("Chỉ tiêu").select_option(label=name)
    form.get_by_label("Phải đạt (%)").fill(percent)
    form.get_by_role("button", name="Đặt chỉ tiêu").click()
    expect(page.get_by_role("row", name=re.compile(name))).to_contain_text(f"{percent}%")


def draw_the_form(page: Page) -> None:
    """Draw four questions up: one counted by hand, one measured, one compared with what is measured, one in words; and a check."""
    page.get_by_label("Tên biểu mới").fill(FORM)
    page.get_by_role("button", name="Dựng biểu mới").click()
    questions = (
        ("Số buổi tuyên truyền", {}),
        ("Cán bộ đã cài đặt và sử dụng", {"measured": "Cán bộ: đã cài đặt và sử dụng"}),
        ("Người dân đã kích hoạt", {"verified": "Người dân trên địa bàn: đã kích hoạt"}),
        ("Trong đó được tổ công nghệ số hướng dẫn", {}),
    )
    for number, (words, more) in enumerate(questions):
        page.locator(f"#f{number}-label").fill(words)
        page.locator(f"#muc-{number} details").evaluate("part => { part.open = true; }")
        for part, label in more.items():
            page.locator(f"#f{number}-{part}").select_option(label=label)
        if number < len(questions) - 1:
            page.get_by_role("button", name="Thêm mục").click()
            page.locator(f"#f{number + 1}-label").wait_for()
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.locator("#k0-left").select_option(label="Trong đó được tổ công nghệ số hướng dẫn")
    page.locator("#k0-relation").select_option(label="không lớn hơn")
    page.locator("#k0-right0").select_option(label="Người dân đã kích hoạt")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.get_by_label("Gõ lại tên biểu").fill(FORM)
    page.get_by_role("button", name="Công bố biểu").click()
    expect(page.get_by_text("Đã công bố bản số 1.")).to_be_visible()


# --- 9 to 12 April: reminders, filing, reviewing ----------------------------------------------------------------------
def the_ladder_reminds_and_the_mailbox_hears_of_it(story: Story) -> None:
    story.work("rollout.tasks.remind")
    [mail] = story.mails(1)
    assert mail["To"] == march_2024.MAILBOX
    assert story.subject(mail) == f"{FORM} 15/2024: còn 3 ngày làm việc, hạn 17 giờ thứ Sáu 12/4"
    story.work("rollout.tasks.remind")
    story.mails(1)


def fill(page: Page, **typed: str) -> None:
    labels = {
        "gatherings": "Số buổi tuyên truyền", "activated": "Người dân đã kích hoạt",
        "helped": "Trong đó được tổ công nghệ số hướng dẫn",
    }  # fmt: skip
    for key, value in typed.items():
        page.get_by_label(labels[key]).fill(value)


def open_report(story: Story, who: str) -> Page:
    page = story.page(who, PHONE)
    page.goto(f"{story.url}/can-bo/bao-cao-ky/")
    page.locator("a.owed").first.click()
    page.wait_for_selector("form[data-filing]")
    return page


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Xem lại và gửi").click()
    page.get_by_role("button", name="Gửi báo cáo").click()
    page.get_by_text("Đã gửi lúc").first.wait_for()


def the_commune_files_on_a_phone(story: Story) -> None:
    """The clerk types, the head reads it and hands it in."""
    clerk = open_report(story, "clerk_a")
    fill(clerk, gatherings="4", activated="30", helped="12")
    clerk.locator("[data-draft-state]").filter(has_text="Đã lưu lúc").wait_for()
    head = open_report(story, "head_a")
    expect(head.get_by_label("Người dân đã kích hoạt")).to_have_value("30")
    hand_in(head)
    expect(head.get_by_text("đúng hạn").first).to_be_visible()


def an_inflated_number_goes_up(story: Story) -> None:
    clerk = open_report(story, "clerk_b")
    fill(clerk, gatherings="2", activated="20", helped="35")
    clerk.get_by_role("button", name="Xem lại và gửi").click()
    expect(clerk.get_by_text("phải không lớn hơn").first).to_be_visible()
    fill(clerk, activated="90")
    hand_in(clerk)


def a_difficulty_is_raised(story: Story) -> None:
    page = story.page("head_a", PHONE)
    page.goto(f"{story.url}/can-bo/kho-khan/neu/")
    page.get_by_label("Về việc gì").select_option(index=1)
    page.get_by_label("Vướng mắc cụ thể").fill(
        "Thôn La Đôi lõm sóng, người dân không nhận được tin nhắn mã xác nhận từ ngày 28/3; đã thử nhiều vị trí, đề nghị nhà mạng xử lý."
    )
    page.get_by_role("radio").first.check()
    page.get_by_label("Khoảng bao nhiêu người bị ảnh hưởng").fill("240")
    page.get_by_role("button", name="Gửi lên cấp trên").click()
    expect(page.get_by_text("Ủy ban nhân dân huyện Nam Sách").first).to_be_visible()
    story.kept["difficulty"] = page.url


def the_district_reads_its_digest_endorses_and_returns(story: Story) -> None:
    story.work("rollout.tasks.send_digests")
    assert story.told("district", kind="rollout.digest") == ["Việc báo cáo 7 giờ 30 ngày 11/4: 2 báo cáo chờ xác nhận"]
    page = story.page("district", DESK)
    page.goto(f"{story.url}/can-bo/bao-cao-ky/xac-nhan/")
    page.get_by_role("link", name=re.compile(UNITS["b"])).click()
    detail = page.locator("#chi-tiet")
    expect(detail.get_by_text("lệch quá mức").first).to_be_visible()
    detail.get_by_text("Chỗ này chưa đúng Người dân đã kích hoạt").click()
    detail.get_by_label("Lý do trả lại mục này").nth(2).fill("Gấp ba số hệ thống đo được. Xin đếm lại theo sổ của tổ.")
    detail.get_by_role("button", name="Trả lại kèm lý do đã ghi").click()
    expect(page.get_by_text(f"Đã trả lại {UNITS['b']}")).to_be_visible()
    page.goto(f"{story.url}/can-bo/bao-cao-ky/xac-nhan/")
    page.get_by_role("button", name="Xác nhận đã chọn").click()
    expect(page.get_by_role("main")).to_contain_text(UNITS["a"])
    assert story.states() == {"a": "endorsed", "b": "returned", "c": "open", "nam-sach": "open"}
    assert story.told("clerk_b", kind="rollout.returned") == [
        f"{FORM} 15/2024 bị trả lại, sửa và gửi lại trước 17 giờ thứ Sáu 12/4"
    ]


def the_returned_report_comes_again_in_the_last_minute(story: Story) -> None:
    clerk = open_report(story, "clerk_b")
    expect(clerk.get_by_text("Gấp ba số hệ thống đo được.").first).to_be_visible()
    fill(clerk, activated="30", helped="10")
    hand_in(clerk)
    own = open_report(story, "district_clerk")
    fill(own, gatherings="3", activated="90", helped="30")
    hand_in(own)
    assert story.in_time() == {"a": True, "b": True, "c": None, "nam-sach": True}


# --- 15 to 17 April: late, urged, decided -----------------------------------------------------------------------------
def consolidation(story: Story) -> Page:
    page = story.page("department", DESK)
    page.goto(f"{story.url}/can-bo/bao-cao-ky/theo-doi/")
    page.goto(page.url.rstrip("/") + "/tong-hop/")
    return page


def the_department_consolidates_without_waiting(story: Story) -> str:
    story.work("rollout.tasks.remind")
    page = consolidation(story)
    page.get_by_role("button", name="Lập bản tổng hợp mới").click()
    expect(page.get_by_text("3/4 đơn vị đã gửi, trong đó 3 đúng hạn.")).to_be_visible()
    expect(page.locator("section[aria-labelledby=thieu]")).to_contain_text(UNITS["c"])
    return str(page.locator(".hash").inner_text())


def the_difficulty_has_gone_up_in_silence(story: Story) -> None:
    story.work("rollout.tasks.escalate_overdue")
    page = story.page("head_a", PHONE)
    page.goto(story.kept["difficulty"])
    expect(page.locator("section[aria-labelledby=dang-giu]")).to_contain_text("Ủy ban nhân dân tỉnh Hải Dương")


def the_department_calls_and_proposes_a_decision(story: Story) -> None:
    story.work("rollout.tasks.remind")
    page = story.page("department", DESK)
    page.goto(f"{story.url}/can-bo/bao-cao-ky/goi-dien/")
    expect(page.get_by_role("main")).to_contain_text(UNITS["c"])
    page.goto(f"{story.url}/can-bo/kho-khan/quyet-dinh/lap/")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Trích yếu").fill("Về việc phủ sóng các thôn còn lõm sóng")
    page.get_by_label("Nội dung giải quyết").fill(
        "Giao Sở Thông tin và Truyền thông làm việc với nhà mạng, lắp trạm phát tại thôn La Đôi trước ngày 30/4/2024."
    )
    page.get_by_role("button", name=re.compile("Trình")).click()
    expect(page.get_by_text("Chờ người khác duyệt").first).to_be_visible()


def the_committee_decides_on_a_phone(story: Story) -> None:
    page = story.page("leader", PHONE)
    page.goto(f"{story.url}/can-bo/uy-ban/")
    expect(page.get_by_text("Chờ duyệt: 1 quyết định")).to_be_visible()
    page.get_by_role("link", name=re.compile("Về việc phủ sóng")).click()
    page.get_by_label("Số, ký hiệu văn bản").fill("128/QĐ-UBND")
    page.get_by_label("Ngày ban hành").fill("2024-04-16")
    page.get_by_role("button", name=re.compile("Duyệt")).click()
    expect(page.get_by_text("Đã ban hành").first).to_be_visible()


def silence_lets_the_returned_report_pass(story: Story) -> None:
    story.work("rollout.tasks.pass_silent")
    story.work("rollout.tasks.remind")
    assert story.states() == {"a": "endorsed", "b": "endorsed", "c": "open", "nam-sach": "endorsed"}
    assert story.not_reviewed() == {"b", "nam-sach"}


def the_urging_letter_is_signed(story: Story) -> None:
    page = story.page("director", DESK)
    page.goto(f"{story.url}/can-bo/bao-cao-ky/don-doc/")
    expect(page.get_by_role("main")).to_contain_text(UNITS["c"])
    page.get_by_label("Số công văn").fill("215")
    page.get_by_role("button", name="Ký công văn").click()
    expect(page.get_by_text("Đã ký công văn số 215, đôn đốc 1 đơn vị.")).to_be_visible()
    words = text_of(story.download(page, page.get_by_role("link", name="Tải công văn (Word)")))
    assert "215/STTTT" in words
    assert UNITS["c"] in words
    assert UNITS["b"] not in words
    assert "Ngô Thị Thu Hiền" in words


def the_late_report_comes_and_the_department_takes_in(story: Story) -> None:
    clerk = open_report(story, "clerk_c")
    fill(clerk, gatherings="1", activated="30", helped="0")
    clerk.get_by_role("button", name="Xem lại và gửi").click()
    clerk.get_by_role("button", name="Gửi báo cáo").click()
    expect(clerk.get_by_text("sau hạn").first).to_be_visible()
    district = story.page("district", DESK)
    district.goto(f"{story.url}/can-bo/bao-cao-ky/xac-nhan/")
    district.get_by_role("button", name="Xác nhận đã chọn").click()
    department = story.page("department", DESK)
    department.goto(f"{story.url}/can-bo/bao-cao-ky/tiep-nhan/")
    department.get_by_role("button", name="Tiếp nhận đã chọn").click()
    assert story.states() == dict.fromkeys(("a", "b", "c", "nam-sach"), "accepted")


def the_next_version_says_what_changed(story: Story) -> str:
    page = consolidation(story)
    page.get_by_role("button", name="Lập bản tổng hợp mới").click()
    expect(page.get_by_text("4/4 đơn vị đã gửi, trong đó 3 đúng hạn.")).to_be_visible()
    changes = page.locator("section[aria-labelledby=cac-ban] li").first
    expect(changes).to_contain_text("Bản số 2")
    expect(changes).to_contain_text(UNITS["c"])
    return str(page.locator(".hash").inner_text())


# --- 22 April: the final report; later ----------------------------------------------------------------------------------
def who_raised_it_confirms(story: Story) -> None:
    page = story.page("head_a", PHONE)
    page.goto(story.kept["difficulty"])
    expect(page.get_by_role("main")).to_contain_text("128/QĐ-UBND")
    page.get_by_role("button", name=re.compile("Xác nhận")).first.click()
    expect(page.get_by_text("Đã kết thúc").first).to_be_visible()


def the_final_report_is_made_and_signed(story: Story) -> tuple[str, str]:
    story.count()
    page = story.page("department", DESK)
    page.goto(f"{story.url}/can-bo/bao-cao/")
    page.get_by_label("Chốt số liệu hết ngày").fill("2024-04-19")
    page.get_by_role("button", name="Lập báo cáo").click()
    expect(page.get_by_text("Đã có bản số 1.")).to_be_visible()
    address = page.url
    director = story.page("director", DESK)
    director.goto(address)
    director.get_by_label("Số").fill("96")
    director.get_by_role("button", name="Ký duyệt báo cáo").click()
    expect(director.get_by_text("Đã ký duyệt báo cáo.")).to_be_visible()
    content = story.download(director, director.get_by_role("link", name="Tải Word"))
    words = text_of(content)
    for told in ("1038/UBND-VX", "96/BC-STTTT", UNITS["c"], "128/QĐ-UBND", "Ngô Thị Thu Hiền"):
        assert told in words, told
    return address, hashlib.sha256(content).hexdigest()


def what_was_said_is_said_again_to_the_byte(story: Story, hashes: list[str], report: tuple[str, str]) -> None:
    page = consolidation(story)
    place = page.url
    for version, mark in enumerate(hashes, start=1):
        page.goto(f"{place}?ban={version}")
        expect(page.locator(".hash")).to_have_text(mark)
        page.get_by_role("button", name="Lập lại và đối chiếu").click()
        expect(page.get_by_text(f"Bản số {version} lập lại từ lịch sử giống hệt từng chữ.")).to_be_visible()
    address, sha256 = report
    page.goto(address)
    page.get_by_role("button", name="Lập lại và đối chiếu").click()
    expect(page.get_by_text(re.compile("trùng khớp"))).to_be_visible()
    again = story.download(page, page.get_by_role("link", name="Tải Word"))
    assert hashlib.sha256(again).hexdigest() == sha256


def text_of(content: bytes) -> str:
    """Return all words of a Word file."""
    document: Any = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
