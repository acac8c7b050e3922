"""The first words of a Báo cáo: paragraphs with figure tokens that officials then edit.

What the platform does not measure is said to be missing; nothing is made up to fill a heading.
"""

from __future__ import annotations

from datetime import date

from smarthd.insights import wording
from smarthd.insights.documents.tokens import token
from smarthd.insights.material import Annex, Cell, Material, Reporting

NAMED = 10  # how many units a sentence names; all stand in the annex

SECTIONS = (
    ("can_cu", "CĂN CỨ VÀ PHẠM VI BÁO CÁO"),
    ("chi_dao", "CÔNG TÁC CHỈ ĐẠO, TỔ CHỨC THỰC HIỆN"),
    ("ket_qua", "KẾT QUẢ TRIỂN KHAI"),
    ("can_bo", "Cán bộ, công chức, viên chức, người lao động"),
    ("nguoi_dan", "Người dân"),
    ("co_quan", "Kết quả theo cơ quan, đơn vị"),
    ("cap_huyen", "Kết quả theo địa bàn cấp huyện"),
    ("cap_xa", "Kết quả theo địa bàn cấp xã"),
    ("truyen_thong", "CÔNG TÁC TRUYỀN THÔNG"),
    ("che_do", "VIỆC CHẤP HÀNH CHẾ ĐỘ BÁO CÁO"),
    ("chat_luong", "CHẤT LƯỢNG SỐ LIỆU"),
    ("kho_khan", "KHÓ KHĂN, VƯỚNG MẮC"),
    ("kien_nghi", "ĐỀ XUẤT, KIẾN NGHỊ"),
)
SUBSECTIONS = frozenset({"can_bo", "nguoi_dan", "co_quan", "cap_huyen", "cap_xa"})
Narrative = dict[str, list[str]]


def first_words(material: Material) -> Narrative:
    """Return every section's paragraphs for a material, before anyone has edited them."""
    return {
        "can_cu": _basis(material),
        "chi_dao": _direction(material),
        "ket_qua": [],
        "can_bo": _staff(material),
        "nguoi_dan": _citizens(material),
        "co_quan": _league(material, _first(material, "agency"), "cơ quan, đơn vị"),
        "cap_huyen": _league(material, _first(material, "district"), "địa bàn cấp huyện"),
        "cap_xa": _communes(material),
        "truyen_thong": _airings(material),
        "che_do": _reporting(material),
        "chat_luong": _quality(material),
        "kho_khan": _troubles(material),
        "kien_nghi": _proposals(material),
    }


def _airings(material: Material) -> list[str]:
    if not material.airings:
        return [
            f"Số buổi phát thanh, tin bài, tài liệu tuyên truyền kèm minh chứng: {wording.NOTHING_YET}. "
            "Cơ quan lập báo cáo bổ sung theo hồ sơ của mình, ghi rõ nguồn."
        ]
    planned, aired, proven = (
        sum(getattr(one, name) for one in material.airings) for name in ("planned", "aired", "proven")
    )
    by_channel = "; ".join(
        f"{one.channel[:1].lower()}{one.channel[1:]} {wording.count(one.proven)}/{wording.count(one.planned)} lượt"
        for one in material.airings
    )
    return [
        f"Đến thời điểm chốt có {wording.count(planned)} lượt truyền thông theo kế hoạch; đã phát {wording.count(aired)} lượt, "
        f"trong đó {wording.count(proven)} lượt có minh chứng ({wording.percent(proven / planned)}).",
        f"Lượt có minh chứng trên lượt theo kế hoạch, từng kênh: {by_channel}.",
    ]


def _troubles(material: Material) -> list[str]:
    told = material.troubles
    if told is None:
        return [f"Khó khăn, vướng mắc theo nhóm, đã giải quyết và còn tồn: {wording.NOTHING_YET}."]
    groups = "; ".join(
        f"{words[:1].lower()}{words[1:]} {wording.count(raised)}"
        + (f" (còn {wording.count(still)})" if still else " (đã xử lý)")
        for words, raised, still in told.categories
    )
    return [
        f"Các đơn vị đã nêu {wording.count(told.raised)} khó khăn, vướng mắc: {wording.count(told.confirmed)} đã giải quyết và được "
        f"nơi nêu xác nhận, {wording.count(told.solved)} đã giải quyết chờ xác nhận, {wording.count(told.merged)} gộp vào việc trùng, "
        f"còn {wording.count(told.open)} đang xử lý.",
        f"Trả lời lần đầu đúng hạn: {wording.count(told.answered_in_time)}/{wording.count(told.answered)} vướng mắc đã được trả lời.",
        f"Theo nhóm: {groups}.",
    ]


