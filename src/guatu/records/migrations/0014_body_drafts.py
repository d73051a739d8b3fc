import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0013_item_carried"),
    ]

    operations = [
        migrations.CreateModel(
            name="BodyDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.JSONField(default=dict)),
                ("base_version", models.IntegerField()),
                ("saved_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="body_drafts",
                        to="records.item",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.person",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="bodydraft",
            constraint=models.UniqueConstraint(fields=("item", "person"), name="body_draft_once"),
        ),
    ]
