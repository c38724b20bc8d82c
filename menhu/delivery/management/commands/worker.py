from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy as _


class Command(BaseCommand):
    help = str(_("执行后台任务（邮件、导入等）。"))
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the task worker until SIGTERM or SIGINT."""
        call_command("db_worker", queue_name="*", reload=False, startup_delay=False, verbosity=0)
