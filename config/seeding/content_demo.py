"""Notices and directory of the demonstration.

The texts are written for the demonstration and labelled so; no agency has said these things. Emergency numbers are facts; every
other number lies in a range that can belong to no subscriber (content.rules: 0220 000 xxxx) and is marked "số minh họa".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.content import rules, services
from smarthd.kernel import actor, clock, text
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

SEEDER = actor.system("seeding")
SOURCE = "Nội dung minh họa cho bản dùng thử"
PLACES_SHOWN = 8  # communes that get notices of their own


@dataclass(frozen=True)
class Told:
    """A notice of the demonstration: how many days before today it came, for how many days it holds (0: no end)."""

    key: str
    title: str
    summary: str
    body: str
    days_ago: int
    days_held: int = 0
    urgency: rules.Urgency = rules.Urgency.NORMAL
    language: rules.Language = rules.Language.VI


FOR_EVERYONE = (
    Told(
        "tiem-phong-dai",
        "Tiêm phòng dại cho chó, mèo đợt cuối năm",
        "Mỗi xã, phường tổ chức tiêm tại nhà văn hóa thôn, khu dân cư; chủ nuôi đưa chó, mèo từ 3 tháng tuổi đến tiêm.",
        "<p>Đợt tiêm bổ sung dành cho chó, mèo chưa tiêm trong năm hoặc đã quá 12 tháng kể từ mũi trước.</p>"
        "<h2>Cần mang theo</h2><ul><li>Sổ theo dõi tiêm phòng, nếu có</li><li>Rọ mõm và dây dắt</li></ul>"
        "<h2>Sau khi tiêm</h2><p>Theo dõi vật nuôi 24 giờ. Nếu sưng to chỗ tiêm hoặc bỏ ăn quá một ngày, báo cán bộ thú y xã.</p>",
        2,
        20,
        rules.Urgency.PRIORITY,
    ),
    Told(
        "ret-dam",
        "Phòng rét cho người già, trẻ nhỏ và đàn vật nuôi",
        "Đêm và sáng sớm nhiệt độ xuống thấp; giữ ấm, không đốt than trong phòng kín, che chắn chuồng trại.",
        "<p>Khi trời rét, người già, trẻ nhỏ và người có bệnh tim, phổi dễ trở nặng.</p><h2>Trong nhà</h2><ul>"
        "<li>Mặc nhiều lớp, giữ ấm cổ và bàn chân</li><li>Tuyệt đối không đốt than, củi trong phòng đóng kín: khí độc không mùi có thể "
        "gây chết người</li><li>Ăn nóng, uống ấm</li></ul><h2>Chuồng trại</h2><ul><li>Che bạt kín gió phía bắc, giữ nền khô</li>"
        '<li>Không thả trâu, bò khi trời dưới 12 độ</li></ul><p>Người khó thở, lơ mơ: gọi <a href="tel:115">115</a>.</p>',
        1,
        10,
        rules.Urgency.PRIORITY,
    ),
    Told(
        "lua-dao-goi-dien",
        "Cảnh giác cuộc gọi tự xưng cán bộ, yêu cầu cài ứng dụng lạ",
        "Cơ quan nhà nước không gọi điện yêu cầu cài ứng dụng từ đường dẫn, không hỏi mã xác thực, không thu tiền qua điện thoại.",
        "<p>Dấu hiệu lừa đảo thường gặp:</p><ol><li>Tự xưng công an, thuế, điện lực và giục làm ngay</li><li>Gửi đường dẫn để cài ứng dụng "
        "ngoài kho ứng dụng</li><li>Hỏi mã gửi về điện thoại hoặc mật khẩu ngân hàng</li></ol><p>Hãy dừng cuộc gọi, hỏi lại công an xã, "
        "phường hoặc tổ công nghệ số cộng đồng nơi ở.</p>",
        4,
    ),
    Told(
        "cai-ung-dung",
        "Tổ công nghệ số cộng đồng giúp cài và dùng ứng dụng tại nhà văn hóa",
        "Chiều thứ Bảy hằng tuần, các thành viên tổ có mặt tại nhà văn hóa thôn, khu dân cư để hướng dẫn từng người.",
        "<p>Mang theo điện thoại thông minh của mình. Không cần giấy tờ, không mất phí.</p><h2>Được hướng dẫn</h2><ul><li>Đưa ứng dụng ra "
        "màn hình chính</li><li>Xem thông báo của xã, phường mình</li><li>Phóng to chữ cho dễ đọc</li></ul>"
        "<p>Thành viên tổ không hỏi mật khẩu và không giữ điện thoại của người dân.</p>",
        6,
    ),
    Told(
        "thu-tuc-tai-nha",
        "Nộp hồ sơ trực tuyến tại nhà, nhận kết quả qua bưu chính",
        "Nhiều thủ tục hộ tịch, cư trú, đất đai nộp được trên Cổng dịch vụ công; ai chưa quen có thể tới bộ phận một cửa để được làm cùng.",
        "<p>Chuẩn bị ảnh chụp rõ bốn góc của giấy tờ, số điện thoại đang dùng và tài khoản định danh.</p><p>Nếu hồ sơ thiếu, cán bộ một cửa "
        "sẽ báo cần bổ sung gì; hồ sơ đã nộp không mất.</p>",
        9,
    ),
    Told(
        "hien-mau",
        "Ngày hội hiến máu tình nguyện",
        "Người từ 18 đến 60 tuổi, khỏe mạnh, cân nặng từ 42 kg với nữ và 45 kg với nam có thể đăng ký tại trạm y tế.",
        "<p>Đêm trước ngủ đủ, sáng ăn nhẹ ít béo, mang theo giấy tờ tùy thân. Sau khi hiến máu ngồi nghỉ ít nhất 15 phút.</p>",
        12,
        25,
    ),
    Told(
        "phan-loai-rac",
        "Phân loại rác tại nhà thành ba nhóm",
        "Rác tái chế, rác thực phẩm và rác khác để riêng; rác nguy hại như pin, bóng đèn mang tới điểm thu gom của thôn, khu.",
        "<ul><li><b>Tái chế</b>: giấy, nhựa, kim loại, thủy tinh, rửa sạch</li><li><b>Thực phẩm</b>: làm phân hoặc cho xe thu gom</li>"
        "<li><b>Khác</b>: bọc kín</li></ul><p>Ai cần thùng ủ phân, đăng ký với trưởng thôn, trưởng khu.</p>",
        15,
    ),
    Told(
        "dang-ky-tam-tru",
        "Đăng ký tạm trú, thông báo lưu trú khi có người đến ở",
        "Chủ nhà trọ và gia đình có khách ở lại thông báo trước 23 giờ; làm được qua mạng hoặc gọi công an xã, phường.",
        "<p>Cần họ tên, số định danh, thời gian ở. Việc thông báo không mất phí.</p>",
        20,
    ),
    Told(
        "english-newcomers",
        "New here? What this app can do for you",
        "Notices of your commune and whom to call in an emergency. Numbers work without an account.",
        '<p>Choose your commune once; the app then shows its notices first. In danger call <a href="tel:113">113</a> (police), '
        '<a href="tel:114">114</a> (fire) or <a href="tel:115">115</a> (ambulance).</p>',
        21,
        language=rules.Language.EN,
    ),
    Told(
        "kham-nguoi-cao-tuoi",
        "Khám sức khỏe miễn phí cho người từ 60 tuổi",
        "Trạm y tế xã, phường khám theo lịch từng thôn, khu; người đi lại khó khăn được khám tại nhà.",
        "<p>Mang thẻ bảo hiểm y tế và các đơn thuốc đang uống. Nhịn ăn sáng nếu có hẹn xét nghiệm.</p>",
        24,
        40,
    ),
    Told(
        "da-het-han",
        "Nghỉ giao dịch chiều thứ Sáu tuần trước để bảo trì hệ thống",
        "Bộ phận một cửa tạm nghỉ từ 15 giờ; hồ sơ nộp qua mạng vẫn được nhận.",
        "<p>Hồ sơ nộp trong giờ nghỉ được tính nhận vào giờ làm việc kế tiếp.</p>",
        11,
        4,
    ),
)

FOR_COMMUNES = (
    Told(
        "cat-dien",
        "Tạm ngừng cấp điện sáng thứ Năm để sửa đường dây",
        "Từ 7 giờ 30 đến 11 giờ, các thôn, khu dân cư dọc trục đường chính mất điện; điện có thể được đóng lại sớm.",
        "<p>Rút phích cắm thiết bị không cần thiết và coi như đường dây luôn có điện.</p><p>Nhà có người thở máy hoặc cần điện để chữa bệnh, "
        "gọi ngay cho ủy ban để được hỗ trợ.</p>",
        1,
        5,
        rules.Urgency.URGENT,
    ),
    Told(
        "cat-nuoc",
        "Nước sinh hoạt yếu từ 22 giờ đêm nay đến 4 giờ sáng mai",
        "Nhà máy súc rửa đường ống; nước đầu có thể đục, xả bỏ vài phút trước khi dùng.",
        "<p>Trữ sẵn nước ăn uống cho buổi tối. Nếu sau 6 giờ sáng nước vẫn đục, gọi đơn vị cấp nước trong danh bạ.</p>",
        0,
        2,
        rules.Urgency.PRIORITY,
    ),
    Told(
        "tiep-cong-dan",
        "Lịch tiếp công dân của Chủ tịch Ủy ban nhân dân",
        "Sáng thứ Ba hằng tuần tại phòng tiếp công dân; có thể hẹn trước để đỡ chờ.",
        "<p>Người dân nên ghi ngắn gọn việc cần nói và mang bản chụp giấy tờ liên quan. Người không đi được có thể nhờ người thân.</p>",
        7,
    ),
)


def plant(*, today: date, now: datetime) -> str:
    """Publish the demonstration's notices and keep its directory; a second planting adds nothing. Returns what to say."""
    committee = next(iter(agencies.agencies_on(today, kinds=[Kind.PROVINCE_COMMITTEE.value])), None)
    shown = communes_with_committees(today)
    notices = 0
    if committee is not None:
        for told in FOR_EVERYONE:
            notices += _publish(told, agency_id=committee.id, unit=None, today=today, now=now)
    for place, (unit, agency_id) in enumerate(shown):
        for told in FOR_COMMUNES[place % 2 :]:
            notices += _publish(told, agency_id=agency_id, unit=unit, today=today, now=now)
    lines = sum(1 for _ in _keep_directory(shown, agency_id=committee.id if committee else None, today=today, now=now))
    return f"{notices} thông báo, {lines} số trong danh bạ"


