from django.db import migrations

from menhu.audit.triggers import install, remove


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_queue_existing")]
    operations = [migrations.RunPython(install, remove)]
