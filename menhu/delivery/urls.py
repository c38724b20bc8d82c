from django.urls import re_path

from menhu.delivery.views import public_page

urlpatterns = [re_path(r"^(?P<path>.*)$", public_page, name="public_page")]
