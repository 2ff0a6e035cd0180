from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("places", "0004_standings_and_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="counter",
            name="shown",
            field=models.TextField(blank=True, default="", editable=False),
        ),
    ]