def communes_with_committees(today: date) -> list[tuple[UnitView, int]]:
    """Return the communes shown with words of their own, each with its committee's id."""
    communes = {unit.id: unit for unit in places.units_on(today, "commune")}
    found = agencies.agencies_of_places(list(communes), today, kinds=[Kind.COMMUNE_COMMITTEE.value])
    pairs = [(communes[agency.place_id], agency.id) for agency in found if agency.place_id is not None]
    pairs.sort(key=lambda pair: (pair[0].name not in FIRST_SHOWN, text.fold(pair[0].name)))
    return pairs[:PLACES_SHOWN]


FIRST_SHOWN = ("Thành Đông", "Hải Dương", "Nam Sách", "Chí Linh", "Hợp Tiến", "Ninh Giang", "Thanh Hà", "Cẩm Giàng")


def _publish(told: Told, *, agency_id: int, unit: UnitView | None, today: date, now: datetime) -> int:
    slug = f"{told.key}-{text.slug(unit.full_name)}"[:80] if unit else told.key
    day = today - timedelta(days=told.days_ago)
    at = min(clock.at_local(day, 8, 30), now)
    until = clock.at_local(day + timedelta(days=told.days_held), 17) if told.days_held else None
    services.publish_notice(
        slug=f"{slug}-mau",
        title=told.title,
        summary=told.summary,
        body=told.body,
        agency_id=agency_id,
        unit_ids=[unit.id] if unit else [],
        urgency=told.urgency,
        language=told.language,
        source=SOURCE,
        expire_at=until,
        sample=True,
        actor=SEEDER,
        now=at,
    )
    return 1


