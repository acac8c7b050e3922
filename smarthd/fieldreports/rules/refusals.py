"""What a person reads when a report is refused something: name of the refusal → title, what to do, and its status where the family's is not right.

The audience packages hand these to ``smarthd.ui.refusals.say``.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, int | None]] = {
    "ReportUnknown": ("Không tìm thấy phản ánh này", "Mã có thể gõ thiếu, hoặc phản ánh không công khai. Xin kiểm tra lại mã, dạng PA-XXXXXXX.", None),
    "AttachmentUnknown": ("Không có tệp này", "Ảnh có thể đã được ẩn hoặc đang xử lý. Xin tải lại trang sau ít phút.", None),
    "UploadUnknown": ("Lượt gửi tệp này không còn", "Xin chọn lại ảnh và gửi lại; nội dung đã viết vẫn còn.", None),
    "RuleUnknown": ("Không có quy tắc này", "Quy tắc có thể đã được thay. Xin mở lại danh sách.", None),
    "CategoryUnknown": ("Không có lĩnh vực này", "Danh sách lĩnh vực có thể vừa đổi. Xin chọn lại.", None),
    "TemplateUnknown": ("Không có mẫu trả lời này", "Mẫu có thể đã thôi dùng. Xin chọn mẫu khác hoặc viết trực tiếp.", None),
    "NoModelYet": ("Chưa có mô hình gợi ý", "Chạy lệnh: smarthd fieldreports train.", None),
    "FieldReportFaulty": ("Có chỗ chưa đúng", "Chưa có gì được gửi đi, chữ và ảnh đã chọn vẫn còn. Xin sửa chỗ đã nêu rồi gửi lại.", None),
    "OutsideProvince": ("Vị trí nằm ngoài địa bàn", "Điểm đã chọn không thuộc xã, phường nào của địa bàn. Xin kéo ghim lại, hoặc chọn xã, phường. Việc ở tỉnh khác xin gửi cơ quan ở đó.", None),
    "NoPlace": ("Chưa biết việc xảy ra ở đâu", "Xin bật định vị, ghim trên bản đồ, hoặc chọn xã, phường.", None),
    "SameIdOtherContent": ("Phản ánh này đã gửi với nội dung khác", "Máy gửi lại một mã cũ với nội dung mới. Phản ánh trước vẫn giữ nguyên; xin mở trang Gửi phản ánh để gửi nội dung mới.", None),
    "TooManyReports": ("Đã gửi nhiều phản ánh trong thời gian ngắn", "Nội dung vẫn được giữ trong máy. Xin chờ và gửi lại sau; việc nguy hiểm xin gọi 112, 113, 114, 115.", 429),
    "NotEnoughProof": ("Cần minh chứng", "Trả lời “Đã khắc phục” cần ảnh sau khi xử lý hoặc văn bản; trả lời “Đã chuyển” cần văn bản. Xin đính kèm rồi gửi lại.", None),
    "TemplateUnedited": ("Mẫu chưa được điền", "Câu trả lời còn nguyên mẫu hoặc còn chỗ trong [ngoặc vuông]. Xin điền việc cụ thể đã làm.", None),
    "ChildrenOpen": ("Còn việc con chưa xong", "Phản ánh đã tách thành nhiều việc; trả lời chung khi mọi việc con đã trả lời.", None),
    "NothingToJoin": ("Chưa gộp được", "Chọn ít nhất một phản ánh khác đang mở để gộp vào phản ánh đang xử lý.", None),
    "BadSplit": ("Chưa tách được", "Tách thành ít nhất hai việc, mỗi việc có nội dung và lĩnh vực riêng; việc con không tách tiếp.", None),
    "NobodyAbove": ("Không có cấp trên để xem lại", "Nơi này đã là cấp cao nhất. Xin liên hệ bộ phận tiếp công dân.", None),
    "TooLate": ("Đã hết thời hạn cho việc này", "Xin gửi phản ánh mới và nhắc mã của phản ánh cũ.", None),
    "AlreadyExtended": ("Đã gia hạn đủ số lần", "Mỗi phản ánh được gia hạn nhiều nhất hai lần. Xin trả lời tiến độ cho người gửi.", None),
    "NotLonger": ("Hạn mới chưa hợp lệ", "Hạn mới phải sau hạn đang áp dụng.", None),
    "AlreadySaid": ("Ý kiến này đã được ghi", "Mỗi người cho ý kiến một lần với mỗi câu trả lời.", None),
    "NotOverYet": ("Chưa đến lúc đánh giá", "Đánh giá được khi phản ánh đã được xác nhận hoặc đã kết thúc.", None),
    "CompetentBodyMissing": ("Chưa nêu nơi có thẩm quyền", "Từ chối vì không thuộc thẩm quyền thì phải nêu cơ quan nào có thẩm quyền, để người gửi chuyển được ngay.", None),
    "PhotoRefused": ("Không nhận được ảnh này", "Chỉ nhận ảnh JPEG, PNG, WebP, HEIC còn nguyên vẹn. Xin chụp lại hoặc chọn ảnh khác.", None),
    "SoundRefused": ("Không nhận được đoạn ghi âm này", "Xin ghi lại bằng nút ghi âm trong trang.", None),
    "DocumentRefused": ("Chỉ nhận văn bản PDF", "Xin xuất văn bản sang PDF rồi gửi lại.", None),
    "TooManyFiles": ("Nhiều tệp quá", "Mỗi phản ánh nhận sáu ảnh và một đoạn ghi âm. Xin bỏ bớt.", None),
    "UploadOffset": ("Đoạn tệp gửi không nối tiếp", "Máy sẽ tự gửi tiếp từ chỗ đã nhận.", None),
    "UploadTooLarge": ("Tệp lớn quá", "Ảnh và văn bản nhận đến 20 MB, ghi âm đến 10 MB. Xin chọn tệp nhỏ hơn.", None),
    "UploadIncomplete": ("Tệp chưa gửi hết", "Máy sẽ gửi tiếp phần còn thiếu.", None),
    "OriginalGone": ("Ảnh gốc không còn", "Ảnh gốc được hủy sau 12 tháng hoặc khi người gửi yêu cầu. Bản đã che vẫn xem được.", None),
    "RuleClash": ("Trùng với quy tắc khác", "Đã có quy tắc cùng nơi, cùng lĩnh vực, cùng giờ trong thời gian này. Xin kết thúc quy tắc ấy trước.", None),
    "RuleFaulty": ("Quy tắc chưa đúng", "Chưa có gì được lưu. Xin sửa chỗ đã nêu.", None),
    "CategoryFaulty": ("Lĩnh vực chưa đúng", "Chưa có gì được lưu. Xin sửa chỗ đã nêu.", None),
    "FileUnreadable": ("Không đọc được tệp", "Cần tệp CSV mã UTF-8, dòng đầu là tên cột. Xin xem hướng dẫn: smarthd fieldreports import --help.", None),
    "TooLittleHistory": ("Chưa đủ dữ liệu để học", "Cần thêm phản ánh đã chốt lĩnh vực rồi chạy lại.", None),
    "BadWindow": ("Khung bản đồ chưa đúng", "Xin kéo lại bản đồ.", None),
}  # fmt: skip
