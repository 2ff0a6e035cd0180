"""How the letters and lists look before a unit changes them."""

from server.documents.layout import CENTRE, JUSTIFIED, Column, Paper

_FILED = "Lưu: VT, {{ bo_phan }}"


def invitation() -> bytes:
    """To a meeting about a case."""
    paper = Paper()
    paper.head()
    paper.title("GIẤY MỜI", "{{ ve_viec }}")
    paper.text([("{{ ten_co_quan }} trân trọng kính mời: ", False, False), ("{{ nguoi_nhan }}", True, False), (".", False, False)])
    for label, field in (
        ("Địa chỉ", "dia_chi"),
        ("Nội dung", "noi_dung"),
        ("Thời gian", "thoi_gian"),
        ("Địa điểm", "dia_diem"),
        ("Người tiếp", "nguoi_tiep"),
        ("Xin mang theo", "mang_theo"),
    ):
        with paper.when(field):
            paper.said(label, f"{{{{ {field} }}}}.")
    with paper.when("lien_he"):
        paper.text("Nếu không đến được vào thời gian trên, xin ông/bà báo lại để được xếp lịch khác. Liên hệ: {{ lien_he }}.")
    paper.text("Rất mong ông/bà sắp xếp thời gian đến trao đổi. Xin trân trọng cảm ơn./.")
    paper.signature(["Như trên", _FILED])
    return paper.docx()


def apology() -> bytes:
    """The head of the office says that it is sorry: fields of Decision 5157/QĐ-UBND of Ho Chi Minh City, 30 September 2016. Those of a
    file fall away where none is meant.
    """
    paper = Paper()
    paper.head()
    paper.title("THƯ XIN LỖI", "{{ ve_viec }}")
    paper.to("{{ nguoi_nhan }}", "dia_chi")
    paper.text("{{ mo_dau }}")
    for label, field in (
        ("Số biên nhận", "so_bien_nhan"),
        ("Loại hồ sơ", "loai_ho_so"),
        ("Tình trạng", "tinh_trang"),
        ("Lý do", "ly_do"),
        ("Ngày hẹn trả kết quả mới", "ngay_hen_moi"),
    ):
        with paper.when(field):
            paper.said(label, f"{{{{ {field} }}}}.")
    paper.text("{{ loi_xin_loi }}")
    with paper.when("cam_ket"):
        paper.text("{{ cam_ket }}")
    with paper.when("lien_he"):
        paper.text("Khi cần trao đổi thêm, xin ông/bà liên hệ: {{ lien_he }}.")
    paper.text("Xin trân trọng cảm ơn ông/bà đã góp ý./.")
    paper.signature(["Như trên", _FILED])
    return paper.docx()


def explanation() -> bytes:
    """An official letter that answers."""
    paper = Paper()
    paper.head(about="{{ ve_viec }}")
    paper.to("{{ nguoi_nhan }}", "dia_chi")
    paper.text("{{ mo_dau }}")
    with paper.each("doan", "tra_loi"):
        paper.text("{{ doan }}")
    with paper.when("lien_he"):
        paper.text("Nếu còn điều chưa rõ, xin ông/bà liên hệ: {{ lien_he }}.")
    paper.text("Xin trân trọng cảm ơn ông/bà đã góp ý./.")
    paper.signature(["Như trên", _FILED])
    return paper.docx()


def monday() -> bytes:
    """Whom the office receives on a Monday: for whoever receives them, to be written on by hand."""
    paper = Paper(landscape=True)
    paper.head(numbered=False)
    paper.title("DANH SÁCH TIẾP CÔNG DÂN", "{{ ngay_tiep }}")
    paper.text("Thời gian: {{ gio_tiep }}. Địa điểm: {{ dia_diem }}.", align=CENTRE)
    columns = [
        Column("STT", "{{ dong.stt }}", 12, CENTRE),
        Column("Số góp ý", "{{ dong.so_gop_y }}", 31, CENTRE),
        Column("Họ và tên", "{{ dong.ho_ten }}", 44),
        Column("Địa chỉ, điện thoại", "{{ dong.dia_chi }}", 52),
        Column("Nội dung", "{{ dong.noi_dung }}", 55),
        Column("Người phụ trách", "{{ dong.phu_trach }}", 28),
        Column("Kết quả, ký tên", "", 30),
    ]
    with paper.when("danh_sach"):
        paper.table(columns, "danh_sach")
    with paper.when("not danh_sach"):
        paper.text("Không có người dân nào được xếp lịch.", align=CENTRE)
    paper.text("Danh sách có {{ so_nguoi }} vụ việc. {{ khong_gom }}", italic=True, align=JUSTIFIED)
    paper.signature(["Người tiếp công dân", _FILED])
    return paper.docx()


def commendations() -> bytes:
    """Officers who were commended in a period."""
    paper = Paper()
    paper.head()
    paper.title("DANH SÁCH CÁN BỘ ĐƯỢC KHEN", "{{ ten_ky }}")
    with paper.when("danh_sach"):
        paper.text("{{ ten_co_quan }} lập danh sách cán bộ, công chức được khen {{ thoi_gian }} như sau:")
        columns = [
            Column("STT", "{{ dong.stt }}", 12, CENTRE),
            Column("Họ và tên", "{{ dong.ho_ten }}", 40),
            Column("Chức danh", "{{ dong.chuc_danh }}", 38),
            Column("Số lần", "{{ dong.so_lan }}", 15, CENTRE),
            Column("Nội dung được khen", "{{ dong.noi_dung }}", 60),
        ]
        paper.table(columns, "danh_sach")
        paper.text("Danh sách có {{ so_can_bo }} cán bộ, công chức, được khen {{ so_lan }} lần./.")
    with paper.when("not danh_sach"):
        paper.text("Chưa có cán bộ, công chức nào được ghi nhận khen {{ thoi_gian }}./.")
    paper.signature(["Các bộ phận trực thuộc", _FILED])
    return paper.docx()
