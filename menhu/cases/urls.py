from django.urls import path

from menhu.cases.views import kinds, lists, retention, sheets, steps

app_name = "cases"
urlpatterns = [
    path("cases/", lists.case_list, name="list"),
    path("cases/export.xlsx", lists.export, name="export"),
    path("cases/<int:pk>/", steps.show, name="show"),
    path("cases/<int:pk>/sender/", steps.reveal, name="reveal"),
    path("cases/<int:pk>/files/<int:file>/", steps.file, name="file"),
    path("cases/<int:pk>/sheet/", sheets.sheet, name="sheet"),
    path("cases/<int:pk>/<slug:deed>/", steps.step, name="step"),
    path("case-kinds/", kinds.kinds, name="kinds"),
    path("case-kinds/<int:pk>/", kinds.kind, name="kind"),
    path("retention/", retention.overview, name="retention"),
    path("retention/start/", retention.start, name="retention_start"),
    path("retention/rules/add/", retention.add_rule, name="retention_add_rule"),
    path("retention/rules/<int:pk>/", retention.rule, name="retention_rule"),
    path("retention/runs/<int:pk>/", retention.run, name="retention_run"),
    path("retention/runs/<int:pk>/stop/", retention.stop, name="retention_stop"),
]
