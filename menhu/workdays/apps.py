from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkdaysConfig(AppConfig):
    name = "menhu.workdays"
    label = "workdays"
    verbose_name = "工作日历"

    def ready(self) -> None:
        from menhu.workdays import deadlines, seeds

        deadlines.declare_figures()
        post_migrate.connect(seeds.seed, sender=self, dispatch_uid="workdays.seed")
