"""What a kiosk says and offers where the unit chose nothing of its own: the one home of these words, for kiosk and server.

An id keeps its meaning for ever, because entries carry it: a reason may get better words or leave this list, and its id is
never given to another. Icons are named like the ids.
"""

from sync.shown import Rated, Reason


def _reason(rating: Rated, name: str, vietnamese: str, english: str) -> Reason:
    return Reason(id=name, rating=rating, icon=name, words={"vi": vietnamese, "en": english})


DEFAULT_REASONS: tuple[Reason, ...] = (
    _reason("dissatisfied", "attitude", "Thái độ chưa thân thiện", "Unfriendly manner"),
    _reason("dissatisfied", "explanation", "Giải thích khó hiểu", "Hard to understand"),
    _reason("dissatisfied", "more-papers", "Phải bổ sung hồ sơ nhiều lần", "Asked for more papers again and again"),
    _reason("dissatisfied", "late", "Trễ hẹn", "Later than promised"),
    _reason("dissatisfied", "waiting", "Chờ lâu", "Long wait"),
    _reason("dissatisfied", "procedure", "Giấy tờ, thủ tục rườm rà", "Too many papers and steps"),
    _reason("dissatisfied", "extra-cost", "Bị gợi ý chi phí ngoài quy định", "Asked for unofficial payment"),
    _reason("dissatisfied", "other-bad", "Lý do khác", "Another reason"),
    _reason("satisfied", "friendly", "Thái độ thân thiện", "Friendly manner"),
    _reason("satisfied", "clear", "Hướng dẫn rõ ràng", "Clear guidance"),
    _reason("satisfied", "on-time", "Nhanh, đúng hẹn", "Quick, on the promised day"),
    _reason("satisfied", "simple", "Giấy tờ, thủ tục đơn giản", "Few papers and simple steps"),
    _reason("satisfied", "place", "Nơi tiếp đón sạch sẽ, thoáng mát", "A clean and pleasant place"),
    _reason("satisfied", "fair", "Công bằng, đúng thứ tự", "Fair, everyone in turn"),
    _reason("satisfied", "devoted", "Tận tình giúp đỡ", "Went out of their way to help"),
    _reason("satisfied", "other-good", "Lý do khác", "Another reason"),
)

DEFAULT_SENTENCES = {  # by the keys of `sync.wire.KioskConfig.texts`, in Vietnamese, from which catalogues translate
    "question": "Ông/bà có hài lòng với sự phục vụ của cán bộ không?",
    "apology": "Chúng tôi xin lỗi vì chưa làm ông/bà hài lòng.\nXin cho biết điều gì cần sửa.",
    "good": "Chúng tôi cảm ơn ông/bà đã cho biết ý kiến.\nXin cho biết điều gì đã tốt.",
    "thanks": "Cảm ơn ông/bà!",
    "thanks_sentence": "Ý kiến đã được ghi nhận.",
    "rest": "Xin chạm để đánh giá",
}
