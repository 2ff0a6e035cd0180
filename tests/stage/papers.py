"""What an office puts beside a comment: `python -m tests.stage.papers SHA256`, in the environment of a server, opens a case about the
comment with a note, a contact and a file, and prints the SHA-256 of each and the case's number as JSON.
"""

import json
import os
import sys


def main(sealed: str) -> None:
    """Open the case."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    import django

    django.setup()
    from django.utils import timezone

    from server.cases.models import Case, Paper
    from server.cases.taking import Matter, add_paper, open_about
    from server.comments.by_office import KeptFile, keep, keep_file
    from server.intake.models import Comment
    from server.places.models import Unit
    from sync.sealing import Written

    comment, now = Comment.objects.get(sealed=sealed), timezone.now()
    case = open_about(
        Unit.objects.get(pk=comment.unit_id), Matter(Case.Source.KIOSK, now.date(), "Chờ lâu", vote=comment.vote), sealed, "an", now
    )
    made = []
    contact = Written(text="liên hệ", name="Nguyễn Thị Tuyết", phone="0912345678", consent="Tôi đồng ý")
    for kind, kept in (
        (Paper.Kind.NOTE, keep(case.unit_id, Written(text="Đã gọi điện cho bà Tuyết"), "an", now)),
        (Paper.Kind.CONTACT, keep(case.unit_id, contact, "an", now)),
        (Paper.Kind.ATTACHMENT, keep_file(case.unit_id, KeptFile("giay-hen.pdf", "application/pdf", b"%PDF-" * 1000), "an", now)),
    ):
        made.append(kept)
        add_paper(case, kind, kept, "an", now)
    json.dump({"case": case.id, "made": made}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
