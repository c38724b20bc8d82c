from django.urls import path

from menhu.delivery import office_views

app_name = "delivery"
urlpatterns = [
    path("", office_views.status, name="status"),
    path("retry/", office_views.retry, name="retry"),
]
