"""Addresses of citizens' own pages; delivery never answers them with a file (delivery.rules.is_dynamic)."""

from django.urls import path

from menhu.sites.views import my

app_name = "my"
urlpatterns = [
    path("", my.my_page, name="page"),
    path("code/", my.code_page, name="code"),
    path("out/", my.sign_out, name="out"),
    path("name/", my.rename, name="name"),
    path("data/", my.export, name="data"),
    path("erase/", my.erase, name="erase"),
]
