from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0017_issued"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="anchor",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
    ]
