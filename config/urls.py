from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from menhu.desk.views import desk

urlpatterns = [
    path("office/", desk, name="desk"),
    # Wagtail's own catalogue knows only Wagtail's words; this one also has ours for what Wagtail left in English.
    path("office/jsi18n/", JavaScriptCatalog.as_view(domain="djangojs"), name="office_javascript_catalog"),
    path("office/", include("wagtail.admin.urls")),
    path("", include("menhu.delivery.urls")),
]
