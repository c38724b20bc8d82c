import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django_application = get_wsgi_application()

from menhu.delivery.wsgi import PublicTree  # noqa: E402 - needs the apps

application = PublicTree(django_application)
