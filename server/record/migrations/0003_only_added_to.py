from django.db import migrations

from server.record import triggers


class Migration(migrations.Migration):

    dependencies = [
        ("record", "0002_found_and_kept"),
    ]

    operations = [
        migrations.RunPython(triggers.make, triggers.drop),
    ]
