"""What changes whenever a unit does: the root of the last batch that changed a name, a sector or a place."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    revisions = apps.get_model("records", "Revision").objects.filter(subject_kind__in=("unit", "placement"))
    last = revisions.order_by("-batch_id").values_list("batch__root", flat=True).first()
    apps.get_model("records", "LedgerHead").objects.update(units_mark=last or "")


class Migration(migrations.Migration):
    dependencies = [("records", "0005_usual_view")]
    operations = [
        migrations.AddField("ledgerhead", "units_mark", models.CharField(blank=True, max_length=64)),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
