from collections import Counter
from zoneinfo import ZoneInfo

from django.db import migrations, models

from server.intake.clock import QUARTER, day_and_hour, milliseconds


def count_again(apps, schema_editor):
    """Officers' days get their counter, and reasons are tallied: both counted anew from the votes that are there."""
    zones = {unit: ZoneInfo(zone) for unit, zone in apps.get_model("places", "Unit").objects.values_list("id", "time_zone")}

    def day_of(unit, at):
        return day_and_hour(zones[unit], milliseconds(at) // QUARTER)[0]

    officer_days = Counter()
    votes = apps.get_model("intake", "Vote").objects.values_list("unit_id", "at", "counter_id", "officer_id", "satisfied")
    for unit, at, counter, officer, satisfied in votes.iterator(chunk_size=5000):
        officer_days[unit, day_of(unit, at), counter, officer, satisfied] += 1
    OfficerDay = apps.get_model("intake", "OfficerDay")
    OfficerDay.objects.bulk_create(
        (
            OfficerDay(
                unit_id=key[0], day=key[1], counter_id=key[2], officer_id=key[3],
                satisfied=officer_days[*key, True], dissatisfied=officer_days[*key, False],
            )
            for key in sorted({key[:4] for key in officer_days})
        ),
        batch_size=1000,
    )
    times = Counter()
    for unit, vote, reasons in apps.get_model("intake", "Reasons").objects.values_list("unit_id", "vote", "reasons").iterator(5000):
        at = apps.get_model("intake", "Vote").objects.values_list("at", flat=True).get(unit_id=unit, id=vote)
        times.update((unit, day_of(unit, at), reason) for reason in set(reasons))
    ReasonDay = apps.get_model("intake", "ReasonDay")
    ReasonDay.objects.bulk_create((ReasonDay(unit_id=u, day=d, reason=r, times=n) for (u, d, r), n in times.items()), batch_size=1000)
    StaleDay = apps.get_model("intake", "StaleDay")
    stale = sorted({key[:2] for key in officer_days})
    StaleDay.objects.bulk_create((StaleDay(unit_id=unit, day=day, changes=1) for unit, day in stale), batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ("intake", "0005_comment_arrived"),
        ("places", "0004_standings_and_roles"),
    ]

    operations = [
        migrations.DeleteModel(name="OfficerDay"),
        migrations.CreateModel(
            name="OfficerDay",
            fields=[
                ("pk", models.CompositePrimaryKey("unit_id", "day", "counter_id", "officer_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("unit_id", models.TextField()),
                ("day", models.DateField()),
                ("counter_id", models.TextField()),
                ("officer_id", models.TextField()),
                ("satisfied", models.IntegerField()),
                ("dissatisfied", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ReasonDay",
            fields=[
                ("pk", models.CompositePrimaryKey("unit_id", "day", "reason", blank=True, editable=False, primary_key=True, serialize=False)),
                ("unit_id", models.TextField()),
                ("day", models.DateField()),
                ("reason", models.TextField()),
                ("times", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="StaleDay",
            fields=[
                ("pk", models.CompositePrimaryKey("unit_id", "day", blank=True, editable=False, primary_key=True, serialize=False)),
                ("unit_id", models.TextField()),
                ("day", models.DateField()),
                ("changes", models.IntegerField()),
            ],
        ),
        migrations.RunPython(count_again, migrations.RunPython.noop),
    ]
