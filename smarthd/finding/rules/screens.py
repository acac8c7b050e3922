"""The app's own pages by the words people look for them with. What leads to a page that is not there fails a test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Screen:
    """A page of the app; ``said`` are other words for it."""

    path: str
    title: str
    note: str
    said: tuple[str, ...] = ()


SCREENS: tuple[Screen, ...] = (
    Screen("/phan-anh/gui/", "Gửi phản ánh", "Báo việc chưa tốt ở nơi mình: đường hỏng, rác, đèn, điện, nước",
           ("phản ánh", "kiến nghị", "khiếu nại", "tố cáo", "báo hỏng", "góp ý", "gửi ảnh hiện trường")),
    Screen("/phan-anh/", "Phản ánh quanh đây", "Bà con đã phản ánh gì, cơ quan trả lời ra sao", ("phản ánh hiện trường", "xem phản ánh")),
    Screen("/phan-anh/ban-do/", "Bản đồ phản ánh", "Phản ánh trên bản đồ", ()),
    Screen("/phan-anh/cua-toi/", "Phản ánh của tôi", "Việc mình đã gửi đang tới đâu", ("theo dõi phản ánh", "mã phản ánh")),
    Screen("/canh-bao/", "Cảnh báo", "Bão, lũ, mưa lớn, cháy và việc cần tránh ngay lúc này",
           ("bão", "lũ lụt", "ngập", "thiên tai", "mưa to", "cảnh báo thiên tai")),
    Screen("/danh-ba/", "Danh bạ gọi khẩn cấp", "Công an, cứu hỏa, cấp cứu, đường dây nóng của xã, phường",
           ("số điện thoại", "đường dây nóng", "gọi khẩn cấp", "hotline")),
    Screen("/danh-ba/can-bo/", "Cán bộ phụ trách", "Hỏi ai, gặp ai, lịch tiếp công dân", ("tiếp công dân", "gặp cán bộ", "lịch tiếp dân")),
    Screen("/dia-chi/", "Địa chỉ cũ và mới", "Xã, phường, huyện cũ nay là đâu",
           ("sáp nhập xã", "tên xã mới", "xã cũ", "huyện cũ", "tra cứu địa chỉ", "đổi địa chỉ")),
    Screen("/tra-cuu-ho-so/", "Tra cứu hồ sơ", "Hồ sơ đã nộp ở bộ phận một cửa đang tới đâu",
           ("một cửa", "mã hồ sơ", "tình trạng hồ sơ", "dịch vụ công", "hồ sơ của tôi")),
    Screen("/du-lieu/", "Tra cứu dữ liệu", "Bệnh viện, nhà thuốc, trường học, xe buýt, giá đất, lịch cắt điện nước",
           ("dữ liệu", "bảng tra cứu", "tra cứu")),
    Screen("/du-lieu/mo/", "Dữ liệu mở", "Lấy dữ liệu của tỉnh về dùng", ("api", "tải dữ liệu")),
    Screen("/thong-bao/", "Thông báo", "Thông báo của xã, phường và của tỉnh", ()),
    Screen("/noi-dung/", "Tin tức, thủ tục", "Tin tức, cẩm nang, thủ tục, văn bản, hỏi đáp, sự kiện", ()),
    Screen("/thu-tuc/", "Thủ tục hành chính", "Cần giấy tờ gì, nộp ở đâu, bao lâu xong", ("làm giấy tờ",)),
    Screen("/su-kien/", "Sự kiện", "Lễ hội, khám bệnh, tiêm phòng, họp dân sắp tới", ("lịch sự kiện", "lễ hội")),
    Screen("/y-kien/", "Khảo sát, góp ý dự thảo", "Trả lời câu hỏi, góp ý văn bản đang soạn", ("khảo sát", "lấy ý kiến", "thăm dò")),
    Screen("/cai-dat/", "Cài đặt: chữ to, màu, ngôn ngữ", "Chữ to, nền tối, tiếng Anh, xã phường của mình",
           ("cài chữ to", "phóng to chữ", "cỡ chữ", "nền tối", "english", "đổi ngôn ngữ")),
    Screen("/bat-dau/", "Chọn xã, phường của mình", "Để thấy đúng tin của nơi mình ở", ("đổi xã", "chọn phường", "nơi ở")),
    Screen("/cai-dat-ung-dung/", "Cài ứng dụng lên màn hình chính", "Cách cài trên điện thoại Android, iPhone",
           ("cài app", "cài ứng dụng", "tải ứng dụng", "tải app")),
    Screen("/toi/nhan-thong-bao/", "Nhận thông báo trên điện thoại", "Bật, tắt báo tin, chọn loại tin muốn nhận",
           ("bật thông báo", "tắt thông báo", "báo tin")),
    Screen("/toi/hop-thu/", "Hộp thư", "Tin gửi riêng cho mình", ("tin nhắn",)),
    Screen("/toi/tai-khoan/", "Tài khoản của tôi", "Tên, số điện thoại, sự đồng ý, thiết bị",
           ("đổi số điện thoại", "xóa tài khoản", "dữ liệu cá nhân")),
    Screen("/dang-nhap/", "Đăng nhập", "Bằng số điện thoại hoặc VNeID", ("vneid", "đăng ký", "mở tài khoản", "tạo tài khoản")),
    Screen("/quyen-rieng-tu/", "Quyền riêng tư", "Ứng dụng giữ gì của mình, giữ bao lâu", ("bảo mật", "thông tin cá nhân")),
    Screen("/tro-giup/", "Trợ giúp", "Cách dùng ứng dụng, hỏi ở đâu", ("hướng dẫn sử dụng", "giúp đỡ", "cách dùng")),
)  # fmt: skip
