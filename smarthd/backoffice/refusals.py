"""Words of the desk for refusals of the contexts below: what happened, what is kept, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from smarthd.ui.refusals import say

WORDS = (
    ("NoRoleHere", _("Tài khoản này chưa có vai trò"), _("Bàn làm việc dành cho cán bộ được phân vai trò. Xin liên hệ người quản trị của cơ quan mình.")),
    ("CutOffAhead", _("Ngày chốt chưa qua"), _("Chỉ lập báo cáo cho ngày đã kết thúc, để số liệu không đổi nữa. Xin chọn ngày hôm qua trở về trước.")),
    ("CampaignNotFound", _("Không có chiến dịch này"), _("Xin chọn lại chiến dịch trong danh sách.")),
    ("ScopeNotFound", _("Không có đơn vị mang mã này"), _("Mã đơn vị phải có trong danh mục của ngày địa giới đã chọn.")),
    ("NotTheIssuer", _("Không lập được báo cáo của đơn vị này"), _("Báo cáo do cơ quan chủ trì hoặc Ủy ban nhân dân của đơn vị đó lập.")),
    ("OwnReportSignOff", _("Người lập không tự ký duyệt"), _("Báo cáo cần một người khác có thẩm quyền ký duyệt. Bản dự thảo vẫn được giữ nguyên.")),
    ("ReportSignedOff", _("Báo cáo đã ký duyệt"), _("Bản đã ký không sửa được nữa. Nếu số liệu thay đổi, xin lập bản mới.")),
    ("ReportOutdated", _("Số liệu đã thay đổi"), _("Từ khi lập bản này, số liệu của kỳ chốt đã đổi (dữ liệu đến muộn hoặc mẫu số mới). Xin lập bản mới rồi ký.")),
    ("UnknownFigureToken", _("Có ký hiệu số liệu không đúng"), _("Các ký hiệu này không ứng với con số nào: %(tokens)s. Xin sửa rồi lưu lại; phần đang gõ vẫn còn.")),
    ("FileTooLarge", _("Tệp quá lớn"), _("Tệp lớn hơn %(limit_mb)s MB. Xin tách thành nhiều tệp theo cơ quan. Chưa có gì được lưu.")),
    ("EmptyFile", _("Tệp trống"), _("Tệp không có nội dung. Xin chọn tệp khác.")),
    ("ZipBomb", _("Tệp không an toàn"), _("Tệp nén bung ra quá lớn nên không được mở. Chưa có gì được lưu.")),
    ("BrokenArchive", _("Không mở được tệp"), _("Tệp hỏng hoặc không phải xlsx. Xin mở bằng Excel, lưu lại rồi tải lên.")),
    ("LaterEventStands", _("Đã có thay đổi muộn hơn"), _("Phải hoàn lại thay đổi muộn hơn của chính đơn vị này trước.")),
    ("ObligationUnknown", _("Không có báo cáo này"), _("Báo cáo không có, hoặc không thuộc đơn vị trong tầm phụ trách. Xin mở lại từ danh sách.")),
    ("PeriodUnknown", _("Không có kỳ báo cáo này"), _("Xin chọn lại kỳ trong danh sách.")),
    ("CampaignUnknown", _("Không có chiến dịch này"), _("Xin chọn lại chiến dịch trong danh sách.")),
    ("FormUnknown", _("Chưa có biểu"), _("Biểu không có, hoặc chưa công bố bản nào. Xin dựng và công bố biểu trước.")),
    ("NothingOwed", _("Đơn vị đã được miễn báo cáo này"), _("Không cần làm nữa. Số đã gõ không được gửi đi.")),
    ("StaleDraft", _("Đồng nghiệp vừa sửa bản nháp này"), _("Số đang gõ vẫn còn. Xin xem chỗ khác nhau rồi lưu lại.")),
    ("ReportFaulty", _("Báo cáo còn chỗ phải sửa"), _("Xem lời nhắc tại từng mục. Những gì đã gõ vẫn còn nguyên.")),
    ("ContentChanged", _("Nội dung vừa thay đổi"), _("Đơn vị đã sửa báo cáo sau khi trang này mở. Xin mở lại và xem trước khi xác nhận.")),
    ("OwnReport", _("Người đã làm bước trước không làm bước này"), _("Người gửi không tự xác nhận; người xác nhận không tự tiếp nhận. Xin để người khác có thẩm quyền làm.")),
    ("ReasonsMissing", _("Chưa ghi lý do trả lại"), _("Xin ghi lý do ít nhất tại một mục, để đơn vị biết sửa chỗ nào.")),
    ("TermOver", _("Đã quá lúc cho phép"), _("Gia hạn phải cấp trước hạn và hạn mới phải muộn hơn; báo cáo đã gửi thì không miễn nữa. Chưa có gì được ghi.")),
    ("BadOutage", _("Thời gian sự cố chưa đúng"), _("Lúc kết thúc phải sau lúc bắt đầu và không ở tương lai.")),
    ("BadPeriod", _("Ngày của kỳ chưa đúng"), _("Hạn nộp phải sau ngày mở, ngày chốt số liệu không sau hạn nộp, và kỳ đầu không sau hạn cuối của chiến dịch.")),
    ("PeriodFrozen", _("Kỳ này đã chốt"), _("Danh sách đơn vị phải nộp đã được ghi. Xin xem bảng theo dõi.")),
    ("LetterUnknown", _("Không còn công văn này"), _("Công văn đã được ký, hoặc không thuộc cơ quan mình.")),
    ("NobodyLate", _("Không còn đơn vị nào chậm"), _("Từ khi soạn công văn, mọi đơn vị đã gửi báo cáo. Không cần đôn đốc nữa.")),
    ("SampleDrawn", _("Kỳ này đã bốc thăm"), _("Mỗi kỳ chỉ bốc thăm một lần. Xin dùng danh sách đã có.")),
    ("NothingToSample", _("Chưa có báo cáo nào để kiểm tra"), _("Chờ có đơn vị gửi báo cáo rồi bốc thăm.")),
    ("SampleUnknown", _("Không có mẫu kiểm tra này"), _("Xin mở lại từ bảng theo dõi của kỳ.")),
    ("KeyTaken", _("Đã có chiến dịch mang tên này"), _("Xin đặt tên khác, hoặc thêm năm vào tên.")),
    ("BadDocument", _("Tệp chưa đúng loại"), _("Chỉ nhận PDF hoặc Word (.docx). Chưa có gì được lưu.")),
    ("BodyUnreadable", _("Trang gửi dữ liệu không đọc được"), _("Xin tải lại trang. Bản nháp trong máy vẫn còn.")),
    ("IllegalMove", _("Báo cáo đã sang bước khác"), _("Có người vừa làm trước. Xin tải lại trang để xem hiện trạng; chưa có gì bị mất.")),
    ("OrphanedUnits", _("Có đơn vị không còn cấp trên"), _("Sau thay đổi này, các đơn vị sau sẽ mồ côi: %(names)s. Xin nêu nơi chuyển đến của từng đơn vị.")),
)  # fmt: skip


def register() -> None:
    """Give every refusal above its words; called once when Django is ready."""
    for name, title, body in WORDS:
        say(name, title, body)
