from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("files", "0003_audience")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="scan_state",
            field=models.CharField(
                choices=[
                    ("unscanned", "没有查毒"),
                    ("waiting", "等待查毒"),
                    ("clean", "未发现病毒"),
                    ("infected", "发现病毒，已删除"),
                ],
                default="unscanned",
                max_length=12,
                verbose_name="查毒",
            ),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="scan_detail",
            field=models.CharField(blank=True, max_length=200, verbose_name="查毒结果"),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="scan_attempts",
            field=models.PositiveIntegerField(default=0, verbose_name="查毒次数"),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="scan_after",
            field=models.DateTimeField(blank=True, null=True, verbose_name="下次查毒"),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="scan_alarmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="已告知网站管理员"),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("scan_state", "waiting")), fields=["scan_after"], name="files_storedfile_waiting"
            ),
        ),
    ]
