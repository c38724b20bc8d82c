from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("files", "0002_files_by_kind")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="audience",
            field=models.CharField(
                choices=[("unit", "单位"), ("case", "来件")], default="unit", max_length=8, verbose_name="给谁看"
            ),
        ),
        migrations.RemoveIndex(model_name="storedfile", name="files_storedfile_unit"),
        migrations.RemoveIndex(model_name="storedfile", name="files_storedfile_unit_kind"),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(fields=["audience", "unit", "-id"], name="files_storedfile_of_unit"),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(fields=["audience", "unit", "kind", "-id"], name="files_storedfile_of_kind"),
        ),
    ]