def _basis(material: Material) -> list[str]:
    orders = [
        f"Căn cứ {wording.order_named(order.number)}{' ' + wording.long_day(order.issued_on) if order.issued_on else ''}"
        f"{' của ' + order.issuer if order.issuer else ''}{' ' + order.subject if order.subject else ''};"
        for order in material.orders
    ]
    approximate = " (ranh giới trên bản đồ là gần đúng)" if material.boundary_approximate else ""
    scope = (
        f"Phạm vi: {material.scope.name}. Thời gian triển khai từ {wording.day(material.starts_on)} đến "
        f"{wording.day(material.ends_on)}. Số liệu chốt hết {wording.long_day(material.cut_off)}, tính theo địa giới hành chính "
        f"ngày {wording.day(material.boundaries)}{approximate}{_standing_since(material.boundary_key)}."
    )
    how = (
        "Mỗi người được tính một lần, ở mức cao nhất đạt được đến thời điểm chốt. Ký hiệu trong ngoặc vuông là phụ lục và dòng mà "
        "con số được lấy ra; ví dụ [I.3] là Phụ lục I, dòng 3; dòng 0 là dòng tổng."
    )
    demo = ["Văn bản lập từ bản dùng thử: mọi con số là dữ liệu mẫu, không phải kết quả thật."] if material.demo else []
    return [*demo, *orders, scope, how]


def _standing_since(boundary_key: str) -> str:
    """Return from when the units of a boundary set stand: its key is ``official:2019-12-01``, or names a draft."""
    kind, _colon, since = boundary_key.partition(":")
    if kind != "official":
        return f", bộ địa giới giả định “{boundary_key}”"
    return f", bộ địa giới có hiệu lực từ {wording.day(date.fromisoformat(since))}"


def _direction(material: Material) -> list[str]:
    if not material.orders:
        return [f"Văn bản chỉ đạo của chiến dịch: {wording.NOTHING_YET}."]
    numbers = "; ".join(wording.order_named(order.number) for order in material.orders)
    return [
        f"Việc triển khai thực hiện theo {numbers}. Chỉ tiêu: "
        + "; ".join(
            f"{indicator.title[:1].lower()}{indicator.title[1:]} đạt {wording.percent(indicator.target, digits=0)}"
            for indicator in material.indicators
            if indicator.target is not None
        )
        + ".",
        _urged(material),
    ]


def _urged(material: Material) -> str:
    if material.reporting is None:
        return f"Số văn bản đôn đốc, hội nghị, lớp tập huấn: {wording.NOTHING_YET}."
    return (
        f"Số công văn đôn đốc đã ký: {wording.count(material.reporting.letters)}. "
        f"Số hội nghị, lớp tập huấn: {wording.NOTHING_YET}."
    )


def _reporting(material: Material) -> list[str]:
    measured = (
        "Số liệu cài đặt, sử dụng trong báo cáo này do nền tảng đo trực tiếp, không lấy từ báo cáo tự khai của đơn vị."
    )
    annex, told = _first(material, "reports"), material.reporting
    if annex is None or told is None:
        return [f"Báo cáo định kỳ của các đơn vị, đúng hạn và chậm: {wording.NOTHING_YET}. {measured}"]
    code, cells = annex.total.code, annex.total.cells
    exempt = f" Số báo cáo được miễn: {wording.count(told.exempt)}." if told.exempt else ""
    words = [
        f"Trong {told.periods} kỳ đã đến hạn, các đơn vị đã gửi {token(code, 'report_complete')}. "
        f"Gửi lần đầu đúng hạn: {token(code, 'report_on_time')}; gửi đúng hạn và đã được tiếp nhận: "
        f"{token(code, 'report_accepted_on_time')}.{exempt}",
        _units("Đơn vị còn báo cáo chưa gửi", told.missing),
        _units("Đơn vị đã gửi đủ nhưng có báo cáo chậm", told.late),
    ]
    if cells["report_returned"].denominator:
        words.append(
            f"Báo cáo từng bị trả lại: {token(code, 'report_returned')}; quá hai ngày làm việc cấp trên không xem xét: "
            f"{token(code, 'report_not_reviewed')}. Chi tiết tại Phụ lục {annex.number}."
        )
    return [*words, _burden(told), measured]