NATIONAL = (
    (
        "cong-an-113",
        "Công an (phản ứng nhanh)",
        "113",
        "Khi có trộm cướp, đánh nhau, tai nạn giao thông, người bị đe dọa.",
    ),
    ("cuu-hoa-114", "Cứu hỏa, cứu nạn", "114", "Khi có cháy, người mắc kẹt, đuối nước, sập đổ."),
    ("cap-cuu-115", "Cấp cứu y tế", "115", "Khi có người bất tỉnh, khó thở, đau ngực, chảy máu nhiều."),
    ("tre-em-111", "Tổng đài quốc gia bảo vệ trẻ em", "111", "Khi trẻ bị bạo lực, bị bỏ rơi, cần lời khuyên."),
    ("cuu-nan-112", "Yêu cầu trợ giúp, tìm kiếm cứu nạn", "112", "Khi gặp nạn trên sông, trên biển, trong bão lũ."),
)

GENERAL = (
    ("mot-cua", "Giải đáp thủ tục hành chính", rules.HotlineCategory.PROCEDURES, "Hỏi hồ sơ cần gì, đang ở đâu."),
    ("phan-anh", "Tiếp nhận phản ánh, kiến nghị", rules.HotlineCategory.PROCEDURES, "Khi chưa biết gửi cho cơ quan nào."),
    ("dien", "Trực sự cố điện", rules.HotlineCategory.UTILITIES, "Mất điện, dây đứt, cột nghiêng. Tránh xa dây rơi xuống đất."),
    ("nuoc", "Trực sự cố nước sạch", rules.HotlineCategory.UTILITIES, "Mất nước, vỡ ống, nước đục."),
    ("vien-thong", "Báo hỏng Internet, điện thoại", rules.HotlineCategory.UTILITIES, "Mất mạng cả khu, cáp đứt."),
    ("thien-tai", "Thường trực phòng chống thiên tai", rules.HotlineCategory.DISASTER, "Sạt lở, vỡ đê, ngập sâu."),
    ("de-dieu", "Trực ban đê điều", rules.HotlineCategory.DISASTER, "Thấy thẩm lậu, sủi nước chân đê."),
    ("tu-van-suc-khoe", "Tư vấn sức khỏe", rules.HotlineCategory.HEALTH, "Hỏi nơi khám, lịch tiêm chủng."),
    ("ngo-doc", "Trực ngộ độc thực phẩm", rules.HotlineCategory.HEALTH, "Nhiều người cùng nôn, đau bụng sau bữa ăn."),
    ("bao-luc-gia-dinh", "Hỗ trợ người bị bạo lực gia đình", rules.HotlineCategory.SOCIAL, "Cần nơi tạm lánh, cần người nghe."),
    ("nguoi-cao-tuoi", "Hỗ trợ người cao tuổi sống một mình", rules.HotlineCategory.SOCIAL, "Cần người đưa đi khám, mua thuốc."),
    ("xe-buyt", "Hỏi tuyến và giờ xe buýt", rules.HotlineCategory.TRANSPORT, ""),
    ("duong-hong", "Báo hỏng đường, đèn tín hiệu", rules.HotlineCategory.TRANSPORT, "Ổ gà sâu, mất nắp cống, đèn tắt."),
    ("thu-y", "Thú y, dịch bệnh vật nuôi", rules.HotlineCategory.AGRICULTURE, "Vật nuôi chết bất thường: đừng vứt xuống sông."),
    ("bao-ve-thuc-vat", "Hỏi sâu bệnh cây trồng", rules.HotlineCategory.AGRICULTURE, ""),
)  # fmt: skip

