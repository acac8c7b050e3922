"""Another program reports by Open311; an agency where nobody has an account answers by the link in its letter; the program reads the answer."""

from __future__ import annotations

import io
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, expect

from tests.journeys import acts, looks, reports
from tests.journeys.conftest import Site

WORDS = "Rác chất đống ở đầu ngõ cạnh đình, xem ảnh ở http://anh.example/x.jpg"
ANSWER = "Sáng nay tổ vệ sinh đã thu gom hết rác ở đầu ngõ cạnh đình và rửa sạch mặt đường."


def by_open311(site: Site, path: str, form: dict[str, str] | None = None) -> Any:
    """Speak Open311 to the site as any program does."""
    body = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(f"{site.url}/open311/v2/{path}.json", data=body) as answer:
        return json.loads(answer.read())


def photo() -> Any:
    """Return a photo as a file that is chosen."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(out, "JPEG")
    return {"name": "sau.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def letter_about(site: Site, code: str) -> str:
    """Return the letter that went to the agency, once it was written."""
    asked = "SELECT body FROM messaging_maildelivery WHERE subject LIKE %s"
    acts.until(lambda: site.sql(asked, f"{code}%"))
    [(body,)] = site.sql(asked, f"{code}%")
    return str(body)


def test_another_program_reports_and_an_agency_without_accounts_answers_by_its_letter(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    key = site.command("publicapi", "key", "issue", "--name", "Ứng dụng Đô thị").strip().splitlines()[-1]
    place = reports.without_accounts(site, mailbox="van-thu@xa.example")
    form = {"api_key": key, "service_code": "rac-chua-thu-gom", "address_string": place, "description": WORDS}
    [sent] = by_open311(site, "requests", form)
    code = sent["service_request_id"]
    assert by_open311(site, f"requests/{code}")[0]["description"] is None  # nobody has read it yet

    body = letter_about(site, code)
    [link] = re.findall(r"https?://\S+", body)
    assert "anh . example" in body

    page = new_context(viewport=looks.PHONE).new_page()
    page.goto(site.url + "/" + link.split("/", 3)[3])
    expect(page.get_by_role("heading", name=f"Trả lời phản ánh {code}")).to_be_visible()
    page.get_by_label("Đã khắc phục").check()
    page.get_by_label("Trả lời người gửi").fill(ANSWER)
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Ảnh và văn bản xin chọn lại.")).to_be_visible()  # without a proof it is not taken
    page.get_by_label("Ảnh sau khi xử lý").set_input_files([photo()])
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("heading", name="Đã ghi câu trả lời")).to_be_visible()
    page.get_by_role("link", name="Xem trang công khai của phản ánh").click()
    expect(page.get_by_text("Trả lời qua liên kết trong thư").first).to_be_visible()

    [read] = by_open311(site, f"requests/{code}")
    assert read["status"] == "open"  # an answer alone closes nothing
    assert ANSWER in read["status_notes"]
    assert read["description"] == WORDS
