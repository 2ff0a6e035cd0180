"""The sentences of these pages, in the catalogues of the citizen's form; see `server.comments.words`. Those of a case are its steps'."""

from server.comments.words import Message


def _(sentence: str) -> str:
    """Marks a sentence for translation where no language is chosen yet."""
    return sentence


PAGE = {
    "title": _("Góp ý của tôi đến đâu rồi?"),
    "ask": _("Xin nhập mã số đã nhận khi gửi góp ý, ví dụ AB12-CD34. Chữ hoa hay chữ thường đều được, có thể bỏ dấu gạch."),
    "number": _("Mã số góp ý"),
    "look": _("Xem"),
    "no_names": _("Trang này không hiện lời đã viết và không hiện tên ai."),
    "another": _("Xem mã số khác"),
    "place": _("Nơi nhận"),
    "since": _("Cập nhật ngày"),
    "by": _("Trả lời chậm nhất"),
    "meeting": _("Ngày hẹn gặp"),
    "outcome": _("Kết quả đã công khai"),
    "late": _("Việc này chậm hơn đã hẹn. Chúng tôi xin lỗi ông/bà."),
    "erased": _("Lời ông/bà viết đã được xóa, không ai còn đọc được."),
    "held_back": _("Cơ quan còn phải giữ lời này để giải quyết, nên bây giờ chưa xóa được. Xin hỏi bộ phận tiếp dân."),
    "more": _("Cần hỏi thêm, xin gặp bộ phận tiếp dân và cho biết mã số này."),
    "withdraw": _("Rút góp ý, xóa lời tôi viết"),
    "sure": _("Ông/bà muốn rút góp ý này?"),
    "deleted": _("Sẽ bị xóa hẳn, không lấy lại được:"),
    "deleted_words": _("lời ông/bà đã viết;"),
    "deleted_contact": _("họ tên, số điện thoại, địa chỉ, nếu ông/bà đã cho biết;"),
    "deleted_papers": _("ghi chú và tệp của cơ quan kèm theo góp ý này, nếu có."),
    "stays": _("Vẫn còn lại:"),
    "stays_vote": _("lượt đánh giá tại quầy, vốn không có tên;"),
    "stays_history": _("các bước đã làm và ngày làm, không có lời ông/bà viết và không có tên;"),
    "stays_published": _("kết quả đã công khai, nếu có, vốn không có tên."),
    "no_answer": _("Sau khi rút, ông/bà sẽ không nhận được trả lời."),
    "withdraw_now": _("Rút và xóa"),
    "keep": _("Không rút"),
    "done": _("Đã xóa lời ông/bà viết."),
}
RECEIVED = _("Đã nhận, sẽ được đọc.")
NOTED = _("Đã đọc và ghi nhận. Cảm ơn ông/bà.")
PRAISED = _("Đã đọc và chuyển lời khen. Cảm ơn ông/bà.")
ERASED = _("Đã xóa.")
TYPING_ERROR = Message(422, _("Mã số chưa đúng"), _("Có ký tự gõ nhầm. Mã số gồm 8 chữ và số; xin xem lại rồi nhập lại."))
NOT_FOUND = Message(
    404,
    _("Không tìm thấy mã số này"),
    _(
        "Xin xem lại mã số. Nếu mới gửi tại quầy, góp ý có thể chưa về đến máy chủ: xin thử lại sau một ngày, "
        "hoặc hỏi bộ phận tiếp dân của Ủy ban."
    ),
)
TOO_MANY = Message(429, _("Có quá nhiều lượt tra cứu"), _("Xin chờ {seconds} giây rồi thử lại."))
BUSY = Message(503, _("Máy chủ đang bận"), _("Xin thử lại sau ít phút."))
