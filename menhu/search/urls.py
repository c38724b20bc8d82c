from django.urls import path

from menhu.search import views

app_name = "search_office"
urlpatterns = [path("", views.words, name="words")]
