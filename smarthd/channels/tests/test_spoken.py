"""How written Vietnamese is read aloud, by table."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthd.channels.rules import spoken
from smarthd.channels.rules.spoken import dictionary, numbers


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"), (4, "bốn"), (5, "năm"), (10, "mười"), (11, "mười một"), (14, "mười bốn"), (15, "mười lăm"), (20, "hai mươi"),
        (21, "hai mươi mốt"), (24, "hai mươi tư"), (25, "hai mươi lăm"), (55, "năm mươi lăm"), (100, "một trăm"),
        (105, "một trăm linh năm"), (110, "một trăm mười"), (115, "một trăm mười lăm"), (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"), (2026, "hai nghìn không trăm hai mươi sáu"), (2021, "hai nghìn không trăm hai mươi mốt"),
        (10_000, "mười nghìn"), (1_250_000, "một triệu hai trăm năm mươi nghìn"), (1_000_001, "một triệu không trăm linh một"),
        (2_000_000_000, "hai tỷ"), (-3, "âm ba"),
    ],
)  # fmt: skip
def test_whole_numbers_are_read_as_in_the_north(value, words):
    assert numbers.integer(value) == words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        # offices, places
        ("UBND TP Hải Dương", "Ủy ban nhân dân thành phố Hải Dương"),
        ("UBND TP.Hải Dương", "Ủy ban nhân dân thành phố Hải Dương"),
        ("P. Bình Hàn, TX. Kinh Môn", "phường Bình Hàn, thị xã Kinh Môn"),
        ("BCH PCTT&TKCN tỉnh", "Ban Chỉ huy Phòng, chống thiên tai và Tìm kiếm cứu nạn tỉnh"),
        ("Sở NN&PTNT", "Sở Nông nghiệp và Phát triển nông thôn"),
        ("xã Gia Phúc (Hồng Hưng cũ) có mưa", "xã Gia Phúc, trước là Hồng Hưng, có mưa"),
        ("HTX và KDC", "hợp tác xã và khu dân cư"),
        ("QL5, QL.37 và ĐT.390", "quốc lộ năm, quốc lộ ba mươi bảy và đường tỉnh ba trăm chín mươi"),
        # wind, levels, ranges
        ("gió cấp 8–9, giật cấp 11", "gió cấp tám đến cấp chín, giật cấp mười một"),
        ("cấp 8-9", "cấp tám đến cấp chín"),
        ("Rủi ro thiên tai cấp III", "Rủi ro thiên tai cấp ba"),
        ("trên báo động 3", "trên báo động ba"),
        ("trên BĐ3 0,25 m", "trên báo động ba không phẩy hai mươi lăm mét"),
        ("cấp 4", "cấp tư"),
        ("75–88 km/h", "bảy mươi lăm đến tám mươi tám ki lô mét một giờ"),
        ("100 km/h", "một trăm ki lô mét một giờ"),
        ("lưu lượng 12.500 m³/s", "lưu lượng mười hai nghìn năm trăm mét khối một giây"),
        ("2500m3/s", "hai nghìn năm trăm mét khối một giây"),
        ("mưa 50-80 mm, có nơi trên 120mm", "mưa năm mươi đến tám mươi mi li mét, có nơi trên một trăm hai mươi mi li mét"),
        ("20,5°N; 107,3°E", "hai mươi phẩy năm độ vĩ Bắc; một trăm linh bảy phẩy ba độ kinh Đông"),
        ("nhiệt độ 8–10°C", "nhiệt độ tám đến mười độ xê"),
        ("-3°C", "âm ba độ xê"),
        # days and hours
        ("16h30 ngày 30/11/2026", "mười sáu giờ ba mươi phút ngày ba mươi tháng mười một năm hai nghìn không trăm hai mươi sáu"),
        ("ngày 02/9/2025", "ngày mùng hai tháng chín năm hai nghìn không trăm hai mươi lăm"),
        ("ngày 5/4", "ngày mùng năm tháng tư"),
        ("từ 28–30/11", "từ ngày hai mươi tám đến ngày ba mươi tháng mười một"),
        ("từ ngày 30/11 - 2/12/2026", "từ ngày ba mươi tháng mười một đến ngày mùng hai tháng mười hai năm hai nghìn không trăm hai mươi sáu"),
        ("tháng 9/2024", "tháng chín năm hai nghìn không trăm hai mươi tư"),
        ("7h", "bảy giờ"),
        ("lúc 07:00", "lúc bảy giờ"),
        ("5h-6h30", "năm giờ đến sáu giờ ba mươi phút"),
        ("trực 24/7", "trực suốt ngày đêm"),
        # numbers, money, shares, telephones
        ("1.250.000 đ", "một triệu hai trăm năm mươi nghìn đồng"),
        ("12.345 hộ", "mười hai nghìn ba trăm bốn mươi lăm hộ"),
        ("3,5 ha", "ba phẩy năm héc ta"),
        ("mực nước 2,05 m", "mực nước hai phẩy không năm mét"),
        ("98,7%", "chín mươi tám phẩy bảy phần trăm"),
        ("gọi 112 hoặc 114", "gọi một một hai hoặc một một bốn"),
        ("ĐT: 0220 3853 333", "điện thoại: không hai hai không ba tám năm ba ba ba ba"),
        ("0912.345.678", "không chín một hai ba bốn năm sáu bảy tám"),
        ("tổng đài 1900 1234", "tổng đài một chín không không một hai ba bốn"),
        ("+84 912 345 678", "cộng tám bốn chín một hai ba bốn năm sáu bảy tám"),
        ("114 hộ", "một trăm mười bốn hộ"),
        # papers, addresses
        ("Công văn số 1038/UBND-VX", "Công văn số một nghìn không trăm ba mươi tám, Ủy ban nhân dân, vê ích"),
        ("Quyết định 18/2021/QĐ-TTg", "Quyết định mười tám năm hai nghìn không trăm hai mươi mốt, Quyết định của Thủ tướng"),
        ("xem https://smart.haiduong.gov.vn/canh-bao/", "xem smart chấm haiduong chấm gov chấm vn"),
        ("v/v phòng chống bão", "về việc phòng chống bão"),
        ("DKTV", "dê ca tê vê"),
        ("bão YAGI", "bão YAGI"),
        ("nam/nữ", "nam, nữ"),
    ],
)  # fmt: skip
def test_written_words_are_read_as_people_say_them(written, said):
    assert spoken.read(written) == said


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"0123456789.,-–/: h%()ă\n", "km", "UBND ", " ngày ", " cấp ", "TP.", "²", "٣"]), max_size=30
    ).map("".join)
)
def test_no_digit_is_ever_left_to_the_voice(text):
    assert not re.search(r"\d", spoken.read(text))


@given(st.integers(0, 10**12))
def test_numbers_are_words_alone(value):
    assert re.fullmatch(r"[^\W\d]+( [^\W\d]+)*", numbers.integer(value))


@pytest.mark.parametrize("short", list(dictionary.ABBREVIATIONS))
def test_every_abbreviation_is_read_in_full_inside_a_sentence(short):
    assert short not in spoken.read(f"Theo {short} hôm nay.").split()
