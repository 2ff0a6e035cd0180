"""`demo`: a commune to try everything with; its people are invented."""

import json
import secrets

from django.contrib.auth.models import User
from django.core.management.base import CommandParser
from django.db import transaction
from django.utils import timezone

from server.devices.enrolment import new_code
from server.management.prepared import PreparedCommand
from server.places.models import Counter, Membership, Officer, Unit

PROVINCE = "Tỉnh Nghệ An"
WARD = "Phường Thái Hòa"
STAFF = [
    ("Quầy 1", "Trần Quốc Bảo", "Công chức Địa chính – Xây dựng"),
    ("Quầy 2", "Lê Hoàng Phúc", "Công chức Văn phòng – Thống kê"),
    ("Quầy 3", "Nguyễn Thị Minh Hạnh", "Công chức Tư pháp – Hộ tịch"),
    ("Quầy 4", "Phạm Thu Thảo", "Công chức Văn hóa – Xã hội"),
]
COUNTER_OF_THE_CODE = "Quầy 3"
LEADER = "lanhdao"


class Command(PreparedCommand):
    """Makes what is missing; each run gives the leader a new password."""

    help = "Make a demonstration commune with officers, counters, a leader's login and an enrolment code."

    def add_arguments(self, parser: CommandParser) -> None:
        """How to print it."""
        parser.add_argument("--json", action="store_true", help="print one JSON object, with an enrolment code for every counter")

    def handle(self, *args: object, **options: object) -> None:
        """Prints the unit, the login and the codes."""
        with transaction.atomic():
            ward, counters = _places()
            password = _leader(ward)
            now = timezone.now()
            wanted = [counter for counter in counters if options["json"] or counter.name == COUNTER_OF_THE_CODE]
            codes = {counter.id: new_code(counter, now) for counter in wanted}
        if options["json"]:
            rows = [{"id": c.id, "name": c.name, "officer": c.on_duty_id, "code": codes[c.id]} for c in counters]
            login = {"username": LEADER, "password": password}
            self.stdout.write(json.dumps({"unit": ward.id, "counters": rows, "login": login}))
            return
        self.stdout.write(f"{ward.name}, {PROVINCE}  ({ward.id})")
        for counter in counters:
            self.stdout.write(f"  {counter.name}  {counter.on_duty}  ({counter.id})")
        self.stdout.write(f"Leader's login: {LEADER}  password: {password}")
        self.stdout.write(f"Enrolment code for {COUNTER_OF_THE_CODE}: {next(iter(codes.values()))}  (24 hours, one kiosk)")


def _places() -> tuple[Unit, list[Counter]]:
    province, _ = Unit.objects.get_or_create(name=PROVINCE, kind=Unit.Kind.PROVINCE)
    ward, _ = Unit.objects.get_or_create(name=WARD, parent=province, kind=Unit.Kind.COMMUNE)
    counters = []
    for counter_name, name, title in STAFF:
        officer, _ = Officer.objects.get_or_create(unit=ward, name=name, defaults={"title": title})
        counter, _ = Counter.objects.update_or_create(unit=ward, name=counter_name, defaults={"on_duty": officer})
        counters.append(counter)
    return ward, counters


def _leader(ward: Unit) -> str:
    password = secrets.token_urlsafe(9)
    user, _ = User.objects.get_or_create(username=LEADER)
    user.set_password(password)
    user.save()
    Membership.objects.get_or_create(user=user, unit=ward)
    return password
