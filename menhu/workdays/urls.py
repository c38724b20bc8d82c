from django.urls import path

from menhu.workdays import views

app_name = "workdays"
urlpatterns = [
    path("", views.this_year, name="list"),
    path("day/", views.set_day, name="set_day"),
    path("<int:year>/", views.year, name="year"),
    path("<int:year>/lay-out/", views.lay_out_year, name="lay_out_year"),
]
