"""What people read when something of this context is refused: title, body, status of the page (None: the family's own)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, int | None]] = {
    "DataSourceUnknown": ("Không có nguồn dữ liệu này", "Nguồn không có, hoặc không thuộc cơ quan mình. Xin mở lại từ danh sách.", None),
    "DatasetUnknown": ("Không có dữ liệu này", "Dữ liệu chưa công bố hoặc đã thôi công bố. Xin tìm lại trong trang Tra cứu dữ liệu.", None),
    "RowUnknown": ("Không còn mục này", "Mục này không có trong bản đang công bố. Xin tìm lại trong danh sách.", None),
    "VersionUnknown": ("Không có bản này", "Bản không có, hoặc không dùng được cho việc này. Xin mở lại từ trang của nguồn.", None),
    "DataSourceFaulty": ("Có chỗ chưa đúng", "Xin xem lại các mục được đánh dấu. Những gì đã gõ vẫn còn.", None),
    "MappingFaulty": ("Các cột chưa dùng được", "Xin xem lại các mục được đánh dấu. Những gì đã chọn vẫn còn.", None),
    "NoTable": ("Không thấy bảng trong tệp", "Tệp cần một dòng tiêu đề nêu tên các cột, trong 30 dòng đầu, không có hai cột trùng tên. Chưa có gì được lưu.", None),
    "NothingRead": ("Chưa có tệp nào", "Xin nộp tệp trước, rồi khai các cột.", None),
    "VersionOutdated": ("Đã có bản mới hơn", "Từ khi kiểm tra bản này, một bản khác đã được công bố. Xin nộp lại tệp để kiểm tra với bản mới. Chưa có gì thay đổi.", None),
    "SourceBusy": ("Nguồn đang được đọc", "Xin chờ ít phút rồi thử lại. Chưa có gì thay đổi.", None),
    "FileCleared": ("Tệp không còn được giữ", "Xin nộp lại tệp.", None),
    "ReleaseReasonMissing": ("Chưa ghi lý do", "Bản này bị giữ lại. Muốn công bố, xin ghi vì sao, ít nhất một câu.", None),
    "NotPulled": ("Nguồn này không đọc theo lịch", "Dữ liệu do cán bộ nộp tệp hoặc phần mềm tự gửi đến.", None),
    "PushRefused": ("Dữ liệu gửi đến chưa dùng được", "Xin xem lời nhắc, sửa rồi gửi lại. Chưa có gì được lưu.", None),
    "PushKeyInvalid": ("Khóa không đúng", "Khóa hoặc chữ ký không đúng, hoặc đã thay. Xin hỏi cơ quan chủ quản.", 401),
    "NotOpenData": ("Dữ liệu này chỉ để xem", "Cơ quan chủ quản không cho tải. Vẫn xem được trên trang.", None),
    "NotFollowed": ("Mục này không theo dõi được", "Dữ liệu tra theo mã thì mỗi lần cần mã mới xem. Hồ sơ có trang báo tin riêng.", None),
    "FollowUnknown": ("Không còn theo dõi mục này", "Có thể đã thôi theo dõi từ trước. Xin mở lại danh sách đang theo dõi.", None),
    "TooManyFollows": ("Đã theo dõi quá nhiều mục", "Mỗi người theo dõi được 100 mục. Xin bỏ bớt mục không cần rồi thử lại.", None),
    "StationUnknown": ("Không có trạm này", "Trạm đã thôi theo dõi, hoặc không thuộc dữ liệu này. Xin mở lại danh sách trạm.", None),
    "StationFaulty": ("Ngưỡng chưa dùng được", "Xin xem lại các mục được đánh dấu. Những gì đã gõ vẫn còn.", None),
    "DossierCodeStrange": ("Mã hồ sơ chưa đúng mẫu", "Xin gõ đủ như trên giấy hẹn, kể cả dấu chấm, dấu gạch.", None),
    "DossierUnknown": ("Không có hồ sơ mang mã này", "Xin gõ lại đúng như trên giấy hẹn. Hồ sơ mới nộp có thể sau ít phút mới tra được.", None),
    "DossierDeskSilent": ("Hệ thống một cửa chưa trả lời", "Không phải lỗi của mã. Xin thử lại sau vài phút, hoặc gọi nơi nộp hồ sơ.", 503),
    "DossierDeskUnknown": ("Không có hệ thống một cửa này", "Hệ thống đã thôi kết nối, hoặc không thuộc cơ quan mình. Xin mở lại từ danh sách.", None),
    "DossierDeskFaulty": ("Kết nối chưa dùng được", "Xin xem lại các mục được đánh dấu. Những gì đã gõ vẫn còn.", None),
    "ConsentMissing": ("Chưa đánh dấu đồng ý", "Muốn được báo khi hồ sơ chuyển bước, xin đánh dấu đồng ý.", None),
    "StillMissing": ("Chưa lấy được ảnh", "Camera hoặc máy chủ ảnh chưa trả lời. Xin thử lại sau ít phút.", 503),
}  # fmt: skip
