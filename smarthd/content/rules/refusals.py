"""What people read when something about content is refused them: by the refusal's name, title, body, status (None: the family's)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str, int | None]] = {
    "ArticleUnknown": (
        "Không có bài này",
        "Đường dẫn có thể đã cũ hoặc gõ nhầm. Xin tìm lại trong mục tương ứng.",
        None,
    ),
    "FileUnknown": ("Không có tệp này", "Tệp có thể đã được gỡ cùng bài viết.", None),
    "SectionUnknown": ("Không có mục này", "Mục nội dung không có, hoặc ngoài phạm vi của anh chị.", None),
    "PromiseFaulty": (
        "Lời hẹn chưa dùng được",
        "Số ngày từ 1 đến 730, người phụ trách phải đang biên tập hoặc lãnh đạo tại cơ quan này. Chưa có gì được ghi.",
        None,
    ),
    "SurveyUnknown": ("Không có cuộc lấy ý kiến này", "Đường dẫn có thể đã cũ, hoặc cuộc lấy ý kiến chưa mở.", None),
    "SurveyNotOpen": (
        "Hiện không nhận trả lời",
        "Cuộc lấy ý kiến chưa mở hoặc đã kết thúc. Chưa có gì được ghi.",
        None,
    ),
    "NotAsked": (
        "Cuộc lấy ý kiến này dành cho nơi khác",
        "Nơi ở ghi trong tài khoản không thuộc địa bàn được hỏi. Nếu nơi ở chưa đúng, xin sửa trong mục Tôi.",
        None,
    ),
    "AnsweredAlready": ("Bà con đã trả lời rồi", "Mỗi người trả lời một lần; câu trả lời trước vẫn được giữ.", None),
    "SurveyAnswerFaulty": (
        "Câu trả lời chưa đủ",
        "Xin trả lời các câu bắt buộc bằng lựa chọn có sẵn. Chưa có gì được ghi.",
        None,
    ),
    "OwnSurveyOpening": (
        "Người soạn không tự mở",
        "Cần một người khác trong cơ quan xem lại rồi mở lấy ý kiến. Bản soạn vẫn được giữ.",
        None,
    ),
    "SurveyFaulty": (
        "Chưa mở được",
        "Cần tiêu đề, lời giới thiệu, ít nhất một câu hỏi hoặc dự thảo, nhiều nhất 12 câu, và ngày kết thúc ở sau hôm nay.",
        None,
    ),
    "QuestionLeadsOn": (
        "Chưa bỏ được câu này",
        "Có câu khác chỉ hỏi người đã chọn một trả lời của câu này. Xin bỏ câu ấy trước.",
        None,
    ),
    "PaperTaken": (
        "Phiếu này đã nhập",
        "Mỗi số phiếu của một cơ quan nhập một lần. Xin xem lại số ghi trên phiếu.",
        None,
    ),
    "OpinionFaulty": ("Có chỗ chưa đủ", "Xin xem lại các mục được đánh dấu. Những gì đã gõ vẫn còn.", None),
    "ExplainedAlready": ("Bảng tiếp thu, giải trình đã công bố", "Bản đã công bố giữ nguyên, không sửa nữa.", None),
    "NotExplained": (
        "Chưa công bố được",
        "Cần hết hạn góp ý và ít nhất một nhóm ý kiến đã có câu trả lời. Những gì đã ghi vẫn còn.",
        None,
    ),
    "IdeaUnknown": ("Không có ý tưởng này", "Mã có thể gõ nhầm, hoặc ý tưởng chưa được đăng.", None),
    "RoundUnknown": ("Không có đợt hiến kế này", "Đường dẫn có thể đã cũ, hoặc đợt chưa mở.", None),
    "RoundClosed": (
        "Đợt hiến kế không nhận ý tưởng lúc này",
        "Đợt chưa mở hoặc đã hết ngày. Ý tưởng vẫn gửi được ngoài đợt.",
        None,
    ),
    "IdeaFaulty": ("Có chỗ chưa đủ", "Xin xem lại các mục được đánh dấu. Những gì đã viết vẫn còn.", None),
    "IdeaWarned": (
        "Cần xem lại lời viết trước khi đăng",
        "Máy thấy có thể có tên người, số điện thoại hoặc lời xúc phạm. Xin đọc, đánh dấu đã xem rồi đăng, hoặc trả lại người viết.",
        None,
    ),
    "IdeaPicturesFull": ("Không thêm được ảnh", "Mỗi ý tưởng nhiều nhất ba ảnh, thêm trước khi được đăng.", None),
    "IdeaNotOpen": (
        "Ý tưởng này đã có câu trả lời",
        "Không ghi thêm người ủng hộ nữa; xin đọc câu trả lời của cơ quan.",
        None,
    ),
    "NotAlikeIdeas": (
        "Không gộp được",
        "Cần mã của một ý tưởng khác, đang được đăng và trong phạm vi của anh chị. Chưa có gì được ghi.",
        None,
    ),
    "OwnIdea": (
        "Ý tưởng của chính mình",
        "Người đề xuất không tự duyệt, không tự trả lời. Xin nhờ người khác trong cơ quan.",
        None,
    ),
    "OwnRoundOpening": (
        "Người soạn không tự mở",
        "Cần một người khác trong cơ quan xem lại rồi mở đợt. Bản soạn vẫn được giữ.",
        None,
    ),
}
