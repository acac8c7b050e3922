"""What a person reads when something about a warning is refused: name → title, what to do, and its status where the family's is not right."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, int | None]] = {
    "AlertUnknown": ("Không có cảnh báo này", "Địa chỉ có thể gõ thiếu. Xin xem danh sách cảnh báo đang hiệu lực.", None),
    "AlertFaulty": ("Cảnh báo còn chỗ phải sửa", "Xem lời nhắc tại từng mục. Những gì đã gõ vẫn còn. Chưa có gì được gửi đi.", None),
    "OwnAlertApproval": ("Người soạn không tự duyệt", "Cảnh báo cần một người khác duyệt. Khẩn cấp mà không có ai, xin dùng “Phát khẩn cấp” với mã của người thứ hai.", None),
    "FreshFactorNeeded": ("Cần mã xác thực mới", "Cảnh báo liên quan tính mạng phải duyệt bằng mã 6 số hoặc khóa truy cập ngay lúc này. Chưa có gì được gửi đi.", None),
    "ContentMoved": ("Nội dung đã thay đổi", "Cảnh báo vừa được sửa sau khi mở trang này. Xin đọc lại bản mới rồi duyệt. Chưa có gì được gửi đi.", None),
    "AlertMovedOn": ("Cảnh báo gốc không còn hiệu lực", "Cảnh báo định cập nhật hoặc hủy đã hết hạn hoặc đã có bản khác thay. Xin mở bản mới nhất. Chưa có gì được gửi đi.", None),
    "StaleAlert": ("Đồng nghiệp vừa sửa cảnh báo này", "Bản đang gõ chưa được lưu. Xin mở lại trang để xem bản mới, rồi sửa tiếp.", None),
    "BeyondArea": ("Có nơi ngoài địa bàn của cơ quan", "Cơ quan này không phát cảnh báo cho: %(names)s. Xin bỏ các nơi ấy hoặc đề nghị cấp trên phát. Chưa có gì được lưu.", None),
    "SecondPersonNeeded": ("Chưa xác nhận được người thứ hai", "Cần số điện thoại và mã 6 số của một người có quyền duyệt cảnh báo ở đây, không phải người soạn. Chưa có gì được gửi đi.", None),
    "ReviewNotOwed": ("Không còn gì phải soát lại", "Cảnh báo đã được soát lại, hoặc người soát chính là một trong hai người đã phát.", None),
    "ReturnReasonMissing": ("Chưa ghi lý do trả lại", "Xin ghi lý do ít nhất tại một mục, để người soạn biết sửa chỗ nào.", None),
    "AnswerFaulty": ("Có chỗ chưa rõ", "Những gì đã gõ vẫn còn. Xin sửa chỗ đã nêu rồi gửi lại. Nguy hiểm ngay trước mắt, xin gọi 112.", None),
    "AlertOver": ("Cảnh báo đã hết hiệu lực", "Không nhận trả lời nữa. Cần cứu giúp xin gọi 112, cấp cứu 115.", None),
    "TooManyAnswers": ("Đã gửi nhiều lần trong thời gian ngắn", "Lần gửi trước vẫn được giữ. Nguy hiểm ngay trước mắt, xin gọi 112.", 429),
    "HelpUnknown": ("Không có lời kêu cứu này", "Có thể nơi ấy không thuộc địa bàn phụ trách. Xin mở lại bàn trực.", None),
    "CapUnreadable": ("Tệp không phải bản tin CAP 1.2", "Chỉ nhận bản tin CAP 1.2 đúng khuôn dạng của OASIS. Chưa có gì được lưu.", None),
    "CapTooLarge": ("Bản tin quá lớn", "Bản tin CAP nhận đến %(limit_kb)s kB. Chưa có gì được lưu.", None),
    "CapUnsigned": ("Chữ ký không đúng", "Bản tin không mang chữ ký của chứng thư đã ghim cho nơi gửi. Chưa có gì được lưu.", None),
    "SourceUnknown": ("Không có nguồn tin này", "Xin xem danh sách nguồn tin đã ghim.", None),
    "SourceFaulty": ("Nguồn tin chưa đúng", "Cần địa chỉ nơi gửi và chứng thư P-256 còn hạn, dạng PEM.", None),
    "ShelterUnknown": ("Không có nơi tránh trú này", "Có thể nơi ấy đã bỏ khỏi danh sách, hoặc thuộc xã, phường khác.", None),
    "ShelterFaulty": ("Nơi tránh trú còn chỗ phải sửa", "Xem lời nhắc tại từng mục. Chưa có gì được lưu.", None),
    "ShelterTableFaulty": ("Bảng còn dòng phải sửa", "Sửa các dòng đã nêu rồi nộp lại cả bảng. Chưa có gì được lưu.", None),
    "PresetFaulty": ("Vùng mẫu chưa đủ", "Vùng mẫu cần tên và ít nhất một xã, phường.", None),
}  # fmt: skip
