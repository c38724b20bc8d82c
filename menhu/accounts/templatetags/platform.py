from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def platform_name() -> str:
    return str(settings.WAGTAIL_SITE_NAME)
