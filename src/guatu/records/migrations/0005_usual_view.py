from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0004_evidence_kind'),
    ]

    operations = [
        migrations.AddField(
            model_name='savedview',
            name='usual',
            field=models.BooleanField(default=False),
        ),
    ]
