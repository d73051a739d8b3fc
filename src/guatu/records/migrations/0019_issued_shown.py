import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0018_comment_anchor"),
    ]

    operations = [
        migrations.AddField(
            model_name="issueddocument",
            name="shown",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="issueddocument",
            name="origin",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="issuedrecord",
            name="figure",
            field=models.CharField(max_length=160),
        ),
        migrations.AlterField(
            model_name="issuedrecord",
            name="issued",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="records.issueddocument",
            ),
        ),
        migrations.AlterField(
            model_name="issuedrecord",
            name="item",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.item",
            ),
        ),
    ]
