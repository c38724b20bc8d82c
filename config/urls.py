from django.urls import include, path

urlpatterns = [
    path("office/", include("wagtail.admin.urls")),
    path("", include("menhu.delivery.urls")),
]
