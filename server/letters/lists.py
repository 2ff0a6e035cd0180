"""What the lists of a Monday and of a period's commendations say."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.contrib.auth.models import User

from server.cases.models import Case
from server.cases.steps import Step
from server.commendations.models import Commendation
from server.documents.filling import Fact
from server.documents.heading import long_date
from server.documents.models import Details
from server.letters.kinds import WITHOUT_SENSITIVE
from server.letters.whom import citizen_of
from server.places.models import Officer, Unit
from server.results.period import Period
from server.results.templatetags.vietnamese import number, weekday

_RECEIVED = (Step.LISTED, Step.MET, Step.ANSWERED, Step.PUBLISHED)


def received_on(unit: Unit, day: date) -> list[Case]:
    """The cases whose citizens come on a day; never a sensitive one, which no paper names."""
    found = Case.objects.filter(unit_id=unit.pk, reception=day, sensitive=False, step__in=_RECEIVED)
    return list(found.order_by("opened_at", "id"))


def monday(cases: Iterable[Case], details: Details, day: date) -> dict[str, Fact]:
    """The fields of the list. It opens what is sealed of each: whoever asks records that."""
    cases = list(cases)
    names = _names_of({case.handler for case in cases})
    rows: list[Fact] = []
    for place, case in enumerate(cases, 1):
        citizen = citizen_of(case)
        rows.append(
            {
                "stt": str(place),
                "so_gop_y": case.id,
                "ho_ten": citizen.name or "(không để lại tên)",
                "dia_chi": "\n".join(filter(None, [citizen.address, citizen.phone])),
                "noi_dung": case.subject,
                "phu_trach": names.get(case.handler, case.handler),
            }
        )
    on = weekday(day)
    return {
        "ngay_tiep": f"{on[:1].upper()}{on[1:]}, {long_date(day)}",
        "gio_tiep": details.mondays or "trong giờ làm việc",
        "dia_diem": details.room or details.body,
        "so_nguoi": number(len(cases)),
        "khong_gom": WITHOUT_SENSITIVE,
        "danh_sach": rows,
    }


def commended(unit: Unit, period: Period) -> dict[str, Fact]:
    """The fields of the list: who was commended most, first."""
    listed = Commendation.objects.filter(unit_id=unit.pk, day__gte=period.first, day__lte=period.last, withdrawn_at=None)
    found = listed.order_by("officer_id", "day", "id")
    by_officer = {officer: list(rows) for officer, rows in groupby(found, key=lambda row: row.officer_id)}
    officers = {officer.pk: officer for officer in Officer.objects.filter(pk__in=by_officer)}

    def name(officer: str) -> str:
        return officers[officer].name if officer in officers else officer

    rows: list[Fact] = []
    for place, officer in enumerate(sorted(by_officer, key=lambda one: (-len(by_officer[one]), name(one), one)), 1):
        times = by_officer[officer]
        words = [f"{row.words} ({row.day:%d/%m/%Y})" for row in times]
        rows.append(
            {
                "stt": str(place),
                "ho_ten": name(officer),
                "chuc_danh": officers[officer].title if officer in officers else "",
                "so_lan": number(len(times)),
                "noi_dung": "\n".join(words if len(words) == 1 else [f"- {one}" for one in words]),
            }
        )
    times_in_all = sum(len(rows) for rows in by_officer.values())
    name_of = str(period)
    return {
        "ten_ky": name_of[:1].upper() + name_of[1:],
        "thoi_gian": name_of,
        "so_can_bo": number(len(by_officer)),
        "so_lan": number(times_in_all),
        "danh_sach": rows,
    }


def _names_of(logins: set[str]) -> dict[str, str]:
    return {user.get_username(): user.get_full_name() or user.get_username() for user in User.objects.filter(username__in=logins)}
