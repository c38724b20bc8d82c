from django.urls import path

from menhu.letters.views import applying, checking, mine, sharing, writing

app_name = "letters"
urlpatterns = [
    path("letters/write/", writing.write_page, name="write"),
    path("letters/report/", writing.report_page, name="report"),
    path("letters/similar/", writing.similar_page, name="similar"),
    path("openness/apply/", applying.apply_page, name="apply"),
    path("letters/same/", sharing.same_page, name="same"),
    path("letters/same/confirm/", sharing.confirm_page, name="confirm_same"),
    path("letters/check/", checking.check_page, name="check"),
    path("my/letters/", mine.my_letters, name="my_letters"),
    path("my/letters/<slug:number>/", mine.my_case, name="my_case"),
]