def _units(said: str, names: tuple[str, ...]) -> str:
    if not names:
        return f"{said}: không có."
    shown = ", ".join(names[:NAMED]) + (f" và {len(names) - NAMED} đơn vị khác" if len(names) > NAMED else "")
    return f"{said} ({wording.count(len(names))}): {shown}."


def _burden(told: Reporting) -> str:
    if not told.minutes:
        return f"Gánh nặng báo cáo: {wording.NOTHING_YET}."
    minutes = wording.count(told.minutes * told.reports_a_month)
    return (
        f"Gánh nặng báo cáo: một báo cáo mất {wording.count(told.minutes)} phút (trung vị), mỗi đơn vị "
        f"{wording.count(told.reports_a_month)} báo cáo trong 30 ngày, khoảng {minutes} phút."
    )


def _verified(material: Material) -> str:
    told = material.reporting
    said = "Hệ số kiểm chứng (số đo chia cho số tự báo cáo)"
    if told is None or not told.compared_period:
        return f"{said}: {wording.NOTHING_YET}."
    factor = f"{told.factor:.2f}".replace(".", ",") if told.factor is not None else "–"
    counts = [
        f"{wording.count(told.verdicts.get(verdict, 0))} {words}"
        for verdict, words in (
            ("accepted", "khớp"),
            ("explain", "lệch, cần giải trình"),
            ("return", "lệch quá mức, phải trả lại"),
        )
    ]
    return (
        f"{said}, {told.compared_period[:1].lower()}{told.compared_period[1:]}: trung vị {factor}; {', '.join(counts)}."
    )


def _first(material: Material, level: str) -> Annex | None:
    return next((annex for annex in material.annexes if annex.level == level), None)


def _staff(material: Material) -> list[str]:
    annex = _first(material, "agency") or (material.annexes[0] if material.annexes else None)
    if annex is None or material.staff_key not in annex.total.cells:
        return [f"Kết quả của cán bộ, công chức, viên chức: {wording.NOTHING_YET}."]
    code = annex.total.code
    words = [
        f"Số người đã cài đặt và sử dụng trên tổng danh sách tại thời điểm chốt (số gộp): {token(code, material.staff_key)}."
    ]
    if material.staff_net_key in annex.total.cells:
        words.append(
            "Sau khi trừ các trường hợp miễn đã được duyệt (số ròng): "
            f"{token(code, material.staff_net_key)}."
            + (f" Số trường hợp miễn: {wording.count(material.exempted)}." if material.exempted is not None else "")
        )
    others = [
        f"{material.indicator(key).title[:1].lower()}{material.indicator(key).title[1:]} {token(code, key)}"
        for key in annex.columns
        if key.startswith("staff") and key not in {material.staff_key, material.staff_net_key}
    ]
    if others:
        words.append(f"Các mức khác: {'; '.join(others)}.")
    return words


def _citizens(material: Material) -> list[str]:
    annex = next(
        (annex for annex in material.annexes if any(key in annex.total.cells for key in material.citizen_keys)), None
    )
    if annex is None:
        return [f"Kết quả trong người dân: {wording.NOTHING_YET}."]
    words = []
    for key in material.citizen_keys:
        cell = annex.total.cells.get(key)
        if cell is None:
            continue
        indicator = material.indicator(key)
        base = f" Mẫu số: {indicator.base}; nguồn {wording.base_of(cell)}." if cell.denominator else ""
        words.append(f"{indicator.title}: {token(annex.total.code, key)}.{base}")
    return words or [f"Kết quả trong người dân: {wording.NOTHING_YET}."]


def league_key(material: Material, annex: Annex) -> str:
    """Return the indicator by which an annex is read first: staff where it counts staff, else the first of citizens."""
    if annex.level == "agency" or not any(key in annex.columns for key in material.citizen_keys):
        return material.staff_key
    return next(key for key in material.citizen_keys if key in annex.columns)


def _league(material: Material, annex: Annex | None, units: str) -> list[str]:
    if annex is None:
        return [f"Theo địa giới và phạm vi của báo cáo không có {units} để nêu riêng."]
    key = league_key(material, annex)
    indicator = material.indicator(key)
    return [
        wording.league_finding(indicator.title, annex.lines, key, indicator.target)
        + f" Chi tiết tại Phụ lục {annex.number}."
    ]


