import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0013_item_carried"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhraseDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("pack", models.CharField(max_length=60)),
                ("phrase", models.CharField(max_length=160)),
                ("measure", models.CharField(blank=True, max_length=30)),
                ("figure", models.CharField(blank=True, max_length=40)),
                ("decided_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=60)),
                ("reason", models.TextField(blank=True)),
                ("version", models.IntegerField(default=1)),
                ("batch_seq", models.BigIntegerField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.campaign"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhraseUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("used_on", models.DateField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="records.phrasedecision",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="phrasedecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)),
                fields=("pack", "phrase", "measure"),
                name="phrase_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="phraseuse",
            constraint=models.UniqueConstraint(
                fields=("decision", "person", "name"), name="phrase_use_once"
            ),
        ),
    ]
