from django.urls import path

from menhu.review import views

app_name = "review"

urlpatterns = [
    path("", views.InboxView.as_view(), name="inbox"),
    path("approve/", views.ApproveManyView.as_view(), name="approve_many"),
    path("<int:pk>/", views.DecisionView.as_view(), name="decide"),
    path("<int:pk>/preview/", views.PreviewView.as_view(), name="preview"),
    path("changes/<int:pk>/", views.DifferenceView.as_view(), name="difference"),
    path("sheet/<slug:app_label>/<slug:model>/<int:pk>/", views.SheetView.as_view(), name="sheet"),
]
