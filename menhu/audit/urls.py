from django.urls import path

from menhu.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.EventListView.as_view(), name="list"),
    path("results/", views.EventListView.as_view(results_only=True), name="list_results"),
    path("<int:pk>/", views.event, name="event"),
]
