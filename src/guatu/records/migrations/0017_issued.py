import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0014_body_drafts"),
        ("records", "0016_phrases"),
    ]

    operations = [
        migrations.CreateModel(
            name="IssuedDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("report", models.CharField(blank=True, max_length=40)),
                ("document_version", models.IntegerField(null=True)),
                ("body", models.TextField(blank=True)),
                ("series", models.CharField(max_length=120)),
                ("stage", models.CharField(max_length=12)),
                ("year", models.IntegerField()),
                ("number", models.IntegerField()),
                ("total", models.IntegerField(null=True)),
                ("edition", models.IntegerField()),
                ("title", models.CharField(max_length=300)),
                ("as_of", models.DateField()),
                ("known_at", models.BigIntegerField()),
                ("issued_on", models.DateField()),
                ("issued_by", models.CharField(max_length=60)),
                ("figures", models.JSONField(default=list)),
                ("official", models.TextField()),
                ("changes", models.TextField(blank=True)),
                ("files", models.JSONField(default=dict)),
                ("withdrawn_batch", models.BigIntegerField(null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
                ("version", models.IntegerField(default=1)),
                ("batch_seq", models.BigIntegerField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issued_documents",
                        to="records.campaign",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issued",
                        to="records.item",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.packversion",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="records.issueddocument",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IssuedRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.CharField(max_length=110)),
                ("version", models.IntegerField()),
                (
                    "issued",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="records.issueddocument",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.item"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="issueddocument",
            index=models.Index(fields=["campaign", "series"], name="issued_series"),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.UniqueConstraint(
                fields=("campaign", "series", "year", "number", "stage", "edition"), name="issued_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedrecord",
            constraint=models.UniqueConstraint(
                fields=("issued", "figure", "item"), name="issued_record_once"
            ),
        ),
    ]
