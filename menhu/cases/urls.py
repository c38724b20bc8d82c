from django.urls import path

from menhu.cases.views import kinds, lists, sheets, steps

app_name = "cases"
urlpatterns = [
    path("cases/", lists.case_list, name="list"),
    path("cases/export.xlsx", lists.export, name="export"),
    path("cases/<int:pk>/", steps.show, name="show"),
    path("cases/<int:pk>/sender/", steps.reveal, name="reveal"),
    path("cases/<int:pk>/sheet/", sheets.sheet, name="sheet"),
    path("cases/<int:pk>/<slug:deed>/", steps.step, name="step"),
    path("case-kinds/", kinds.kinds, name="kinds"),
    path("case-kinds/<int:pk>/", kinds.kind, name="kind"),
]
