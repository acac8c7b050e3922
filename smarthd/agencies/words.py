"""Refusals of this context in Vietnamese: what happened, and how to mend it. One table for pages, API and command line."""

from __future__ import annotations

from smarthd.ui import refusals

SENTENCES: dict[str, tuple[str, str]] = {
    "AgencyUnknown": ("Không có cơ quan này", "Vào ngày được hỏi không có cơ quan nào mang mã hoặc số này."),
    "BadMailbox": ("Không phải địa chỉ thư", "Ví dụ đúng: stttt@haiduong.gov.vn."),
    "AgencyCodeTaken": ("Mã đã có cơ quan khác dùng", "Vào ngày ấy mã này đã thuộc một cơ quan khác. Hãy chọn mã khác."),
    "AgencyEnded": ("Cơ quan không tồn tại vào ngày có hiệu lực", "Kiểm tra lại ngày có hiệu lực và các cơ quan được chọn."),
    "AgencyStillHasSubordinates": (
        "Còn đơn vị trực thuộc",
        "Nếu giải thể, các đơn vị trực thuộc sẽ không còn cấp trên. Hãy chuyển chúng sang cơ quan khác trước.",
    ),
    "ChainWouldCircle": ("Tuyến báo cáo sẽ vòng lại", "Cơ quan được chọn làm cấp trên đang ở dưới chính cơ quan này."),
    "SharesDoNotSum": ("Các phần chia chưa đủ", "Các phần của một cơ quan bị chia phải cộng lại bằng 1."),
    "RoleAlreadyHeld": ("Đã có vai trò này", "Người này đang giữ vai trò đó tại cơ quan."),
    "RolesClash": (
        "Hai vai trò không được cùng một người giữ",
        "Người soạn không được tự duyệt; người kiểm tra không giữ việc khác tại cùng cơ quan.",
    ),
    "GrantUnknown": ("Không có vai trò này", "Vai trò đã được thu lại, hoặc chưa từng được giao."),
    "AsOfOutOfReach": ("Ngày của danh sách chưa tới", "Danh sách chỉ nhận từ hôm nay trở về trước."),
    "RosterIsNewer": (
        "Đã có danh sách mới hơn",
        "Cơ quan đã xác nhận một danh sách của ngày %(newest)s. Hãy gửi danh sách của ngày ấy hoặc muộn hơn.",
    ),
    "NoRosterFound": ("Không thấy bảng danh sách trong tệp", "%(words)s"),
    "RosterChangedSince": (
        "Danh sách đã thay đổi sau khi xem trước",
        "Có người vừa cập nhật danh sách của đơn vị liên quan. Hãy tải tệp lên lại để xem trước bản mới; chưa có gì được ghi.",
    ),
    "ImportClosed": ("Bản xem trước không còn dùng được", "Bản này đã bỏ hoặc quá 7 ngày. Hãy tải tệp lên lại."),
    "ImportUnknown": ("Không có lần tải lên này", "Địa chỉ có thể đã cũ. Hãy xem lại danh sách các lần tải lên của đơn vị."),
    "ImportNotFound": ("Không có lần tải lên này", "Địa chỉ có thể đã cũ. Hãy xem lại danh sách các lần tải lên của đơn vị."),
    "RosterFileCleared": ("Tệp đã được hủy", "Tệp tải lên chỉ giữ 30 ngày. Hãy tải lên lại nếu còn cần."),
    "SheetTooWide": (
        "Bảng quá lớn",
        "Trang tính có ô ở dòng %(rows)s, cột %(columns)s. Hãy xóa các dòng, cột thừa rồi lưu lại; danh sách quá dài thì tách thành nhiều tệp, hoặc lưu dạng .csv (UTF-8).",
    ),
    "FileNotSpreadsheet": ("Không phải bảng tính", "Hãy gửi tệp Excel (.xlsx) hoặc .csv."),
    "FileLocked": (
        "Tệp có mật khẩu hoặc thuộc định dạng cũ (.xls)",
        "Mở tệp, bỏ mật khẩu nếu có, chọn “Lưu thành” dạng Excel Workbook (.xlsx) rồi gửi lại.",
    ),
    "TableBroken": ("Tệp .csv bị hỏng", "Dòng %(line)s có dấu ngoặc kép mở mà không đóng. Hãy sửa dòng ấy hoặc gửi tệp .xlsx."),
    "EncodingUnclear": (
        "Chưa rõ bảng mã của tệp",
        "Chữ trong tệp không phải Unicode. Hãy chọn cách đọc mà các dòng mẫu hiện đúng tiếng Việt (TCVN3 là phông .VnTime, "
        "VNI là phông VNI-Times), rồi gửi lại.",
    ),
    "NotInEncoding": ("Tệp không đọc được theo bảng mã đã chọn", "Hãy chọn bảng mã khác, hoặc lưu lại tệp dạng CSV UTF-8."),
    "ExemptionIncomplete": ("Đề nghị miễn trừ chưa đủ", "Chưa có gì được ghi. Hãy bổ sung những chỗ được đánh dấu."),
    "ExemptionOpen": ("Người này đã có đề nghị miễn trừ", "Hãy xử lý đề nghị đang có trước khi lập đề nghị mới."),
    "ExemptionUnknown": ("Không có đề nghị này", "Đề nghị không còn, hoặc địa chỉ gõ thiếu."),
    "StaffUnknown": ("Không có người này trong danh sách", "Người này có thể đã chuyển đơn vị. Hãy tải lại danh sách."),
    "OfficeHoursWrong": ("Giờ làm việc chưa đúng", "Các khoảng giờ trong ngày phải nối tiếp nhau, và mỗi tuần có ít nhất một khoảng."),
    "PlacesUnknown": ("Chưa có danh mục đơn vị hành chính", "Hãy chạy “smarthd places import-all” trước."),
}  # fmt: skip


def register() -> None:
    """Give every refusal of this context its words."""
    for name, (title, body) in SENTENCES.items():
        refusals.say(name, title, body)
