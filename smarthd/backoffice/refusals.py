"""Words of the desk for refusals of the contexts below: what happened, what is kept, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from smarthd.alerts.rules import refusals as alerts
from smarthd.channels.rules import refusals as channels
from smarthd.connectors.rules import refusals as connectors
from smarthd.content.rules import refusals as contents
from smarthd.fieldreports.rules import refusals as fieldreports
from smarthd.ui.refusals import say

WORDS = (
    ("NoRoleHere", _("Tài khoản này chưa có vai trò"), _("Bàn làm việc dành cho cán bộ được phân vai trò. Xin liên hệ người quản trị của cơ quan mình.")),
    ("CutOffAhead", _("Ngày chốt chưa qua"), _("Chỉ lập báo cáo cho ngày đã kết thúc, để số liệu không đổi nữa. Xin chọn ngày hôm qua trở về trước.")),
    ("NameSaysNothing", _("Tên chưa đủ"), _("Xin ghi tên bà con hay gọi và những chữ có trong tên chính thức.")),
    ("NameKnown", _("Đã có tên này"), _("Tên thường gọi này đã dẫn tới đúng những chữ ấy rồi. Không cần thêm nữa.")),
    ("NameUnknown", _("Không có tên này"), _("Tên đã thôi dùng, hoặc địa chỉ gõ thiếu. Xin chọn lại trong danh sách.")),
    ("KeyUnknown", _("Không có khóa này"), _("Khóa đã thu, hoặc địa chỉ gõ thiếu. Xin chọn lại trong danh sách.")),
    ("NothingMeasured", _("Chưa có số liệu cho ngày này"), _("Chọn ngày sau khi chiến dịch bắt đầu. Số liệu được cộng dồn mỗi phút khi tiến trình nền chạy.")),
    ("NoBoundariesThen", _("Chưa có địa giới của ngày này"), _("Danh mục đơn vị hành chính bắt đầu từ ngày 1/12/2019. Xin chọn địa giới từ ngày ấy trở đi.")),
    ("CampaignNotFound", _("Không có chiến dịch này"), _("Xin chọn lại chiến dịch trong danh sách.")),
    ("ScopeNotFound", _("Không có đơn vị mang mã này"), _("Mã đơn vị phải có trong danh mục của ngày địa giới đã chọn.")),
    ("NotTheIssuer", _("Không lập được báo cáo của đơn vị này"), _("Báo cáo do cơ quan chủ trì hoặc Ủy ban nhân dân của đơn vị đó lập.")),
    ("OwnReportSignOff", _("Người lập không tự ký duyệt"), _("Báo cáo cần một người khác có thẩm quyền ký duyệt. Bản dự thảo vẫn được giữ nguyên.")),
    ("ReportSignedOff", _("Báo cáo đã ký duyệt"), _("Bản đã ký không sửa được nữa. Nếu số liệu thay đổi, xin lập bản mới.")),
    ("ReportOutdated", _("Số liệu đã thay đổi"), _("Từ khi lập bản này, số liệu của kỳ chốt đã đổi (dữ liệu đến muộn hoặc mẫu số mới). Xin lập bản mới rồi ký.")),
    ("UnknownFigureToken", _("Có ký hiệu số liệu không đúng"), _("Các ký hiệu này không ứng với con số nào: %(tokens)s. Xin sửa rồi lưu lại; phần đang gõ vẫn còn.")),
    ("BadDenominator", _("Mẫu số chưa dùng được"), _("Cần số không âm, có nguồn, ngày không ở tương lai, của một xã, phường hoặc thôn, khu. Chưa có gì được ghi.")),
    ("MixedBase", _("Xã, phường này đã có số theo cách khác"), _("Một xã, phường có một số chung, hoặc từng số của thôn, khu; có cả hai thì đếm hai lần. Xin bỏ cách kia trước. Chưa có gì được ghi.")),
    ("BaseUnknown", _("Số này không còn dùng"), _("Có người vừa thay hoặc bỏ số này. Xin tải lại trang.")),
    ("BaseImportUnknown", _("Không có lần nhập này"), _("Địa chỉ có thể đã cũ. Xin mở lại từ trang Mẫu số.")),
    ("BaseImportClosed", _("Bản xem trước không còn dùng được"), _("Bản này đã bỏ, hoặc từ lúc xem trước số liệu liên quan đã thay đổi. Xin nộp lại tệp để xem bản mới. Chưa có gì được ghi.")),
    ("NoBaseTable", _("Không thấy bảng số liệu"), _("Cần một dòng tiêu đề có cột “Đơn vị” hoặc “Mã”, và ít nhất một cột số như “Dân số”, “Số hộ”, “Người có điện thoại thông minh”; nhiều nhất 5.000 dòng. Chưa có gì được lưu.")),
    ("FileTooLarge", _("Tệp quá lớn"), _("Tệp lớn hơn %(limit_mb)s MB. Xin tách thành nhiều tệp theo cơ quan. Chưa có gì được lưu.")),
    ("EmptyFile", _("Tệp trống"), _("Tệp không có nội dung. Xin chọn tệp khác.")),
    ("ZipBomb", _("Tệp không an toàn"), _("Tệp nén bung ra quá lớn nên không được mở. Chưa có gì được lưu.")),
    ("BrokenArchive", _("Không mở được tệp"), _("Tệp hỏng hoặc không phải xlsx. Xin mở bằng Excel, lưu lại rồi tải lên.")),
    ("DifficultyFaulty", _("Có chỗ chưa rõ"), _("Xin xem lại các mục được đánh dấu. Những gì đã gõ vẫn còn.")),
    ("NoSuperior", _("Không còn cấp trên"), _("Nơi đang giữ đã là cấp cao nhất của tuyến này. Xin giải quyết hoặc trình quyết định.")),
    ("BadMerge", _("Không gộp được"), _("Chỉ gộp các vướng mắc còn đang mở của cùng một chiến dịch, và không gộp vào chính nó.")),
    ("DecisionFaulty", _("Dự thảo chưa đủ"), _("Xin xem lại các mục được đánh dấu. Những gì đã gõ vẫn còn.")),
    ("OwnDecision", _("Người trình không tự duyệt"), _("Quyết định cần một người khác có thẩm quyền duyệt. Dự thảo vẫn được giữ nguyên.")),
    ("NothingToDecide", _("Không còn gì để giải quyết"), _("Các vướng mắc trong dự thảo đều đã được giải quyết cách khác. Có thể thôi trình.")),
    ("NotAMaterial", _("Tệp không phải PDF hay ảnh"), _("Xin gửi PDF hoặc ảnh JPEG, PNG, WebP. Chưa có gì được lưu.")),
    ("NotADocument", _("Tệp không phải PDF"), _("Xin gửi văn bản dạng PDF. Chưa có gì được lưu.")),
    ("ContentChanged", _("Nội dung vừa thay đổi"), _("Đã có người sửa từ lúc mở trang. Xin đọc lại bản mới rồi làm tiếp.")),
    ("NotYetTime", _("Chưa đến giờ"), _("Lượt này chưa đến giờ theo lịch, hoặc giờ phát ghi ở sau hiện tại.")),
    ("TimeOver", _("Đã quá giờ"), _("Chỉ hủy hoặc dời trước giờ theo lịch. Sau giờ ấy, xin ghi đã phát hoặc không phát.")),
    ("NotASound", _("Tệp không phải bản ghi âm"), _("Xin gửi ảnh, hoặc bản ghi âm mp3, m4a, ogg, wav, amr. Chưa có gì được lưu.")),
    ("NotAPicture", _("Tệp không phải ảnh"), _("Xin gửi ảnh JPEG, PNG hoặc WebP còn nguyên vẹn. Chưa có gì được lưu.")),
    ("PictureTooLarge", _("Ảnh quá lớn"), _("Ảnh tối đa 12 MB và 50 triệu điểm ảnh. Xin thu nhỏ rồi gửi lại.")),
    ("EnoughProof", _("Đã đủ minh chứng"), _("Mỗi lượt phát giữ nhiều nhất sáu minh chứng.")),
    ("LaterEventStands", _("Đã có thay đổi muộn hơn"), _("Phải hoàn lại thay đổi muộn hơn của chính đơn vị này trước.")),
    ("ObligationUnknown", _("Không có báo cáo này"), _("Báo cáo không có, hoặc không thuộc đơn vị trong tầm phụ trách. Xin mở lại từ danh sách.")),
    ("PeriodUnknown", _("Không có kỳ báo cáo này"), _("Xin chọn lại kỳ trong danh sách.")),
    ("CampaignUnknown", _("Không có chiến dịch này"), _("Xin chọn lại chiến dịch trong danh sách.")),
    ("FormUnknown", _("Chưa có biểu"), _("Biểu không có, hoặc chưa công bố bản nào. Xin dựng và công bố biểu trước.")),
    ("NothingOwed", _("Đơn vị đã được miễn báo cáo này"), _("Không cần làm nữa. Số đã gõ không được gửi đi.")),
    ("StaleDraft", _("Đồng nghiệp vừa sửa bản nháp này"), _("Số đang gõ vẫn còn. Xin xem chỗ khác nhau rồi lưu lại.")),
    ("ReportFaulty", _("Báo cáo còn chỗ phải sửa"), _("Xem lời nhắc tại từng mục. Những gì đã gõ vẫn còn nguyên.")),
    ("OwnReport", _("Người đã làm bước trước không làm bước này"), _("Người gửi không tự xác nhận; người xác nhận không tự tiếp nhận. Xin để người khác có thẩm quyền làm.")),
    ("ReasonsMissing", _("Chưa ghi lý do trả lại"), _("Xin ghi lý do ít nhất tại một mục, để đơn vị biết sửa chỗ nào.")),
    ("TermOver", _("Đã quá lúc cho phép"), _("Gia hạn phải cấp trước hạn và hạn mới phải muộn hơn; báo cáo đã gửi thì không miễn nữa. Chưa có gì được ghi.")),
    ("OutageKnown", _("Sự cố này đã được ghi"), _("Khoảng thời gian này trùng với một sự cố đã ghi; hạn đã dời một lần rồi. Chưa có gì được ghi thêm.")),
    ("SealedBeforeReturn", _("Báo cáo đã bị trả lại"), _("Bản niêm phong này làm trước khi báo cáo bị trả lại. Xin mở niêm phong, đọc lý do trả lại, sửa rồi gửi.")),
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
    ("IllegalMove", _("Việc này đã sang bước khác"), _("Có người vừa làm trước. Xin tải lại trang để xem hiện trạng; chưa có gì bị mất.")),
    ("OrphanedUnits", _("Có đơn vị không còn cấp trên"), _("Sau thay đổi này, các đơn vị sau sẽ mồ côi: %(names)s. Xin nêu nơi chuyển đến của từng đơn vị.")),
    ("NotStandingThen", _("Có đơn vị không tồn tại vào ngày ấy"), _("Kiểm tra ngày có hiệu lực: đơn vị phải tồn tại ngay trước ngày ấy.")),
    ("AlreadyStanding", _("Đơn vị hoặc mã đã có"), _("Đơn vị định thành lập, hoặc mã của nó, đã có vào ngày ấy.")),
    ("NeverStood", _("Đơn vị vừa thành lập vừa kết thúc trong một ngày"), _("Hãy gộp hai thay đổi thành một.")),
    ("SharesDoNotAddUp", _("Các phần chia chưa đủ"), _("Các phần của đơn vị bị chia phải cộng lại bằng 100%.")),
    ("WrongLevel", _("Cấp của đơn vị chưa đúng"), _("Cấp trên phải cao hơn cấp dưới, và loại đơn vị phải đúng cấp.")),
    ("DayNotExplained", _("Ngày này chưa có bảng kế thừa"), _("Danh mục của ngày này được nhập mà chưa có bảng kế thừa; nhập bảng kế thừa trước.")),
    ("DifferentDays", _("Khác ngày hiệu lực"), _("Các thay đổi áp dụng cùng lúc phải có cùng ngày hiệu lực.")),
    ("EventUnknown", _("Không có thay đổi này"), _("Xin mở lại từ danh sách các thay đổi.")),
    ("TeamNameTaken", _("Đã có tổ mang tên này"), _("Xã, phường đã có tổ “%(team)s”. Xin đặt tên khác hoặc mở tổ ấy.")),
    ("VillageTaken", _("Thôn, khu đã có tổ phụ trách"), _("%(village)s đang do tổ khác phụ trách. Mỗi thôn, khu chỉ một tổ.")),
    ("VillageElsewhere", _("Nơi này không thuộc xã, phường"), _("Tổ chỉ phụ trách thôn, khu của xã, phường mình.")),
    ("NotAVillageOf", _("Chưa thêm được thôn, khu"), _("Tên trống hoặc đã có trong danh sách của xã, phường.")),
    ("AlreadyInTeam", _("Người này đã ở trong một tổ"), _("Số điện thoại này đang là thành viên của một tổ. Mỗi người chỉ ở một tổ.")),
    ("NotAPhone", _("Số điện thoại chưa đúng"), _("Xin ghi số di động Việt Nam, ví dụ 0912 345 678.")),
    ("OwnExpense", _("Không tự duyệt khoản chi của mình"), _("Xin để người khác có thẩm quyền duyệt.")),
    ("NothingToSettle", _("Đã được xử lý"), _("Không còn lần thăm nào trùng ở đây.")),
    ("SuspicionUnknown", _("Không có dấu hiệu này"), _("Dấu hiệu đã được bỏ, hoặc không thuộc phần việc của mình.")),
    ("OwnSuspicion", _("Cần người khác quyết định"), _("Không tự quyết định về tài khoản của mình, hay về giải trình với quyết định của chính mình.")),
    ("FilterNameless", _("Bộ lọc chưa có tên"), _("Xin đặt tên, nhiều nhất 60 chữ. Các điều kiện lọc vẫn còn ở trang trước.")),
    ("TooManyFilters", _("Đã lưu hai mươi bộ lọc"), _("Xin bỏ bớt một bộ lọc cũ rồi lưu lại.")),
    ("FilterUnknown", _("Không có bộ lọc này"), _("Bộ lọc có thể đã được bỏ. Xin mở lại danh sách phản ánh.")),
    ("JobUnknown", _("Không còn việc thất bại này"), _("Việc đã được làm lại, đã bỏ, hoặc địa chỉ gõ thiếu. Xin mở lại trang Việc nền.")),
    ("SameWaits", _("Việc y như vậy đang chờ"), _("Trong hàng đã có một việc giống hệt, sẽ được làm khi đến lượt. Việc thất bại này có thể bỏ. Chưa có gì thay đổi.")),
    ("ReasonMissing", _("Chưa ghi lý do"), _("Xin ghi lý do, ít nhất một câu.")),
)  # fmt: skip


def register() -> None:
    """Give every refusal above its words; called once when Django is ready."""
    for name, (head, what, status) in {
        **fieldreports.WORDS,
        **alerts.WORDS,
        **channels.WORDS,
        **connectors.WORDS,
        **contents.WORDS,
    }.items():
        say(name, _(head), _(what), status=status)
    for name, title, body in WORDS:
        say(name, title, body)
