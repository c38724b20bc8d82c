import logging
from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_tasks_db.management.commands import db_worker


class Command(db_worker.Command):
    """The task worker of django-tasks-db for all queues, quiet unless something fails."""

    help = str(_("执行后台任务（邮件、导入等）。"))
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(queue_name="*", reload=False, startup_delay=False)

    def configure_logging(self, verbosity: int) -> None:
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR if verbosity < 2 else logging.DEBUG)

    def handle(self, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        super().handle(**options)
