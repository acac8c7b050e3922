"""Words of the demonstration's pages: news, guides, procedures, documents, questions, events, tiles, people to ask.

Written for the demonstration and marked so on every page. Numbers and days of laws are those of the published texts; amounts and times
of procedures are what is usual and may differ where one lives.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from smarthd.content.rules.kinds import Kind, ServiceLevel, Topic
from smarthd.content.rules.surveys import Form


@dataclass(frozen=True)
class Written:
    """A page: how many days before today it came; ``day`` and ``hours`` (an event) are from today."""

    key: str
    kind: Kind
    title: str
    summary: str
    body: str = ""
    topic: Topic = Topic.GENERAL
    days_ago: int = 10
    facts: dict[str, Any] = field(default_factory=dict)
    day: int = 0
    hours: tuple[int, int] = (8, 10)
    english: tuple[str, str, dict[str, str]] | None = None
    files: tuple[tuple[str, str, str], ...] = ()
    """Title, name of the file in ``files/``, name of its captions ("" for none)."""
    tables: tuple[tuple[str, str], ...] = ()
    """Name of the table, its cells."""


PORTAL = "https://dichvucong.gov.vn/"

PAGES = (
    Written(
        "bo-sung-giuong-benh", Kind.NEWS, "Thêm điểm tiêm chủng cuối tuần tại các trạm y tế",
        "Từ tháng này, trạm y tế các xã, phường mở thêm sáng thứ Bảy để cha mẹ đi làm đưa con đi tiêm.",
        "<p>Cha mẹ mang sổ tiêm chủng, cho trẻ ăn vừa phải trước khi tiêm và ở lại theo dõi ít nhất 30 phút.</p>"
        "<h2>Ai nên đến</h2><ul><li>Trẻ chưa tiêm đủ mũi theo lịch</li><li>Trẻ lỡ hẹn vì ốm</li></ul>",
        Topic.HEALTH, 3,
    ),
    Written(
        "dia-chi-moi", Kind.NEWS, "Giấy tờ ghi địa chỉ cũ vẫn dùng được sau khi sắp xếp đơn vị hành chính",
        "Người dân không phải đổi giấy tờ chỉ vì tên xã, phường thay đổi; khi làm thủ tục mới, cơ quan ghi địa chỉ mới.",
        "<p>Muốn biết địa chỉ cũ nay gọi là gì, mở mục Địa chỉ cũ và mới trong ứng dụng, gõ tên xã, phường trước đây.</p>",
        Topic.PAPERS, 8,
        {},
        english=(
            "Papers with the old address stay valid after the administrative merger",
            "Nobody has to change papers just because the commune has a new name; new papers will show the new address.",
            {"body": "<p>To see what an old address is called now, open Old and new addresses in this app.</p>"},
        ),
    ),
    Written(
        "phong-chong-bao", Kind.GUIDE, "Chuẩn bị cho gia đình trước khi bão vào",
        "Việc cần làm trong ba ngày trước bão, trong bão và sau bão, theo thứ tự.",
        "<h2>Trước bão</h2><ul><li>Chằng mái, chặt cành cây gần nhà</li><li>Trữ nước uống, thức ăn khô, thuốc cho ba ngày</li>"
        "<li>Sạc đầy điện thoại, đèn</li></ul><h2>Trong bão</h2><p>Ở trong nhà chắc chắn, tránh xa cửa kính; ngắt cầu dao khi nước "
        'vào nhà.</p><h2>Sau bão</h2><p>Không chạm dây điện rơi. Có người gặp nạn, gọi <a href="tel:114">114 cứu nạn</a>.</p>',
        Topic.GENERAL, 30, {"checked_on": -5},
        files=(
            ("Video: chuẩn bị trước bão, 22 giây", "chuan-bi-truoc-bao.mp4", "chuan-bi-truoc-bao.vtt"),
            ("Tờ in: việc cần làm trước bão", "viec-can-lam-truoc-bao.pdf", ""),
        ),
        tables=(
            (
                "Trữ bao nhiêu cho mỗi người trong ba ngày",
                "Thứ cần trữ | Một người | Nhà bốn người\nNước uống | 9 lít | 36 lít\nThức ăn khô | 1,5 kg | 6 kg\nĐèn pin | 1 | 2",
            ),
        ),
    ),
    Written(
        "cham-nguoi-gia", Kind.GUIDE, "Chăm người già sống một mình mùa lạnh",
        "Năm việc con cháu và hàng xóm có thể làm mỗi ngày.",
        "<ol><li>Gọi điện hoặc ghé thăm mỗi sáng</li><li>Kiểm tra ấm, nước, thuốc</li><li>Không để than trong phòng kín</li>"
        "<li>Để sẵn số người thân cạnh giường</li><li>Báo trạm y tế khi bỏ ăn, lơ mơ</li></ol>",
        Topic.CARE, 40,
    ),
    Written(
        "khai-sinh", Kind.PROCEDURE, "Đăng ký khai sinh", "Cho trẻ trong vòng 60 ngày từ khi sinh, tại Ủy ban nhân dân cấp xã.",
        "", Topic.PAPERS, 60,
        {
            "papers": "Giấy chứng sinh\nGiấy tờ tùy thân của cha hoặc mẹ\nGiấy chứng nhận kết hôn, nếu có",
            "steps": "Nộp hồ sơ trên Cổng Dịch vụ công hoặc tại bộ phận một cửa\nCông chức hộ tịch kiểm tra, ghi vào sổ\n"
            "Nhận giấy khai sinh và số định danh của trẻ",
            "fee": "Không thu khi đăng ký đúng hạn", "duration": "Trong ngày; hồ sơ nhận sau 15 giờ trả vào hôm sau",
            "place": "Bộ phận một cửa của Ủy ban nhân dân xã, phường", "service_level": ServiceLevel.FULL, "link": PORTAL,
            "legal_ground": "Luật Hộ tịch số 60/2014/QH13\nNghị định số 123/2015/NĐ-CP", "checked_on": -20,
        },
        english=(
            "Registering a birth", "For a child within 60 days of birth, at the commune People's Committee.",
            {
                "papers": "Certificate of birth from the hospital\nIdentity paper of father or mother\nMarriage certificate, if any",
                "steps": "Send the papers on the National Public Service Portal or bring them to the one-stop desk\n"
                "The civil status official checks and registers\nReceive the birth certificate and the child's identity number",
                "fee": "Free when registered in time", "duration": "Same day; next day when handed in after 3 p.m.",
                "place": "One-stop desk of the commune People's Committee",
                "legal_ground": "Law on Civil Status 60/2014/QH13",
            },
        ),
    ),
    Written(
        "tam-tru", Kind.PROCEDURE, "Đăng ký tạm trú", "Khi đến ở nơi khác từ 30 ngày trở lên.", "", Topic.PAPERS, 58,
        {
            "papers": "Tờ khai thay đổi thông tin cư trú\nGiấy tờ về chỗ ở hợp pháp hoặc hợp đồng thuê nhà",
            "steps": "Khai trên Cổng Dịch vụ công hoặc tại công an xã, phường\nCông an kiểm tra chỗ ở\nNhận thông báo kết quả",
            "fee": "Theo biểu phí cư trú hiện hành", "duration": "3 ngày làm việc", "place": "Công an xã, phường",
            "service_level": ServiceLevel.FULL, "link": PORTAL, "legal_ground": "Luật Cư trú số 68/2020/QH14",
        },
    ),
    Written(
        "chung-thuc", Kind.PROCEDURE, "Chứng thực bản sao từ bản chính", "Mang bản chính đến bộ phận một cửa, nhận bản sao có dấu.",
        "", Topic.PAPERS, 57,
        {
            "papers": "Bản chính giấy tờ cần sao", "steps": "Xuất trình bản chính\nNộp phí\nNhận bản sao chứng thực",
            "fee": "Theo số trang, niêm yết tại nơi tiếp nhận", "duration": "Trong ngày",
            "place": "Ủy ban nhân dân xã, phường bất kỳ, không phụ thuộc nơi cư trú", "service_level": ServiceLevel.OFFICE,
            "legal_ground": "Nghị định số 23/2015/NĐ-CP",
        },
    ),
    Written(
        "tro-cap-cao-tuoi", Kind.PROCEDURE, "Hưởng trợ cấp xã hội hằng tháng cho người cao tuổi",
        "Người cao tuổi thuộc diện bảo trợ nộp tờ khai tại xã, phường nơi ở.", "", Topic.CARE, 55,
        {
            "papers": "Tờ khai đề nghị trợ giúp\nGiấy tờ tùy thân",
            "steps": "Nộp tờ khai tại bộ phận một cửa\nXã, phường xét và niêm yết\nNhận quyết định và chi trả hằng tháng",
            "fee": "Không thu", "duration": "22 ngày làm việc", "place": "Bộ phận một cửa của Ủy ban nhân dân xã, phường",
            "service_level": ServiceLevel.PARTIAL, "link": PORTAL, "legal_ground": "Nghị định số 20/2021/NĐ-CP",
        },
    ),
    Written(
        "cap-so-do", Kind.PROCEDURE, "Đăng ký, cấp Giấy chứng nhận quyền sử dụng đất lần đầu",
        "Làm sổ đỏ cho thửa đất chưa từng được cấp: nộp hồ sơ ở xã, phường nơi có đất.", "", Topic.LAND, 54,
        {
            "papers": "Đơn đăng ký đất đai, tài sản gắn liền với đất\nGiấy tờ về quyền sử dụng đất, nếu có\n"
            "Giấy tờ thừa kế, mua bán, tặng cho còn giữ được, nếu đất do người khác để lại\nGiấy tờ tùy thân của người sử dụng đất",
            "steps": "Nộp hồ sơ tại bộ phận một cửa hoặc trên Cổng Dịch vụ công, nhận giấy hẹn\n"
            "Xã, phường xem hiện trạng đất, xác nhận và niêm yết công khai\n"
            "Cơ quan thuế thông báo số tiền phải nộp; nộp tiền và giữ biên lai\nNhận Giấy chứng nhận theo giấy hẹn",
            "fee": "Lệ phí theo nghị quyết của Hội đồng nhân dân cấp tỉnh; thuế, lệ phí trước bạ và tiền sử dụng đất, nếu có, theo thông báo "
            "của cơ quan thuế",
            "duration": "Theo bảng niêm yết tại nơi tiếp nhận, ghi trên giấy hẹn; không kể thời gian niêm yết và nộp thuế",
            "place": "Bộ phận một cửa của Ủy ban nhân dân xã, phường nơi có đất", "service_level": ServiceLevel.PARTIAL, "link": PORTAL,
            "legal_ground": "Luật Đất đai số 31/2024/QH15\nNghị định số 101/2024/NĐ-CP", "checked_on": -15,
        },
    ),
    Written(
        "bien-dong-dat-dai", Kind.PROCEDURE, "Đăng ký biến động đất đai khi tặng cho, thừa kế, chuyển nhượng quyền sử dụng đất",
        "Sang tên sổ đỏ: đăng ký trong 30 ngày kể từ ngày có thay đổi.", "", Topic.LAND, 53,
        {
            "papers": "Đơn đăng ký biến động đất đai\nBản gốc Giấy chứng nhận đã cấp\n"
            "Hợp đồng đã công chứng, chứng thực, hoặc giấy tờ về thừa kế\nTờ khai lệ phí trước bạ, thuế thu nhập cá nhân",
            "steps": "Công chứng hoặc chứng thực hợp đồng\nNộp hồ sơ tại nơi tiếp nhận hoặc trên Cổng Dịch vụ công, nhận giấy hẹn\n"
            "Nộp thuế, lệ phí theo thông báo của cơ quan thuế\nNhận Giấy chứng nhận đã ghi thay đổi hoặc Giấy chứng nhận mới",
            "fee": "Phí, lệ phí theo nghị quyết của Hội đồng nhân dân cấp tỉnh; thuế, lệ phí trước bạ theo thông báo của cơ quan thuế",
            "duration": "Theo bảng niêm yết tại nơi tiếp nhận, ghi trên giấy hẹn; không kể thời gian nộp thuế",
            "place": "Chi nhánh Văn phòng đăng ký đất đai hoặc bộ phận một cửa nơi có đất", "service_level": ServiceLevel.PARTIAL,
            "link": PORTAL, "legal_ground": "Luật Đất đai số 31/2024/QH15, Điều 133\nNghị định số 101/2024/NĐ-CP", "checked_on": -15,
        },
    ),
    Written(
        "can-cuoc", Kind.PROCEDURE, "Cấp thẻ căn cước",
        "Người từ đủ 14 tuổi phải có thẻ, đổi khi đủ 25, 40, 60 tuổi; trẻ nhỏ hơn làm khi gia đình cần.", "", Topic.PAPERS, 52,
        {
            "papers": "Thẻ căn cước công dân hoặc giấy tờ cũ, nếu còn\nVới trẻ dưới 14 tuổi: cha, mẹ hoặc người giám hộ đi cùng",
            "steps": "Đặt lịch trên Cổng Dịch vụ công hoặc đến thẳng nơi làm thẻ\nCán bộ đối chiếu thông tin, chụp ảnh, lấy vân tay, mống mắt\n"
            "Nhận thẻ tại nơi làm hoặc qua bưu điện",
            "fee": "Không thu khi cấp lần đầu; đổi, cấp lại theo mức Bộ Tài chính quy định", "duration": "7 ngày làm việc",
            "place": "Công an xã, phường hoặc điểm làm thẻ của công an cấp tỉnh", "service_level": ServiceLevel.PARTIAL, "link": PORTAL,
            "legal_ground": "Luật Căn cước số 26/2023/QH15", "checked_on": -15,
        },
    ),
    Written(
        "nd-110-2004", Kind.DOCUMENT, "Nghị định về công tác văn thư (2004)", "Quy định trước đây về soạn thảo, quản lý văn bản.", "",
        Topic.GENERAL, 90,
        {
            "number": "110/2004/NĐ-CP", "issuer": "Chính phủ", "issued_on": date(2004, 4, 8), "ended_on": date(2020, 3, 5),
        },
    ),
    Written(
        "nd-30-2020", Kind.DOCUMENT, "Nghị định về công tác văn thư", "Thể thức, kỹ thuật trình bày và quản lý văn bản hành chính.", "",
        Topic.GENERAL, 89,
        {
            "number": "30/2020/NĐ-CP", "issuer": "Chính phủ", "issued_on": date(2020, 3, 5), "effective_on": date(2020, 3, 5),
            "replaces": "nd-110-2004",
        },
    ),
    Written(
        "luat-91-2025", Kind.DOCUMENT, "Luật Bảo vệ dữ liệu cá nhân", "Quyền của mỗi người với dữ liệu về mình và việc cơ quan phải làm.", "",
        Topic.GENERAL, 88,
        {
            "number": "91/2025/QH15", "issuer": "Quốc hội", "issued_on": date(2025, 6, 26), "effective_on": date(2026, 1, 1),
        },
    ),
    Written(
        "hoi-mat-giay", Kind.QUESTION, "Mất giấy hẹn trả hồ sơ thì làm thế nào?", "Vẫn nhận được kết quả nếu nhớ mã hồ sơ hoặc số điện thoại.",
        "<p>Đến bộ phận một cửa, đọc mã hồ sơ hoặc số điện thoại đã khai, kèm giấy tờ tùy thân. Cán bộ in lại giấy hẹn.</p>",
        Topic.PAPERS, 25,
    ),
    Written(
        "hoi-doi-ten-xa", Kind.QUESTION, "Xã đổi tên rồi, tôi có phải làm lại giấy khai sinh không?",
        "Không. Giấy tờ cũ vẫn có giá trị.",
        "<p>Chỉ khi bà con tự muốn đổi hoặc làm thủ tục mới thì giấy tờ mới ghi tên xã, phường mới.</p>", Topic.PAPERS, 24,
    ),
    Written(
        "hoi-ung-dung", Kind.QUESTION, "Dùng ứng dụng có mất tiền không?", "Không mất phí; chỉ tốn dung lượng mạng khi mở trang mới.",
        "<p>Trang đã mở được lưu lại để xem khi không có mạng.</p>", Topic.GENERAL, 23,
    ),
    Written(
        "ngay-hoi-viec-lam", Kind.EVENT, "Ngày hội việc làm cuối năm", "Doanh nghiệp tuyển trực tiếp, mang theo giấy tờ tùy thân và sơ yếu lý lịch.",
        "<p>Có bàn riêng cho người khuyết tật và người từ 45 tuổi.</p>", Topic.WORK, 6,
        {"place": "Nhà văn hóa trung tâm"}, day=9, hours=(8, 11),
    ),
    Written(
        "kham-mat", Kind.EVENT, "Khám mắt miễn phí cho người từ 60 tuổi", "Bác sĩ về tận nơi; ưu tiên người chưa khám trong năm.",
        "<p>Mang thẻ bảo hiểm y tế.</p>", Topic.CARE, 5, {"place": "Trạm y tế xã, phường"}, day=4, hours=(7, 11),
    ),
    Written(
        "trong-cay", Kind.EVENT, "Ngày Chủ nhật xanh", "Dọn rác, trồng cây ven kênh; ai cũng tham gia được.", "<p>Mang găng tay, mũ.</p>",
        Topic.GENERAL, 20, {"place": "Sân nhà văn hóa các thôn, khu dân cư"}, day=-6, hours=(6, 9),
    ),
)  # fmt: skip

OF_A_COMMUNE = (
    Written(
        "tin-nong-thon", Kind.NEWS, "Sửa xong đường trục của thôn", "Đoạn đường liên thôn đã thông xe, còn chờ kẻ vạch.",
        "<p>Xe tải nặng chưa được đi đến khi bê tông đủ ngày.</p>", Topic.TRAVEL, 2,
    ),
    Written(
        "hop-thon", Kind.EVENT, "Họp thôn bàn việc làm đường điện chiếu sáng", "Mỗi nhà một người dự, nghe và biểu quyết.",
        "<p>Dự toán được niêm yết trước tại nhà văn hóa.</p>", Topic.GENERAL, 2, {"place": "Nhà văn hóa thôn, khu dân cư"},
        day=3, hours=(19, 21),
    ),
)  # fmt: skip

TILES = (
    ("Trường học", "Schools", Topic.SCHOOL, "school", "/du-lieu/truong-hoc/"),
    ("Trạm y tế, nhà thuốc", "Clinics", Topic.HEALTH, "hospital", "/du-lieu/nha-thuoc/"),
    ("Thủ tục", "Procedures", Topic.PAPERS, "dossier", "/thu-tuc/"),
    ("Tra cứu hồ sơ", "My dossier", Topic.PAPERS, "document", "/du-lieu/ho-so/"),
    ("Giá đất", "Land prices", Topic.LAND, "house", "/du-lieu/bang-gia-dat/"),
    ("Xe buýt", "Buses", Topic.TRAVEL, "bus", "/du-lieu/tuyen-xe-buyt/"),
    ("Giá chợ", "Market prices", Topic.FARM, "farm", "/du-lieu/gia-cho/"),
    ("Lịch cắt điện, nước", "Power and water cuts", Topic.GENERAL, "bolt", "/du-lieu/cat-dien-nuoc/"),
    ("Sự kiện", "Events", Topic.GENERAL, "calendar", "/su-kien/"),
    ("Hỏi đáp", "Questions", Topic.GENERAL, "help", "/hoi-dap/"),
    ("Tin tức", "News", Topic.GENERAL, "news", "/tin-tuc/"),
    ("Người già, trẻ nhỏ", "Care", Topic.CARE, "grandparent", "/cam-nang/?chu-de=care"),
)
PEOPLE = (
    ("Chủ tịch Ủy ban nhân dân", "Việc chung, tiếp công dân", "Sáng thứ Ba hằng tuần"),
    ("Công chức tư pháp – hộ tịch", "Khai sinh, khai tử, kết hôn, chứng thực", "Giờ làm việc, tại bộ phận một cửa"),
    ("Công chức địa chính", "Đất đai, xây dựng, môi trường", "Giờ làm việc, tại bộ phận một cửa"),
)

HOURS = (
    (Form.ONE, "Bà con tiện tới vào lúc nào?", ("Sáng thứ Bảy", "Sau 17 giờ ngày thường", "Giờ hành chính là đủ")),
    (Form.SCALE, "Bà con hài lòng thế nào với lần tới gần nhất?", (), False),
    (Form.WORDS, "Bà con muốn sửa điều gì trước?", (), False),
)
HALL = (
    (Form.ONE, "Bà con thấy giờ mở cửa trong dự thảo thế nào?", ("Vừa", "Nên mở thêm buổi tối", "Nên đóng sớm hơn")),
    (Form.WORDS, "Bà con muốn thêm, bớt điều gì?", (), False),
)
LEANING = (0.5, 0.3, 0.2)
DRAFT = """Điều 1. Nhà văn hóa mở cửa từ 6 giờ đến 21 giờ hằng ngày.
Điều 2. Việc chung của thôn, khu dân cư được ưu tiên; đám hỷ, đám hiếu đăng ký trước ba ngày.
Điều 3. Sau mỗi lần dùng, người đăng ký dọn dẹp và khóa cửa."""
