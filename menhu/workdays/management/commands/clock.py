import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from menhu.workdays import clock


class Command(BaseCommand):
    help = "Run the clock: jobs by the second, on one node at a time. Ends cleanly on SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        self.stdout.write(f"时钟已启动，任务 {len(clock.jobs())} 项。")
        clock.run(stop)
        self.stdout.write("时钟已停止。")
