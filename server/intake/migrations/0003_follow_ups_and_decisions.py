"""Entries about votes, decisions about quarantined lines, and what is needed to rebuild all that."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def make_sequence(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The order of batches and decisions. SQLite needs none, it has one writer at a time."""
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE SEQUENCE intake_number")


def drop_sequence(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Undo `make_sequence`."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP SEQUENCE intake_number")


FOLLOW = [
    ("unit_id", models.TextField()),
    ("vote", models.UUIDField()),
    ("id", models.UUIDField()),
    ("ledger", models.TextField()),
    ("seq", models.BigIntegerField()),
    ("said", models.TextField()),
]


def one_a_vote() -> tuple[str, models.Field]:
    """The key of entries about votes."""
    key = models.CompositePrimaryKey("unit_id", "vote", blank=True, editable=False, primary_key=True, serialize=False)
    return ("pk", key)


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_batch_counter")]

    operations = [
        migrations.RunPython(make_sequence, drop_sequence),
        migrations.AddField("batch", "device_id", models.TextField(default=""), preserve_default=False),
        migrations.AddField("batch", "number", models.BigIntegerField(db_index=True, default=0), preserve_default=False),
        migrations.AddField("batch", "unknown_officers", models.TextField(default=""), preserve_default=False),
        migrations.AddField("quarantine", "at", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField("quarantine", "estimated", models.BooleanField(default=True), preserve_default=False),
        migrations.CreateModel(
            name="Change",
            fields=[one_a_vote(), *FOLLOW, ("satisfied", models.BooleanField())],
            options={"constraints": [models.UniqueConstraint(fields=["unit_id", "id"], name="intake_change_once")]},
        ),
        migrations.CreateModel(
            name="Reasons",
            fields=[one_a_vote(), *FOLLOW, ("reasons", models.JSONField())],
            options={"constraints": [models.UniqueConstraint(fields=["unit_id", "id"], name="intake_reasons_once")]},
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[one_a_vote(), *FOLLOW, ("sealed", models.TextField()), ("key", models.TextField()), ("at", models.DateTimeField())],
            options={
                "constraints": [models.UniqueConstraint(fields=["unit_id", "id"], name="intake_comment_once")],
                "indexes": [models.Index(fields=["sealed"], name="intake_comment_by_hash")],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("pk", models.CompositePrimaryKey("unit_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("unit_id", models.TextField()),
                ("id", models.UUIDField()),
                ("vote", models.UUIDField()),
                ("ledger", models.TextField()),
                ("seq", models.BigIntegerField()),
                ("line", models.BinaryField()),
                ("at", models.BigIntegerField()),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("unit_id", models.TextField()),
                ("ledger", models.TextField()),
                ("seq", models.BigIntegerField()),
                ("verdict", models.TextField(choices=[("accept", "Accept"), ("reject", "Reject"), ("folded", "Folded")])),
                ("who", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["unit_id", "ledger", "seq"], name="intake_decision_by_line")]},
        ),
    ]
