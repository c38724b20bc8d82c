from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkdaysConfig(AppConfig):
    name = "menhu.workdays"
    label = "workdays"
    verbose_name = "工作日历"

    def ready(self) -> None:
        from menhu.core.office import UrlClass, allow
        from menhu.workdays import deadlines, jobs, seeds  # noqa: F401 - jobs register themselves with the clock

        names = ("list", "year", "set_day", "lay_out_year")
        allow(UrlClass.WEBMASTER, *(f"workdays:{name}" for name in names))
        deadlines.declare_figures()
        post_migrate.connect(seeds.seed, sender=self, dispatch_uid="workdays.seed")
