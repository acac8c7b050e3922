from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smarthd.content import markup

HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="\u0001javascript:alert(1)">x</a>',
    '<a href="&#x6A;avascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="//evil.example/">x</a>',
    '<a href="/\\evil.example">x</a>',
    '<a href="https://vnexpress.net@evil.example/">x</a>',
    '<p onclick="alert(1)" style="position:fixed">x</p>',
    "<iframe src=https://evil.example></iframe>",
    "<object data=x></object><embed src=x>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<style>@import 'https://evil.example'</style>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<p><b><i>chưa đóng",
    "</p></ul></b>",
    "<a href='https://a.vn'><a href='https://b.vn'>x</a></a>",
    "<div><div><div><form action=https://evil.example><input name=otp>Nhập mã",
]
ONE_TAG = (
    r'<(?:/?(?:p|h2|h3|ul|ol|li|b|i)|/a|br|a href="(?:https?:|tel:|mailto:|/)[^"<>]*"(?: rel="noopener nofollow")?)>'
)
ALLOWED = re.compile(rf"(?:[^<>]|{ONE_TAG})*")


@pytest.mark.parametrize("given_markup", HOSTILE)
def test_hostile_markup_leaves_only_plain_words(given_markup: str) -> None:
    cleaned = markup.clean(given_markup)
    assert ALLOWED.fullmatch(cleaned), cleaned
    assert "script:" not in cleaned.lower()
    assert "evil.example/" not in cleaned.replace("https://evil.example/", "") or "href" not in cleaned


@pytest.mark.parametrize(
    ("given_markup", "kept"),
    [
        ("<p>Điện <b>tạm ngừng</b></p>", "<p>Điện <b>tạm ngừng</b></p>"),
        ("<strong>đậm</strong> <em>nghiêng</em>", "<b>đậm</b> <i>nghiêng</i>"),
        ("<h1>To</h1>", "<h2>To</h2>"),
        ("<ul><li>một</li><li>hai</li></ul>", "<ul><li>một</li><li>hai</li></ul>"),
        ('<a href="tel:113">113</a>', '<a href="tel:113">113</a>'),
        ('<a href="/danh-ba/">danh bạ</a>', '<a href="/danh-ba/">danh bạ</a>'),
        (
            '<a href="https://haiduong.gov.vn/?a=1&b=2" target=_blank onclick=x>trang</a>',
            '<a href="https://haiduong.gov.vn/?a=1&amp;b=2" rel="noopener nofollow">trang</a>',
        ),
        ('<a linktype="page" id="3">trang</a>', "trang"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<p></p><p> </p><p>x</p>", "<p>x</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<li>mồ côi</li>", "<p>mồ côi</p>"),
        ("\u202etxet\u202c \u200bx", "txet x"),
    ],
)
def test_what_a_notice_needs_is_kept(given_markup: str, kept: str) -> None:
    assert markup.clean(given_markup) == kept


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<ul>",
        "<li>",
        "</ul>",
        "<a href='https://a.vn'>",
        "</a>",
        "<script>",
        "</script>",
        "&lt;",
        "<h2>",
        "</h2>",
        "<svg>",
        "</svg>",
        "chữ",
        " ",
        "<",
        '"',
        "&",
        "<!--",
        "-->",
        "<a href='javascript:x'>",
        "<br/>",
        "<![CDATA[",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
@example("<p><ul><li><p>x")
def test_cleaning_gives_allowed_markup_and_cleaning_again_changes_nothing(given_markup: str) -> None:
    cleaned = markup.clean(given_markup)
    assert ALLOWED.fullmatch(cleaned), cleaned
    assert markup.clean(cleaned) == cleaned


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_every_element_is_closed_in_order(given_markup: str) -> None:
    open_now: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-z0-9]+)", markup.clean(given_markup)):
        if name == "br":
            continue
        if closing:
            assert open_now.pop() == name
        else:
            open_now.append(name)
    assert open_now == []


def test_plain_words_keep_blocks_apart() -> None:
    assert (
        markup.plain("<h2>Giờ</h2><p>Từ 8 giờ &amp; 9 giờ</p><ul><li>một</li><li>hai</li></ul>")
        == "Giờ Từ 8 giờ & 9 giờ một hai"
    )
