"""The storm at two in the morning: one writes, another approves, two communes hear of it and a third does not; some are safe, one needs help."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys import acts, looks
from tests.journeys.conftest import Site
from tests.journeys.storm import DESK, HEADLINE, Approver, As, commune_page, write


def test_a_storm_at_two_in_the_morning_reaches_two_communes_and_not_the_third(
    site: Site, as_role: As, new_context: As
) -> None:
    officer = Approver(as_role)
    here, there, away = (commune_page(new_context, site, name) for name in ("Thành Đông", "Nam Sách", "Vĩnh Am"))
    author = as_role("alert_author", **DESK).new_page()
    code = write(author, site, "Phường Thành Đông", "Xã Nam Sách")
    author.goto(f"{site.url}/can-bo/canh-bao/{code}/")
    expect(author.get_by_text("Người soạn không tự duyệt.")).to_be_visible()
    expect(author.get_by_role("button", name="Duyệt và phát ngay")).to_have_count(0)

    approver = officer.page
    approver.goto(f"{site.url}/can-bo/canh-bao/")
    approver.get_by_role("link", name=re.compile(f"{re.escape(HEADLINE)}.*Chờ duyệt")).click()
    looks.must_be_fit(approver)
    approver.get_by_role("button", name="Duyệt và phát ngay").click()
    expect(approver.get_by_text("Cần mã xác thực mới")).to_be_visible()
    assert site.sql("SELECT state FROM alerts_alert WHERE code = %s", code) == [("pending",)]
    officer.approve(site, code)

    for page in (here, there):
        page.goto(f"{site.url}/danh-ba/")
        expect(page.locator(".alert-strip")).to_contain_text(HEADLINE)
    away.goto(f"{site.url}/danh-ba/")
    expect(away.locator(".alert-strip")).to_be_hidden()
    away.goto(f"{site.url}/canh-bao/")
    expect(away.get_by_role("heading", name="Ở nơi khác")).to_be_visible()

    here.locator(".alert-strip a").first.click()
    expect(here.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(here.locator("[data-alert-map][data-drawn]")).to_have_count(0)
    here.locator("[data-alert-map]").scroll_into_view_if_needed()
    expect(here.locator("[data-alert-map][data-drawn]")).to_be_visible()
    looks.must_be_fit(here)
    here.get_by_role("button", name="Gửi lời kêu cứu").click()
    expect(here.get_by_text("Cho biết đang ở đâu").first).to_be_visible()
    here.get_by_role("button", name="Tôi an toàn").click()
    expect(here.get_by_text("Đã ghi: bà con an toàn")).to_be_visible()

    # Nam Sách has lost its network: the page was kept before anybody opened it, and the call goes when the network is back.
    acts.until(
        lambda: there.evaluate(f"caches.open('pages-1').then((s) => s.match('/canh-bao/{code}/')).then(Boolean)")
    )
    answers = f"{site.url}/canh-bao/{code}/tra-loi/"
    there.goto(f"{site.url}/canh-bao/{code}/")
    there.route(answers, lambda route: route.abort())  # a network that says it is there and carries nothing
    there.get_by_role("button", name="Tôi an toàn").click()
    expect(there.get_by_text("Câu trả lời nằm trong máy")).to_be_visible()
    there.unroute(answers)
    there.context.set_offline(True)
    there.goto(f"{site.url}/canh-bao/{code}/")
    expect(there.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    there.get_by_label("Chỗ nào").fill("Nhà văn hóa thôn 3")
    there.get_by_label("Mấy người").fill("4")
    there.get_by_label("Số điện thoại để gọi lại").fill("0912 000 777")
    there.get_by_role("button", name="Gửi lời kêu cứu").click()
    expect(there.get_by_text("Câu trả lời nằm trong máy")).to_be_visible()
    assert site.sql("SELECT count(*) FROM alerts_answer WHERE answer = 'help' AND place = 'Nhà văn hóa thôn 3' AND people = 4") == [(0,)]  # fmt: skip
    there.context.set_offline(False)
    there.evaluate("window.dispatchEvent(new Event('online'))")  # the shell without windows does not tell pages
    acts.until(lambda: site.sql("SELECT count(*) FROM alerts_answer WHERE place = 'Nhà văn hóa thôn 3' AND people = 4") == [(1,)])  # fmt: skip

    author.goto(f"{site.url}/can-bo/canh-bao/{code}/truc/")
    looks.must_be_fit(author)
    expect(author.locator(".big-figure", has_text="báo an toàn").locator(".num")).to_have_text("1")
    call = author.locator("article.help", has_text="Nhà văn hóa thôn 3")
    expect(call).to_contain_text("0912 000 777")
    call.get_by_label("Giao cho ai, hoặc đã làm gì").fill("Đội xung kích thôn 3")
    call.get_by_role("button", name="Giao", exact=True).click()
    call = author.locator("article.help", has_text="Nhà văn hóa thôn 3")
    expect(call).to_contain_text("Đội xung kích thôn 3")

    feed = away.request.get(f"{site.url}/canh-bao/feed.json").json()
    assert HEADLINE in {item["title"] for item in feed["items"]}
    message = away.request.get(f"{site.url}/canh-bao/{code}.xml")
    assert message.headers["content-type"].startswith("application/cap+xml")

    # It is over: the cancellation takes its place on every page.
    author.goto(f"{site.url}/can-bo/canh-bao/{code}/")
    author.get_by_role("button", name="Soạn tin hủy, đã an toàn").click()
    author.get_by_label("Tiêu đề (tiếng Việt)").fill("Đã an toàn: lũ sông Thái Bình đã rút")
    author.get_by_label("Tiêu đề (tiếng Anh)").fill("All clear: the Thai Binh river has fallen")
    author.get_by_role("button", name="Lưu và xem như người dân sẽ thấy").click()
    author.get_by_role("button", name="Gửi duyệt").click()
    end = author.url.rstrip("/").rsplit("/", 1)[1]
    officer.approve(site, end)
    here.goto(f"{site.url}/danh-ba/")
    expect(here.locator(".alert-strip")).to_contain_text("Hủy cảnh báo: Đã an toàn")
    assert site.sql("SELECT state FROM alerts_alert WHERE code = %s", code) == [("cancelled",)]


def test_an_open_page_hears_of_a_drill_that_says_it_is_one(site: Site, as_role: As, new_context: As) -> None:
    officer = Approver(as_role)
    page = commune_page(new_context, site, "Kiến Hải")
    page.goto(f"{site.url}/danh-ba/")
    author = as_role("alert_author", **DESK).new_page()
    headline = "Sự cố giả định ven biển: làm theo kịch bản"
    code = write(author, site, "Xã Kiến Hải", drill=True, headline=headline)
    officer.approve(site, code, button="Duyệt và phát DIỄN TẬP")
    page.evaluate(
        "document.dispatchEvent(new Event('visibilitychange'))"
    )  # what happens when the phone is taken up again
    expect(page.locator(".alert-strip")).to_contain_text(f"DIỄN TẬP: {headline}")
    page.locator(".alert-strip a").first.click()
    expect(page.get_by_text("DIỄN TẬP – không phải tình huống thật")).to_be_visible()
    [(state,)] = site.sql("SELECT state FROM alerts_alert WHERE code = %s", code)
    assert state == "issued"
    site.sql_write("UPDATE alerts_alert SET state = 'expired', ended_at = now() WHERE code = %s", code)
