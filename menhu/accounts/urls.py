from django.urls import path

from menhu.accounts import views

app_name = "accounts"
urlpatterns = [
    path("account/", views.me, name="me"),
    path("password/", views.password, name="password"),
    path("verify/", views.verify, name="verify"),
    path("second-factor/", views.second_factor, name="second_factor"),
]
