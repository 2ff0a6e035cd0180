"""The kinds of papers of cases, with the fields that their templates may name."""

from collections.abc import Mapping

from server.documents.kinds import Field, Kind
from server.letters import layouts

WITHOUT_SENSITIVE = "Không gồm góp ý gửi riêng lãnh đạo."
_TO: Mapping[str, Field] = {
    "nguoi_nhan": Field("gửi ai", "Ông Nguyễn Văn An"),
    "dia_chi": Field("địa chỉ người nhận; có thể trống", "Khối 5, phường Thái Hòa, tỉnh Nghệ An"),
    "so_gop_y": Field("số góp ý", "AB12-CD34"),
    "lien_he": Field("hỏi ai, ở đâu; có thể trống", "Văn phòng HĐND và UBND, điện thoại 0238 3881 234"),
}
INVITATION = Kind(
    "giay-moi",
    "Giấy mời",
    "GM",
    layouts.invitation,
    {
        **_TO,
        "ve_viec": Field("trích yếu", "Trao đổi về góp ý số AB12-CD34"),
        "noi_dung": Field("mời để làm gì", "trao đổi, giải quyết góp ý của ông/bà về việc chờ lâu khi chứng thực bản sao"),
        "thoi_gian": Field("giờ, ngày", "8 giờ 00, thứ Hai, ngày 30 tháng 11 năm 2026"),
        "dia_diem": Field("nơi gặp", "Phòng tiếp công dân, trụ sở UBND phường Thái Hòa"),
        "nguoi_tiep": Field("ai tiếp; có thể trống", "Chủ tịch Ủy ban nhân dân phường"),
        "mang_theo": Field("mang theo gì; có thể trống", "giấy mời này, giấy tờ tùy thân, giấy biên nhận hồ sơ (nếu có)"),
    },
)
APOLOGY = Kind(
    "thu-xin-loi",
    "Thư xin lỗi",
    "TXL",
    layouts.apology,
    {
        **_TO,
        "ve_viec": Field("trích yếu", "Về việc giải quyết hồ sơ trễ hạn"),
        "mo_dau": Field("câu mở đầu", "Ủy ban nhân dân phường Thái Hòa đã nhận góp ý số AB12-CD34 của ông/bà và đã xác minh."),
        "so_bien_nhan": Field("số biên nhận hồ sơ; có thể trống", "H40.12-261105-0021"),
        "loai_ho_so": Field("loại hồ sơ; có thể trống", "Đăng ký biến động đất đai"),
        "tinh_trang": Field("tình trạng; có thể trống", "trễ hạn 03 ngày làm việc"),
        "ly_do": Field("lý do; có thể trống", "chờ ý kiến của cơ quan thuế, chưa kịp báo trước cho ông/bà"),
        "ngay_hen_moi": Field("ngày hẹn trả mới; có thể trống", "ngày 03 tháng 12 năm 2026"),
        "loi_xin_loi": Field("lời xin lỗi", "Tôi thành thật xin lỗi ông/bà vì sự chậm trễ này."),
        "cam_ket": Field("lời hứa; có thể trống", "Chúng tôi đã chấn chỉnh và sẽ báo trước khi có thay đổi."),
    },
)
EXPLANATION = Kind(
    "cong-van-tra-loi",
    "Công văn trả lời",
    "",
    layouts.explanation,
    {
        **_TO,
        "ve_viec": Field("trích yếu, sau chữ V/v", "trả lời góp ý số AB12-CD34"),
        "mo_dau": Field("câu mở đầu", "Ủy ban nhân dân phường Thái Hòa đã nhận góp ý số AB12-CD34 của ông/bà và đã xác minh."),
        "tra_loi": Field("nội dung trả lời, từng đoạn", ["Hồ sơ của ông/bà thuộc trường hợp phải lấy ý kiến cơ quan thuế.", "Đoạn hai."]),
    },
)
MONDAY = Kind(
    "danh-sach-tiep-dan",
    "Danh sách tiếp công dân",
    "DS",
    layouts.monday,
    {
        "ngay_tiep": Field("ngày tiếp", "Thứ Hai, ngày 30 tháng 11 năm 2026"),
        "gio_tiep": Field("giờ tiếp", "từ 7 giờ 30 phút đến 11 giờ 30 phút"),
        "dia_diem": Field("nơi tiếp", "Phòng tiếp công dân"),
        "so_nguoi": Field("số vụ việc", "1"),
        "khong_gom": Field("câu nói danh sách không gồm gì", WITHOUT_SENSITIVE),
        "danh_sach": Field(
            "những người được tiếp",
            [
                {
                    "stt": "1",
                    "so_gop_y": "AB12-CD34",
                    "ho_ten": "Nguyễn Văn An",
                    "dia_chi": "Khối 5, phường Thái Hòa\n0912 345 678",
                    "noi_dung": "Chờ lâu khi chứng thực bản sao",
                    "phu_trach": "Lê Thị Hoa",
                }
            ],
        ),
    },
)
COMMENDATIONS = Kind(
    "danh-sach-khen",
    "Danh sách cán bộ được khen",
    "DS",
    layouts.commendations,
    {
        "ten_ky": Field("kỳ của danh sách, ở đầu dòng", "Tháng 11/2026"),
        "thoi_gian": Field("kỳ của danh sách, trong câu", "tháng 11/2026"),
        "so_can_bo": Field("số cán bộ", "1"),
        "so_lan": Field("số lần khen", "2"),
        "danh_sach": Field(
            "những cán bộ được khen",
            [
                {
                    "stt": "1",
                    "ho_ten": "Nguyễn Thị Minh Hạnh",
                    "chuc_danh": "Công chức Tư pháp – Hộ tịch",
                    "so_lan": "2",
                    "noi_dung": "Hướng dẫn tận tình (05/11/2026)",
                }
            ],
        ),
    },
)
KINDS = (INVITATION, APOLOGY, EXPLANATION, MONDAY, COMMENDATIONS)
