"""What the trail's acts are called at the desk."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTEXTS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("Tất cả")),
    ("agencies.", _("Cơ quan, danh sách, vai trò")),
    ("insights.", _("Báo cáo")),
    ("people.", _("Tài khoản")),
    ("places.", _("Đơn vị hành chính")),
    ("rollout.", _("Chiến dịch, số liệu")),
    ("content.", _("Nội dung")),
    ("backoffice.", _("Xem và xuất")),
)

ACTS: dict[str, str | Promise] = {
    "agencies.calendar_day_set": _("Đặt ngày làm việc, ngày nghỉ"),
    "agencies.exemption_approved": _("Duyệt trường hợp miễn"),
    "agencies.exemption_ended": _("Kết thúc trường hợp miễn"),
    "agencies.exemption_refused": _("Từ chối trường hợp miễn"),
    "agencies.exemption_requested": _("Đề nghị miễn"),
    "agencies.office_hours_set": _("Đặt giờ làm việc"),
    "agencies.role_granted": _("Cấp vai trò"),
    "agencies.role_revoked": _("Thu hồi vai trò"),
    "agencies.roster_confirmed": _("Xác nhận danh sách cán bộ"),
    "agencies.roster_file_cleared": _("Xóa tệp danh sách đã hết hạn giữ"),
    "agencies.roster_preview_expired": _("Bản xem trước danh sách hết hạn"),
    "agencies.roster_previewed": _("Tải lên danh sách để xem trước"),
    "agencies.roster_withdrawn": _("Bỏ bản xem trước danh sách"),
    "agencies.staff_linked": _("Nối cán bộ với tài khoản"),
    "agencies.staff_unlinked": _("Bỏ nối cán bộ với tài khoản"),
    "backoffice.audit_read": _("Xem nhật ký"),
    "backoffice.figures_exported": _("Xuất bảng số liệu"),
    "backoffice.missing_read": _("Xem tên người chưa dùng"),
    "backoffice.reminder_sent": _("Đã nhắc cán bộ"),
    "content.hotline_kept": _("Sửa danh bạ"),
    "content.notice_published": _("Đăng thông báo"),
    "content.notice_scheduled": _("Hẹn đăng thông báo"),
    "content.notice_withdrawn": _("Gỡ thông báo"),
    "insights.report_edited": _("Sửa lời văn báo cáo"),
    "insights.report_made": _("Lập báo cáo"),
    "insights.report_signed_off": _("Ký duyệt báo cáo"),
    "people.account_activated": _("Kích hoạt tài khoản"),
    "people.account_erased": _("Xóa tài khoản"),
    "people.account_marked_test": _("Đánh dấu tài khoản thử"),
    "people.account_opened": _("Mở tài khoản"),
    "people.consent_given": _("Đồng ý xử lý dữ liệu"),
    "people.consent_withdrawn": _("Rút lại sự đồng ý"),
    "places.event_applied": _("Áp dụng thay đổi địa giới"),
    "places.event_drafted": _("Soạn thay đổi địa giới"),
    "places.event_reverted": _("Hoàn lại thay đổi địa giới"),
    "places.lineage_imported": _("Nhập quan hệ sáp nhập, chia tách"),
    "places.units_imported": _("Nhập danh mục đơn vị"),
    "rollout.campaign_opened": _("Mở chiến dịch"),
    "rollout.denominator_entered": _("Nhập mẫu số"),
    "rollout.target_set": _("Đặt chỉ tiêu"),
}
