"""A drill is impossible to mistake on any road; every rendering says what is to be done, at the length its road takes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthd.channels.papers.poster_pdf import poster_pdf, poster_svg
from smarthd.channels.papers.script_docx import script_docx
from smarthd.channels.rules import saying, spoken
from smarthd.channels.rules.bulletins import Change, Language, Priority, Words
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.tests import make
from smarthd.kernel import clock

AT = make.NOW.astimezone(clock.ZONE)
LINK = "https://smart.example.vn/canh-bao/CB-7Q2M/"


def words(**more) -> Words:
    given = {
        "title": "Bão số 3 vào đất liền đêm nay", "body": "Gió cấp 8–9, giật cấp 11. Mưa 100–200 mm.",
        "instruction": "Không ra khỏi nhà từ 20h. Gọi 112 khi cần cứu.", "sender": "Ban Chỉ huy PCTT&TKCN tỉnh", "contact": "0220 3853 333",
        "priority": Priority.URGENT, "valid_from": AT, "valid_until": AT + timedelta(hours=12), "link": LINK,
        "places": ("Xã Hợp Tiến", "Xã Nam Hưng"),
    }  # fmt: skip
    return Words(**(given | more))


def docx_text(said: Words) -> str:
    book = Document(io.BytesIO(script_docx(said, code="BT-1", made_at=AT)))
    return "\n".join([*(p.text for p in book.sections[0].header.paragraphs), *(p.text for p in book.paragraphs)])


def svg_text(said: Words) -> str:
    return " ".join(re.findall(r">([^<>]+)</text>", poster_svg(said)))


RENDERINGS = {
    "thư báo chí, tiêu đề": lambda said: saying.letter(said, receiver_link="https://x/", kind=Kind.PRESS).subject,
    "thư báo chí, nội dung": lambda said: saying.letter(said, receiver_link="https://x/", kind=Kind.PRESS).body,
    "thư đài, nội dung": lambda said: saying.letter(said, receiver_link="https://x/", kind=Kind.RADIO).body,
    "zalo, tiêu đề": lambda said: saying.post(said, Kind.ZALO).title,
    "zalo, tóm tắt": lambda said: saying.post(said, Kind.ZALO).summary,
    "zalo, bài": lambda said: saying.post(said, Kind.ZALO).text,
    "facebook": lambda said: saying.post(said, Kind.FACEBOOK).text,
    "lời đọc, tên": lambda said: saying.script(said).title,
    "lời đọc": lambda said: "\n".join(saying.script(said).paragraphs),
    "loa": saying.loudspeaker,
    "khung nhúng": lambda said: saying.card(said).title,
    "áp phích": svg_text,
    "giọng đọc": lambda said: spoken.read(saying.loudspeaker(said)),
}
_letters = st.text(alphabet="aăâbcđeêghiklmnoôơpqrstuưvxy ABĐ0123456789.,:–%/\n", min_size=1, max_size=300).filter(
    str.strip
)
said_words = st.builds(
    words,
    title=_letters.map(lambda text: " ".join(text.split())[:200]).filter(bool),
    body=_letters.map(str.strip),
    instruction=st.one_of(st.just(""), _letters.map(str.strip)),
    change=st.sampled_from(list(Change)),
    priority=st.sampled_from(list(Priority)),
    language=st.sampled_from(list(Language)),
    drill=st.booleans().map(lambda _any: True),
)


@settings(max_examples=15, deadline=None)
@given(said_words)
def test_a_drill_says_so_at_the_head_of_every_rendering(said):
    for name, rendered in RENDERINGS.items():
        assert saying.DRILL in rendered(said)[:80].upper(), name


def test_a_drill_says_so_at_the_end_of_what_is_heard_too_and_on_every_page_of_what_is_printed():
    drill = words(drill=True)
    assert saying.loudspeaker(drill).splitlines()[-1].startswith("DIỄN TẬP. Đây là diễn tập")
    assert docx_text(drill).startswith("DIỄN TẬP – DIỄN TẬP – DIỄN TẬP")
    assert (
        zipfile.ZipFile(io.BytesIO(script_docx(drill, code="x", made_at=AT)))
        .read("word/footer1.xml")
        .decode()
        .count("DIỄN TẬP")
        == 3
    )


def test_the_real_thing_never_says_drill():
    for name, rendered in RENDERINGS.items():
        assert "DIỄN TẬP" not in rendered(words()).upper(), name
    assert "DIỄN TẬP" not in docx_text(words())


def test_a_title_that_says_drill_itself_says_it_once():
    assert saying.title(words(title="Diễn tập ứng phó bão", drill=True)) == "Diễn tập ứng phó bão"
    assert saying.title(words(title="Bão", drill=True, change=Change.CANCEL)) == "DIỄN TẬP: Hủy: Bão"


@pytest.mark.parametrize(
    "name", [name for name in RENDERINGS if "tiêu đề" not in name and "tên" not in name and "nhúng" not in name]
)
def test_every_body_says_what_is_to_be_done(name):
    assert re.search("[Kk]hông ra khỏi nhà", RENDERINGS[name](words())), name


@pytest.mark.parametrize("kind", [Kind.ZALO, Kind.FACEBOOK])
def test_posts_keep_the_lengths_of_their_network_and_what_is_to_be_done(kind):
    long = words(title="T " * 90, body="Mưa rất to. " * 800, instruction="Việc " * 200)
    post = saying.post(long, kind)
    assert len(post.title) <= 150
    assert len(post.summary) <= 300
    assert "Việc cần làm: Việc Việc" in post.text
    if kind is Kind.FACEBOOK:
        assert len(post.text) <= saying.FACEBOOK_TEXT


def test_the_reading_time_is_that_of_the_spoken_words():
    short, numbers = words(body="Mưa."), words(body="12.345.678 m³/s " * 20)
    assert saying.script(numbers).seconds > saying.script(short).seconds + 60


def test_the_script_holds_the_words_and_how_they_are_said():
    text = docx_text(words())
    for part in (
        "LỜI ĐỌC PHÁT THANH",
        "Gió cấp 8–9",
        "Gió cấp tám đến cấp chín",
        "Thời lượng đọc: khoảng",
        "Mức: khẩn cấp",
    ):
        assert part in text


def test_many_places_are_counted_not_dropped():
    many = words(places=tuple(f"Xã {number}" for number in range(30)))
    assert saying.area(many) == ", ".join(f"Xã {number}" for number in range(12)) + " và 18 xã, phường khác"
    assert saying.area(words(places=())) == "toàn địa bàn"


@settings(max_examples=10, deadline=None)
@given(said_words)
def test_nothing_leaves_the_sheet_of_a_poster(said):
    for down in re.findall(r'<text x="[\d.]+" y="([\d.]+)"', poster_svg(said)):
        assert float(down) <= 842 - 46 - 120 or float(down) in {710, 736, 772}  # the three lines beside the code


def test_the_longest_words_still_stand_above_the_code():
    long = words(
        title="Bão " * 50, body="Mưa rất to " * 400, instruction="Rời khỏi nhà " * 150, contact="0" * 60, drill=True
    )
    lines = [float(down) for down in re.findall(r'<text x="[\d.]+" y="([\d.]+)"', poster_svg(long))]
    assert max(lines[:-3]) <= 842 - 46 - 120


def test_a_poster_is_one_page_of_pdf():
    made = poster_pdf(words(drill=True))
    assert made.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1
