from django.urls import path

from menhu.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("messages/", views.message_standing, name="messages"),
    path("messages/again/", views.send_again, name="send_again"),
    path("<int:pk>/", views.open_notice, name="open"),
]
