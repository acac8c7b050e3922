"""What made-up reports say: by category a few ways to tell of it, where it is, how long, how it was answered. Written by us; nobody's words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LABEL = "(phản ánh dùng thử)"

SAID: dict[str, tuple[str, ...]] = {
    "o-ga-mat-duong": ("Mặt đường có ổ gà sâu, xe máy đi qua rất xóc", "Đường lún thành hố, trời mưa ngập không thấy, đã có người ngã", "Nhựa đường bong tróc một đoạn dài", "Ổ gà rộng giữa đường, ô tô phải lách sang làn ngược chiều"),
    "via-he-hu-hong": ("Gạch vỉa hè vỡ, người già đi hay vấp", "Bó vỉa bật lên chắn lối xe lăn", "Vỉa hè lún một mảng lớn"),
    "nap-cong": ("Nắp cống bị mất, hố hở giữa lối đi", "Nắp hố ga vỡ đôi, xe đi qua kêu rất to", "Hố ga kênh nắp, trẻ con hay chơi gần đó"),
    "lan-chiem": ("Hàng quán bày kín vỉa hè, người đi bộ phải xuống lòng đường", "Vật liệu xây dựng đổ tràn ra đường cả tuần", "Xe để kín vỉa hè trước cửa hàng"),
    "den-tin-hieu": ("Đèn tín hiệu ngã tư tắt, giờ tan tầm rất lộn xộn", "Đèn xanh đỏ hai hướng sáng cùng lúc"),
    "bien-bao": ("Biển báo bị cây che khuất", "Vạch sang đường mờ hết, gần cổng trường", "Biển báo đường cong bị xe đâm đổ"),
    "do-xe-sai": ("Xe tải đỗ chắn lối vào khu dân cư", "Ô tô đỗ kín trước cổng trường giờ đón trẻ"),
    "xe-qua-tai": ("Xe ben chở đất rơi vãi đầy đường, bụi mù", "Xe quá tải chạy vào đường làng ban đêm, nứt cả tường nhà"),
    "den-duong": ("Đèn đường tắt cả đoạn, tối đến không nhìn thấy gì", "Bóng đèn chập chờn rồi tắt hẳn", "Cột đèn chiếu sáng không sáng đã nhiều ngày", "Dãy đèn đường sáng cả ban ngày, tối lại tắt"),
    "den-ngo-xom": ("Đèn ngõ của thôn hỏng, người già đi lại khó", "Đường làng tối om vì đèn không sáng"),
    "day-dien": ("Dây điện võng sát đầu người", "Cột điện nghiêng sau cơn giông, sợ đổ", "Dây điện đứt vắt ngang bờ rào"),
    "rac-chua-thu-gom": ("Rác chưa thu gom, bốc mùi cả khu", "Thùng rác đầy tràn, xe rác không đến", "Đống rác sinh hoạt ứ ở đầu ngõ"),
    "do-trom-rac": ("Có người đổ trộm phế thải xây dựng ra bờ mương", "Bãi rác tự phát cạnh đường gom ngày càng to", "Đêm nào cũng có xe đổ rác ra chân đê"),
    "dot-rac": ("Khói đốt rơm rạ mù mịt, người đi đường không thấy gì", "Đốt rác ngay cạnh trường, mùi khét"),
    "o-nhiem-nuoc": ("Nước mương đen, mùi hôi, cá chết nổi", "Ao làng sủi bọt, có ống xả nước thải ra ao"),
    "o-nhiem-khi": ("Trại chăn nuôi xả mùi hôi cả xóm không chịu được", "Xưởng xả khói bụi bám đầy nhà"),
    "tieng-on": ("Hát loa kéo quá khuya, trẻ con không ngủ được", "Công trình khoan đục lúc nửa đêm"),
    "mat-nuoc": ("Mất nước sạch từ sáng, cả khu không có nước dùng", "Nước yếu, tầng hai không lên được"),
    "nuoc-ban": ("Nước máy đục, để lắng có cặn vàng", "Nước có mùi lạ không dám nấu ăn"),
    "vo-ong-nuoc": ("Ống nước vỡ, nước chảy tràn ra đường", "Rò nước dưới vỉa hè, đường sắp sụt"),
    "ngap-ung": ("Mưa một lúc là ngập vào sân vì cống tắc", "Nước không thoát, ngập cả ngày sau mưa"),
    "cay-do": ("Cây đổ chắn nửa đường sau giông", "Cành cây to gãy mắc trên dây điện, sắp rơi"),
    "cat-tia-cay": ("Cành cây um tùm che hết đèn đường", "Cây lâu chưa cắt tỉa, cành vướng dây điện"),
    "cong-vien": ("Ghế đá vườn hoa gãy, đu quay hỏng bật ốc", "Dụng cụ tập ở nhà văn hóa hỏng từ lâu"),
    "xay-dung-khong-phep": ("Nhà đang xây không thấy biển phép", "Dựng xưởng trên đất ruộng"),
    "cong-trinh-mat-an-toan": ("Giàn giáo không che chắn, vật liệu rơi xuống lối đi", "Hố đào sâu cạnh đường không có rào, đèn báo"),
    "cho-tha-rong": ("Chó thả rông không rọ mõm đuổi trẻ con", "Đàn chó ở đầu ngõ hay đuổi xe"),
    "mot-cua": ("Hồ sơ quá ngày hẹn chưa có kết quả, không ai báo", "Chờ cả buổi ở bộ phận một cửa mới đến lượt"),
    "loa-truyen-thanh": ("Loa phường phát quá to lúc năm giờ sáng", "Loa truyền thanh của thôn bị rè, không nghe rõ"),
    "viec-khac": ("Đề nghị có thêm ghế chờ ở điểm trả hồ sơ", "Mong có lịch thu gom đồ cũ cồng kềnh"),
}  # fmt: skip
SHARES: dict[str, float] = {
    "o-ga-mat-duong": 9, "den-duong": 10, "rac-chua-thu-gom": 10, "do-trom-rac": 7, "ngap-ung": 6, "lan-chiem": 5, "tieng-on": 5,
    "den-ngo-xom": 4, "cat-tia-cay": 4, "nap-cong": 4, "day-dien": 3, "xe-qua-tai": 4, "o-nhiem-nuoc": 4, "mat-nuoc": 3,
}  # fmt: skip
WHERE = ("trước cổng chợ", "gần trường tiểu học", "đầu ngõ 5", "cạnh nhà văn hóa khu", "cuối thôn", "ở ngã tư lớn", "sau đình làng",
         "dọc đường gom", "chỗ rẽ vào trạm y tế", "bên bờ kênh", "trước khu tập thể cũ", "gần cầu mới")  # fmt: skip
SINCE = ("mấy hôm nay", "từ tuần trước", "đã cả tháng", "từ tối qua", "sau trận mưa", "lâu nay", "")
STREETS = (
    "Nguyễn Lương Bằng",
    "Trần Hưng Đạo",
    "Thanh Niên",
    "Bạch Đằng",
    "Lê Thanh Nghị",
    "Ngô Quyền",
    "Hồng Quang",
    "Phạm Ngũ Lão",
)

DONE = (
    "Đã cử tổ công tác đến hiện trường và khắc phục xong, có ảnh kèm theo; đề nghị bà con theo dõi thêm.",
    "Đơn vị đã xử lý trong buổi chiều, kiểm tra lại buổi tối thấy bình thường, gửi ảnh sau khi làm xong.",
    "Đã sửa chữa, thay thế phần hư hỏng; khu phố đã cùng kiểm tra và ký xác nhận, ảnh gửi kèm.",
)
PLANNED = (
    "Đã khảo sát, đưa vào kế hoạch sửa chữa tháng tới vì cần bố trí vốn; trong khi chờ đã đặt biển cảnh báo và rào tạm."
)
EXPLAINED = "Đã kiểm tra tại chỗ và trao đổi với các hộ xung quanh; việc này diễn ra trong giờ quy định, đơn vị đã nhắc giữ trật tự."
NOT_OURS = "Tuyến này không do xã, phường quản lý; đã xác định cơ quan có thẩm quyền để chuyển tiếp giúp người gửi."
UNTRUE = "Đã đến tận nơi hai lần, ảnh chụp cho thấy hiện trạng bình thường, chưa thấy việc như phản ánh nêu."
NOT_FIXED = "Hôm sau lại như cũ, ảnh trả lời chụp ở chỗ khác, mong kiểm tra lại."
CONTESTED = "Đoạn này là đường trong khu dân cư, phường vẫn sửa những lần trước, mong cấp trên xem lại."
ASKED = "Nhờ cho biết chính xác cột số mấy, hoặc gửi thêm một ảnh chụp rõ vị trí."


def shares() -> tuple[list[str], np.ndarray]:
    """Return the categories and how common each is."""
    keys = list(SAID)
    weights = np.array([SHARES.get(key, 1.5) for key in keys])
    return keys, weights / weights.sum()


def told(rng: np.random.Generator, key: str, *, label: str = LABEL) -> str:
    """Return one made-up text of a category."""
    parts = [_of(rng, SAID[key]), _of(rng, WHERE), _of(rng, SINCE)]
    return f"{' '.join(part for part in parts if part)}. {label}".strip()


def _of(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.integers(len(choices)))]
