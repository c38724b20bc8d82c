"""A publisher process for tests: `python -m tests.delivery.publish_village`, stopped by SIGTERM or killed."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    import django

    django.setup()

    from django.conf import settings
    from django.core.management import call_command

    from menhu.delivery import sources
    from tests.delivery.village import Village

    settings.PUBLIC_ROOT = Path(os.environ["VILLAGE_TREE"])
    settings.PUBLIC_HOST = "127.0.0.1"
    village = Village(pause=float(os.environ["VILLAGE_PAUSE"]))
    sources._sources = {village.name: village}
    call_command("publisher")


if __name__ == "__main__":
    main()
