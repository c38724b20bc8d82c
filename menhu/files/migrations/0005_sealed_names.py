from django.db import migrations

from menhu.core.sealing import SealedTextField


class Migration(migrations.Migration):

    dependencies = [("files", "0004_scan_state")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="sealed_name",
            field=SealedTextField(verbose_name="来信人所起的文件名"),
        ),
    ]
