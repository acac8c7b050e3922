"""What background work is called by people who do not program: tasks, lanes, kinds of faults, how a job ended."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from smarthd.kernel import job_faults
from smarthd.kernel.errors import Refusal
from smarthd.ui import refusals

TASKS: dict[str, Promise] = {
    "agencies.tasks.clear_old_uploads": _("Xóa tệp danh sách cán bộ đã cũ"),
    "alerts.tasks.follow": _("Trao đổi cảnh báo với nơi khác"),
    "alerts.tasks.follow_asked": _("Trao đổi cảnh báo với nơi khác, theo yêu cầu"),
    "alerts.tasks.forget_contacts": _("Xóa số liên lạc của người đã được giúp"),
    "alerts.tasks.remind_of_rehearsal": _("Nhắc diễn tập phát cảnh báo"),
    "alerts.tasks.sweep": _("Phát cảnh báo đã duyệt, kết thúc cảnh báo hết hạn"),
    "alerts.tasks.write_files": _("Ghi lại tệp cảnh báo công khai"),
    "channels.tasks.forget": _("Xóa nhật ký phát tin đã cũ"),
    "channels.tasks.hear_clusters": _("Hỏi các cụm loa truyền thanh"),
    "channels.tasks.send_due": _("Phát tin ra các kênh"),
    "channels.tasks.sweep": _("Tìm tin đến giờ phát"),
    "connectors.tasks.ask_about_dossiers": _("Hỏi tình trạng hồ sơ một cửa"),
    "connectors.tasks.check_file": _("Kiểm tra tệp dữ liệu đã nộp"),
    "connectors.tasks.clear_old_files": _("Xóa tệp dữ liệu đã cũ"),
    "connectors.tasks.find_owed_words": _("Lập nốt chỉ mục tìm kiếm dữ liệu"),
    "connectors.tasks.find_words": _("Lập chỉ mục tìm kiếm của một dữ liệu"),
    "connectors.tasks.keep_indexes": _("Lập chỉ mục lọc, xếp của một dữ liệu lớn"),
    "connectors.tasks.read_source": _("Đọc một nguồn dữ liệu"),
    "connectors.tasks.start_due": _("Tìm nguồn dữ liệu đến giờ đọc"),
    "connectors.tasks.tell_digests": _("Báo dữ liệu đang theo dõi có thay đổi"),
    "connectors.tasks.try_source": _("Thử kết nối một nguồn dữ liệu"),
    "connectors.tasks.watch_promises": _("Nhắc cơ quan có dữ liệu đã cũ"),
    "connectors.tasks.watch_stations": _("Xét trạm đo, soạn cảnh báo khi vượt mức"),
    "content.tasks.publish_due": _("Đăng, gỡ bài đã hẹn giờ"),
    "content.tasks.remind_of_ideas": _("Nhắc trả lời ý tưởng"),
    "content.tasks.remind_owners": _("Nhắc cập nhật mục nội dung"),
    "fieldreports.tasks.bring_picture": _("Lấy ảnh phản ánh từ phần mềm khác"),
    "fieldreports.tasks.close_silent": _("Kết thúc phản ánh người gửi không ý kiến thêm"),
    "fieldreports.tasks.fold_map": _("Gom phản ánh trên bản đồ"),
    "fieldreports.tasks.keep_no_longer": _("Xóa phản ánh, ảnh hết thời hạn lưu"),
    "fieldreports.tasks.process_attachment": _("Che mặt, biển số trong ảnh phản ánh"),
    "fieldreports.tasks.send_summaries": _("Gửi tin tổng hợp phản ánh"),
    "fieldreports.tasks.watch_terms": _("Canh hạn trả lời phản ánh"),
    "finding.tasks.rebuild": _("Lập lại toàn bộ chỉ mục tìm kiếm"),
    "finding.tasks.refresh_part": _("Cập nhật một phần chỉ mục tìm kiếm"),
    "finding.tasks.watch_content": _("Tìm nội dung mới để lập chỉ mục"),
    "kernel.tasks.deliver_event": _("Báo một sự việc cho phần khác của hệ thống"),
    "kernel.tasks.forget_ended": _("Xóa việc nền đã xong từ lâu"),
    "kernel.tasks.give_back_stalled": _("Trả lại việc của tiến trình đã chết"),
    "kernel.tasks.sweep_outbox": _("Báo nốt những sự việc còn sót"),
    "messaging.tasks.deliver_code": _("Gửi mã đăng nhập"),
    "messaging.tasks.deliver_mail": _("Gửi một thư điện tử"),
    "messaging.tasks.forget_deliveries": _("Xóa nhật ký gửi tin đã cũ"),
    "messaging.tasks.push_due_notices": _("Tìm thông báo chờ đẩy tới điện thoại"),
    "messaging.tasks.push_notices": _("Đẩy thông báo tới điện thoại một người"),
    "messaging.tasks.send_due_mails": _("Gửi thư điện tử đến giờ"),
    "messaging.tasks.send_due_texts": _("Gửi tin nhắn đến giờ"),
    "people.tasks.apply_retention": _("Xóa dữ liệu cá nhân hết thời hạn lưu"),
    "people.tasks.lapse_assistances": _("Kết thúc lượt làm hộ quá hạn"),
    "programs.tasks.forget_calls": _("Xóa số đếm lượt gọi đã cũ"),
    "publicapi.tasks.prepare_earlier": _("Ghi tệp một bản dữ liệu trước"),
    "publicapi.tasks.prepare_files": _("Ghi tệp dữ liệu mở"),
    "publicapi.tasks.tidy_files": _("Dọn tệp dữ liệu mở không còn dùng"),
    "rollout.tasks.escalate_overdue": _("Chuyển khó khăn quá hạn lên cấp trên"),
    "rollout.tasks.pass_silent": _("Chốt khó khăn không ai ý kiến thêm"),
    "rollout.tasks.refresh": _("Cộng dồn số liệu triển khai"),
    "rollout.tasks.remind": _("Nhắc báo cáo sắp đến hạn"),
    "rollout.tasks.send_digests": _("Gửi tin tổng hợp cho lãnh đạo"),
    "rollout.tasks.sweep": _("Tìm dấu hiệu bất thường trong số liệu"),
    "rollout.tasks.sweep_reports": _("Tìm dấu hiệu bất thường trong báo cáo"),
    "rollout.tasks.sync_all_seats": _("Đối chiếu danh sách cán bộ với tài khoản"),
}
LANES: dict[str, Promise] = {
    "agencies": _("Cơ quan, cán bộ"),
    "alerts": _("Cảnh báo"),
    "channels": _("Kênh phát"),
    "connectors": _("Đọc dữ liệu của các sở"),
    "connectors.slow": _("Đọc dữ liệu, nơi trả lời chậm"),
    "content": _("Nội dung"),
    "events": _("Sự việc giữa các phần"),
    "fieldreports": _("Phản ánh"),
    "finding": _("Tìm kiếm"),
    "housekeeping": _("Dọn dẹp, việc hằng ngày"),
    "messages": _("Gửi tin"),
    "photos": _("Ảnh phản ánh"),
    "rollout": _("Triển khai, số liệu"),
}
FAULTS: dict[str, Promise] = {
    job_faults.WORKER_DIED: _("Tiến trình chết giữa chừng mỗi lần làm việc này (thường do thiếu bộ nhớ)"),
    job_faults.NO_SUCH_TASK: _("Bản phần mềm đang chạy không còn việc tên này"),
    "OperationalError": _("Mất liên lạc với cơ sở dữ liệu, hoặc cơ sở dữ liệu không làm kịp"),
    "InterfaceError": _("Mất liên lạc với cơ sở dữ liệu"),
    "IntegrityError": _("Dữ liệu trùng hoặc thiếu, cơ sở dữ liệu không nhận"),
    "TimeoutError": _("Nơi được hỏi không trả lời kịp"),
    "ReadTimeout": _("Nơi được hỏi không trả lời kịp"),
    "ConnectTimeout": _("Không nối được tới nơi được hỏi"),
    "ConnectError": _("Không nối được tới nơi được hỏi"),
    "ConnectionError": _("Không nối được tới nơi được hỏi"),
    "ConnectionRefusedError": _("Nơi được hỏi không nhận kết nối"),
    "ConnectionResetError": _("Nơi được hỏi ngắt kết nối"),
    "MemoryError": _("Máy hết bộ nhớ"),
    "OSError": _("Không đọc hoặc ghi được tệp (đĩa đầy, mất quyền)"),
    "PermissionError": _("Không có quyền đọc hoặc ghi tệp"),
    "FileNotFoundError": _("Không còn tệp cần đọc"),
}
STATES: dict[str, tuple[str, Promise]] = {
    "todo": ("plain", _("Đang chờ")),
    "doing": ("plain", _("Đang làm")),
    "succeeded": ("ok", _("Xong")),
    "failed": ("bad", _("Thất bại")),
    "cancelled": ("warn", _("Đã bỏ")),
    "aborted": ("warn", _("Đã dừng")),
}


def task(name: str) -> str | Promise:
    """Return what a task does; one nobody named is called by its name."""
    return TASKS.get(name.removeprefix("smarthd."), name)


def lane(name: str) -> str | Promise:
    """Return what a lane is for."""
    return LANES.get(name, name)


def fault(error: str) -> str | Promise:
    """Return what kind of fault a job ended with: a refusal of ours by its own words."""
    if error in FAULTS:
        return FAULTS[error]
    if error in {one.__name__ for one in _refusals(Refusal)}:
        return refusals.words_of_name(error).title
    return _("Lỗi trong phần mềm") if error else _("Không ghi lại được vì sao")


def _refusals(family: type[Refusal]) -> set[type[Refusal]]:
    return {family}.union(*(_refusals(one) for one in family.__subclasses__()))
