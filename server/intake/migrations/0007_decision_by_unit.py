"""A decision's key gets its unit: a table that grows has it in every unique key, or it could not be distributed by unit."""

from django.db import migrations, models


def copy(apps, schema_editor):
    """Every decision as it was."""
    Decision = apps.get_model("intake", "Decision")
    names = ("number", "unit_id", "ledger", "seq", "verdict", "who", "at")
    rows = apps.get_model("intake", "FormerDecision").objects.values_list(*names).iterator(chunk_size=1000)
    Decision.objects.bulk_create((Decision(**dict(zip(names, row))) for row in rows), batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ("intake", "0006_counters_reasons_stale"),
    ]

    operations = [
        migrations.RemoveIndex("decision", "intake_decision_by_line"),
        migrations.RenameModel("Decision", "FormerDecision"),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("pk", models.CompositePrimaryKey("unit_id", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(db_index=True)),
                ("unit_id", models.TextField()),
                ("ledger", models.TextField()),
                ("seq", models.BigIntegerField()),
                ("verdict", models.TextField(choices=[("accept", "Accept"), ("reject", "Reject"), ("folded", "Folded")])),
                ("who", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["unit_id", "ledger", "seq"], name="intake_decision_by_line")]},
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
        migrations.DeleteModel("FormerDecision"),
    ]
