import django.db.models.deletion
from django.db import migrations, models


def rename_index(apps, schema_editor):
    """PostgreSQL keeps the name of the primary key's index for LIKE, which the new column's wants."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER INDEX IF EXISTS screens_screens_unit_id_90a3b46b_like RENAME TO screens_screens_place_like")


def place_units(apps, schema_editor):
    """Until now all pages were of units, under their ids."""
    apps.get_model("screens", "Screens").objects.update(unit_id=models.F("place"))


class Migration(migrations.Migration):

    dependencies = [
        ("screens", "0004_technician"),
        ("places", "0005_counter_shown"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="screens",
            options={
                "ordering": ["unit__name", "counter__name"],
                "verbose_name": "màn hình của đơn vị hoặc quầy",
                "verbose_name_plural": "màn hình của đơn vị hoặc quầy",
            },
        ),
        migrations.AlterField(
            model_name="screens",
            name="unit",
            field=models.CharField(max_length=64, primary_key=True, serialize=False, db_column="unit_id"),
        ),
        migrations.RenameField(model_name="screens", old_name="unit", new_name="place"),
        migrations.AlterField(
            model_name="screens",
            name="place",
            field=models.CharField(editable=False, max_length=64, primary_key=True, serialize=False),
        ),
        migrations.RunPython(rename_index, migrations.RunPython.noop),
        migrations.AddField(
            model_name="screens",
            name="unit",
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="screens", to="places.unit", verbose_name="đơn vị"),
        ),
        migrations.AddField(
            model_name="screens",
            name="counter",
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="screens", to="places.counter", verbose_name="quầy"),
        ),
        migrations.RunPython(place_units, migrations.RunPython.noop),
    ]