OF_A_COMMUNE = (
    ("ubnd", "Trực ban Ủy ban nhân dân", rules.HotlineCategory.AUTHORITY, "Việc chung của xã, phường."),
    ("cong-an-xa", "Trực ban Công an", rules.HotlineCategory.POLICE, "Việc chưa đến mức gọi 113: mất trật tự, cư trú."),
    ("tram-y-te", "Trạm y tế", rules.HotlineCategory.HEALTH, "Tiêm chủng, khám ban đầu, hỏi thuốc."),
)


def _keep_directory(
    shown: Iterable[tuple[UnitView, int]], *, agency_id: int | None, today: date, now: datetime
) -> Iterable[str]:
    for key, name, number, note in NATIONAL:
        yield services.upsert_hotline(
            key=key,
            name=name,
            category=rules.HotlineCategory.EMERGENCY,
            numbers=[("", number)],
            hours="24/24 giờ, gọi miễn phí",
            note=note,
            verified_on=today,
            actor=SEEDER,
            now=now,
        )
    samples = iter(f"0220 000 {number:04d}" for number in range(1, 10_000))
    for key, name, category, note in GENERAL:
        yield services.upsert_hotline(
            key=f"{key}-mau",
            name=name,
            category=category,
            numbers=[("", next(samples))],
            hours="24/24 giờ" if category == rules.HotlineCategory.DISASTER else "7 giờ 30 đến 17 giờ ngày làm việc",
            note=note,
            agency_id=agency_id,
            verified_on=today,
            actor=SEEDER,
            now=now,
        )
    for unit, committee_id in shown:
        for key, name, category, note in OF_A_COMMUNE:
            yield services.upsert_hotline(
                key=f"{key}-{text.slug(unit.full_name)}-mau"[:80],
                name=f"{name} {unit.full_name}",
                category=category,
                numbers=[("", next(samples))],
                hours="24/24 giờ" if category == rules.HotlineCategory.POLICE else "7 giờ 30 đến 17 giờ ngày làm việc",
                note=note,
                unit_id=unit.id,
                agency_id=committee_id,
                verified_on=today,
                actor=SEEDER,
                now=now,
            )
