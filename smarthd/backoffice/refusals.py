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
    ("OrphanedUnits", _("Có đơn vị không còn cấp trên"), _("Sau thay đổi này, các đơn vị sau sẽ mồ côi: %(names)s. Xin nêu nơi chuyển đến của từng đơn vị.")),
    ("LetterUnknown", _("Không có công văn này"), _("Công văn đã ký, chưa lập, hoặc thuộc cơ quan khác.")),
    ("NobodyLate", _("Không còn đơn vị nào chậm"), _("Từ khi soạn công văn, mọi đơn vị đã gửi báo cáo. Không cần đôn đốc nữa.")),
    ("SuspicionUnknown", _("Không có dấu hiệu này"), _("Dấu hiệu đã được bỏ, hoặc không thuộc phần việc của mình.")),
    ("OwnDecision", _("Cần người khác quyết định"), _("Không tự quyết định về tài khoản của mình, hay về giải trình với quyết định của chính mình.")),
    ("ReasonMissing", _("Chưa ghi lý do"), _("Xin ghi lý do, ít nhất một câu.")),
)  # fmt: skip


def register() -> None:
    """Give every refusal above its words; called once when Django is ready."""
    for name, title, body in WORDS:
        say(name, title, body)
