import signal
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy as _

from menhu.delivery.publishing.publisher import Publisher


class Command(BaseCommand):
    help = str(_("持续发布：变更一提交就重新生成有关页面。"))
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the loop until SIGTERM or SIGINT."""
        publisher = Publisher()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: publisher.stop())
        publisher.run()
