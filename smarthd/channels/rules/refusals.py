"""What a person reads when something about bulletins is refused: name → title, what to do, and its status where the family's is not right."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, int | None]] = {
    "BulletinFaulty": ("Bản tin còn chỗ chưa đúng", "Chưa có gì được gửi đi, những gì đã gõ vẫn còn. Xin sửa chỗ đã nêu rồi gửi lại.", None),
    "OutletFaulty": ("Nơi nhận còn chỗ chưa đúng", "Chưa có gì được lưu. Xin sửa chỗ đã nêu rồi lưu lại.", None),
    "BulletinUnknown": ("Không có bản tin này", "Bản tin không có, hoặc không gửi tới nơi nhận nào trong tầm phụ trách. Xin mở lại từ danh sách.", None),
    "OutletUnknown": ("Không có nơi nhận này", "Nơi nhận không có, hoặc không thuộc cơ quan trong tầm phụ trách. Xin mở lại từ danh sách.", None),
    "DispatchUnknown": ("Không có lượt gửi này", "Xin mở lại bản tin từ danh sách.", None),
    "ReceiverUnknown": ("Đường dẫn không còn dùng", "Đường dẫn có thể bị cắt khi sao chép, hoặc bản tin đã quá 90 ngày. Xin mở lại từ thư đã nhận.", None),
    "ProofFaulty": ("Minh chứng chưa đúng", "Chưa có gì được lưu. Xin xem lời nhắc tại từng mục.", None),
    "NotAProof": ("Tệp không dùng làm minh chứng được", "Xin gửi ảnh JPEG, PNG, WebP, bản ghi âm mp3, m4a, ogg, wav, amr, hoặc PDF. Chưa có gì được lưu.", None),
    "TooManyProofs": ("Đã đủ minh chứng", "Mỗi lượt gửi giữ nhiều nhất sáu minh chứng.", None),
    "BulletinOver": ("Bản tin đã hết hiệu lực", "Bản tin đã quá giờ, bị hủy hoặc đã có tin thay, nên không gửi thêm. Xin gửi bản tin mới.", None),
    "SpeechUnavailable": ("Chưa có giọng đọc", "Máy chủ chưa cài giọng đọc. Lời đọc dạng Word vẫn tải được; loa nhận lời dạng chữ.", 503),
}  # fmt: skip
