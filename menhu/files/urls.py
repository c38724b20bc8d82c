from django.urls import path

from menhu.files import views

app_name = "files"
urlpatterns = [
    path("", views.file_list, name="list"),
    path("add/", views.add, name="add"),
    path("upload/", views.upload, name="upload"),
    path("choose/", views.choose, name="choose"),
    path("<int:pk>/thumbnail/", views.thumbnail, name="thumbnail"),
]