def _communes(material: Material) -> list[str]:
    annexes = [annex for annex in material.annexes if annex.level == "commune"]
    if not annexes:
        return ["Theo địa giới và phạm vi của báo cáo không có địa bàn cấp xã để nêu riêng."]
    words = []
    for annex in annexes:
        key = league_key(material, annex)
        indicator = material.indicator(key)
        words.append(
            f"Theo địa giới ngày {wording.day(annex.boundaries)} ({len(annex.lines)} đơn vị): "
            + wording.league_finding(indicator.title, annex.lines, key, indicator.target)
            + f" Chi tiết tại Phụ lục {annex.number}."
        )
    if len(annexes) > 1:
        words.append("Tổng số người theo hai bộ địa giới bằng nhau; phần ước tính do chia tách được ghi ở từng dòng.")
    return words


def _cells(material: Material) -> list[tuple[str, str, Cell]]:
    return [
        (line.code, line.name, cell)
        for annex in material.annexes
        for line in annex.lines
        for cell in line.cells.values()
    ]


def _quality(material: Material) -> list[str]:
    cells = _cells(material)
    over = sorted({(code, name) for code, name, cell in cells if "over_100" in cell.flags})
    estimated = sorted({(code, name) for code, name, cell in cells if cell.estimated_share > 0})
    no_base = {code for code, _, cell in cells if "no_base" in cell.flags}
    hidden = {code for code, _, cell in cells if "hidden" in cell.flags}
    words = []
    if over:
        named = ", ".join(f"{name} [{code}]" for code, name in over[:10]) + (
            " và các dòng khác" if len(over) > 10 else ""
        )
        words.append(f"Có {len(over)} đơn vị vượt 100%, giữ nguyên số đo để soát lại mẫu số: {named}.")
    else:
        words.append("Không có đơn vị nào vượt 100%.")
    if estimated:
        largest = max(cell.estimated_share for _, _, cell in cells)
        words.append(
            f"Có {len(estimated)} đơn vị có phần ước tính do chia tách địa giới; phần ước tính lớn nhất trong một con số là "
            f"{wording.percent(largest)}."
        )
    else:
        words.append("Không có con số nào phải ước tính do chia tách địa giới.")
    if no_base:
        words.append(f"Có {len(no_base)} dòng chưa có mẫu số nên chỉ nêu số người, không tính tỷ lệ.")
    if hidden:
        words.append(f"Có {len(hidden)} dòng ẩn số vì dưới 10 người, để bảo vệ dữ liệu cá nhân.")
    partial = {code for code, _, cell in cells if "partial_base" in cell.flags}
    if partial:
        words.append(f"Có {len(partial)} dòng mà mẫu số chưa đủ các đơn vị bên dưới.")
    words += [f"{said}: {wording.count(material.apart[key])}." for key, said in _APART if material.apart.get(key)]
    words.append(_verified(material))
    return words


_APART = (
    ("unplaced", "Người đã kích hoạt nhưng chưa rõ địa bàn, tính vào tổng, không tính vào đơn vị nào"),
    ("quarantined", "Tài khoản có dấu hiệu bất thường, tạm tách khỏi số liệu và được quyền giải trình"),
    ("test", "Tài khoản thử nghiệm, không tính vào chỉ tiêu nào"),
    ("devices", "Thiết bị đã cài nhưng chưa có người đăng nhập, là thiết bị chứ không phải người, không cộng vào"),
)


def _proposals(material: Material) -> list[str]:
    words = []
    annex = _first(material, "agency") or _first(material, "district")
    if annex is not None:
        key = league_key(material, annex)
        target = material.indicator(key).target
        behind = [line for line in annex.lines if target and (line.cells[key].ratio or 0.0) < target] if target else []
        if behind:
            words.append(
                f"Đề nghị người đứng đầu {len(behind)} đơn vị chưa đạt chỉ tiêu (Phụ lục {annex.number}) tiếp tục chỉ đạo, "
                "hướng dẫn từng người còn lại cài đặt và sử dụng."
            )
    no_base = {
        line.code for a in material.annexes for line in a.lines for c in line.cells.values() if "no_base" in c.flags
    }
    if no_base:
        words.append(
            "Đề nghị các đơn vị chưa có mẫu số cung cấp số người sở hữu điện thoại thông minh, ghi rõ nguồn và ngày."
        )
    if material.troubles is None:
        words.append("Kiến nghị khác của các đơn vị: " + wording.NOTHING_YET + ".")
    elif material.troubles.open:
        words.append(
            f"Đề nghị các cơ quan đang giữ {wording.count(material.troubles.open)} khó khăn, vướng mắc chưa giải quyết trả lời đúng hạn; "
            "việc vượt thẩm quyền thì trình Ủy ban nhân dân quyết định."
        )
    return words
