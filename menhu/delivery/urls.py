from django.urls import re_path

from menhu.delivery.views import public_page

# Not ".*": a path may hold a line feed, and still wants an answer.
urlpatterns = [re_path(r"\A(?P<path>[\s\S]*)\Z", public_page, name="public_page")]
