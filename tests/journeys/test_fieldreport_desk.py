"""Citizens' reports at the desk, on a telephone and at a desk: declined, contested, overturned, proven, reopened; forty become one."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from smarthd.fieldreports.rules.states import State
from tests.journeys import acts, looks, reports
from tests.journeys.conftest import Site

As = Callable[..., BrowserContext]
PHONE, DESK = {"viewport": looks.PHONE}, {"viewport": looks.DESK}
ANSWER = "Ngày hôm nay tổ quản lý đô thị đã thay nắp cống gang mới, rào chắn đã dỡ, xe cộ đi lại bình thường."


def photo(colour: str) -> dict[str, object]:
    """Return a photo as a file that is chosen."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def open_act(page: Page, words: str) -> None:
    """Unfold the form of an act."""
    page.locator(".trouble-acts summary", has_text=words).click()


def state_of(site: Site, code: str) -> State:
    [(state,)] = site.sql("SELECT state FROM fieldreports_report WHERE code = %s", code)
    return State(str(state))


def answer(page: Page, site: Site, code: str, colour: str) -> None:
    """Answer with a photo from after, having looked at what people will see."""
    page.goto(f"{site.url}/can-bo/phan-anh/{code}/")
    if page.get_by_role("button", name="Bắt đầu xử lý").is_visible():
        page.get_by_role("button", name="Bắt đầu xử lý").click()
        expect(page.get_by_text("Đã ghi bắt đầu xử lý.")).to_be_visible()
    page.get_by_role("link", name="Trả lời kèm minh chứng").click()
    page.get_by_label("Đã khắc phục").check()
    page.get_by_label("Trả lời người gửi").fill(ANSWER)
    page.get_by_label("Ảnh sau khi xử lý").set_input_files([photo(colour)])  # type: ignore[list-item]
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Người dân sẽ thấy")).to_be_visible()
    expect(page.get_by_text(f"{colour}.jpg")).to_be_visible()
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Người gửi và người dân quanh đó được mời xác nhận")).to_be_visible()


def test_a_refusal_is_overturned_and_the_answer_holds_only_when_its_sender_says_so(site: Site, as_role: As) -> None:
    [report] = reports.sent(site, ["Nắp cống vỡ trước cổng trường, trẻ con đi học dễ ngã"], category="nap-cong")
    code = report["code"]
    assert "Thành Đông" in report["holder"]

    ward = as_role("dispatcher", **PHONE).new_page()
    ward.goto(f"{site.url}/can-bo/phan-anh/?xem=moi&q={code}")
    ward.get_by_role("link", name="Nắp cống vỡ trước cổng trường").click()
    open_act(ward, "Không tiếp nhận")
    ward.get_by_label("Lý do", exact=True).select_option(label="Không thuộc thẩm quyền của cơ quan này")
    ward.get_by_label("Lý do cụ thể").fill("Tuyến đường này do Sở Xây dựng quản lý.")
    ward.get_by_role("button", name="Không tiếp nhận").click()
    expect(ward.get_by_text("phải nêu cơ quan nào có thẩm quyền").first).to_be_visible()
    refused = ward.locator("section[aria-labelledby=sua-lai]")
    expect(refused.get_by_label("Lý do cụ thể")).to_have_value("Tuyến đường này do Sở Xây dựng quản lý.")
    refused.get_by_label("Cơ quan có thẩm quyền").select_option(label="Sở Xây dựng thành phố Hải Phòng")
    refused.get_by_role("button", name="Không tiếp nhận").click()
    expect(ward.get_by_text("Đã ghi không tiếp nhận.")).to_be_visible()
    assert state_of(site, code) is State.DECLINED

    reports.says(site, report, "contest", "Đây là ngõ trong khu dân cư, không phải đường của Sở.")
    judge = as_role("head of ubnd-tp", **DESK).new_page()
    judge.goto(f"{site.url}/can-bo/phan-anh/?xem=xem-lai")
    judge.get_by_role("link", name="Nắp cống vỡ trước cổng trường").click()
    open_act(judge, "Yêu cầu tiếp nhận")
    judge.get_by_label("Vì sao việc này phải được tiếp nhận?").fill("Ngõ thuộc khu dân cư, phường phải tiếp nhận.")
    judge.get_by_role("button", name="Yêu cầu tiếp nhận").click()
    expect(judge.get_by_text("Đã yêu cầu tiếp nhận.")).to_be_visible()

    answer(ward, site, code, "navy")
    assert state_of(site, code) is State.ANSWERED
    reports.says(site, report, "reopen", "Nắp mới vẫn kênh, đi qua kêu to và nguy hiểm.")
    ward.goto(f"{site.url}/can-bo/phan-anh/{code}/")
    expect(ward.locator("main")).to_contain_text("Mở lại")
    answer(ward, site, code, "teal")
    reports.says(site, report, "confirm")
    ward.reload()
    expect(ward.locator(".timeline")).to_contain_text("Xác nhận đã xong")
    expect(ward.get_by_role("heading", name="Trả lời lần 2")).to_be_visible()
    assert state_of(site, code) is State.CONFIRMED


def test_forty_reports_of_one_pothole_become_one_and_everybody_is_told(site: Site, as_role: As) -> None:
    texts = [f"Ổ gà sâu giữa đường trước chợ, xe máy ngã ngày {number}" for number in range(1, 41)]
    sent = reports.sent(site, texts, category="o-ga-mat-duong", north=0.002)
    head, others = sent[0], sent[1:]

    page = as_role("dispatcher", **DESK).new_page()
    page.goto(f"{site.url}/can-bo/phan-anh/{head['code']}/")
    expect(page.get_by_role("heading", name="Có thể là cùng một việc")).to_be_visible()
    page.get_by_role("link", name="Gộp phản ánh trùng").click()
    page.wait_for_load_state("networkidle")  # ticking all is a script's
    page.get_by_label("Chọn tất cả").check()
    expect(page.locator("input[name=gan]:checked")).to_have_count(0)
    ours = {one["code"] for one in others}
    for box in page.locator("input[name=pa]:checked").all():
        if box.get_attribute("value") not in ours:  # the demonstration's own, which lies near by chance
            box.uncheck()
    page.get_by_label("Lời báo cho người gửi").fill("Cùng một ổ gà, phường xử lý chung.")
    page.get_by_role("button", name="Gộp các phản ánh đã chọn").click()
    expect(page.get_by_text("Đã gộp 39 phản ánh.")).to_be_visible()
    expect(page.get_by_role("heading", name="39 phản ánh gộp vào đây")).to_be_visible()

    assert {state_of(site, one["code"]) for one in others} == {State.MERGED}
    acts.let_news_arrive(site)
    told = site.sql(
        "SELECT count(DISTINCT account_id) FROM messaging_inboxitem WHERE account_id = ANY(%s)",
        [one["account"] for one in others],
    )
    assert told == [(39,)]
    page.goto(f"{site.url}/can-bo/phan-anh/?xem=moi&q=Ổ gà sâu giữa đường trước chợ")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("40 người cùng phản ánh")
