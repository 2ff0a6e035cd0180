"""What an office puts beside a comment: `python -m tests.stage.papers SHA256`, in the environment of a server, opens a case about the
comment with a note, a contact and a file, and prints the SHA-256 of each and the case's number as JSON.
"""

import json
import os
import sys

CONSENT = "Tôi đồng ý"


def main(sealed: str) -> None:
    """Open the case."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    import django

    django.setup()
    from django.utils import timezone

    from server.cases.models import Case, Paper
    from server.cases.taking import Matter, add_paper, open_about
    from server.comments.by_office import keep
    from server.intake.models import Comment
    from server.places.models import Unit
    from sync.sealing import Written

    comment, now = Comment.objects.get(sealed=sealed), timezone.now()
    case = open_about(
        Unit.objects.get(pk=comment.unit_id), Matter(Case.Source.KIOSK, now.date(), "Chờ lâu", vote=comment.vote), sealed, "an", now
    )
    made = []
    for kind, written in {
        Paper.Kind.NOTE: Written(text="Đã gọi điện cho bà Tuyết"),
        Paper.Kind.CONTACT: Written(text="liên hệ", name="Nguyễn Thị Tuyết", phone="0912345678", consent=CONSENT),
        Paper.Kind.ATTACHMENT: Written(text="ảnh chụp giấy hẹn" * 100),
    }.items():
        made.append(keep(case.unit_id, written, "an", now))
        add_paper(case, kind, made[-1], "an", now)
    json.dump({"case": case.id, "made": made}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
