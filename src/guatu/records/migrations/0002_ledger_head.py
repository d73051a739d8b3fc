"""The one row of the ledger's head and of the deployment."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("records", "LedgerHead").objects.get_or_create(pk=1)
    apps.get_model("records", "Deployment").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
