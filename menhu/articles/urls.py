from django.urls import path

from menhu.articles.models import Article, MoveInBatch, MoveInItem
from menhu.articles.views import editing, ending, listing, movein, placing, versions
from menhu.units.scoping import answers_refusals, scoped

app_name = "articles"
urlpatterns = [
    path("", answers_refusals(listing.article_list), name="list"),
    path("add/", answers_refusals(editing.add), name="add"),
    path("docx/", answers_refusals(editing.document), name="docx"),
    path("columns/", answers_refusals(placing.columns), name="columns"),
    path("proposals/", answers_refusals(placing.proposals), name="proposals"),
    path("<int:pk>/", scoped(versions.show, Article, "view"), name="show"),
    path("<int:pk>/edit/", scoped(editing.edit, Article, "change", opens_for_reviewers=True), name="edit"),
    path("<int:pk>/history/", scoped(versions.history, Article, "view"), name="history"),
    path("<int:pk>/compare/", scoped(versions.compare, Article, "view"), name="compare"),
    path("<int:pk>/preview/", scoped(versions.preview, Article, "view"), name="preview"),
    path("<int:pk>/submit/", scoped(ending.submit, Article, "change"), name="submit"),
    path("<int:pk>/recall/", scoped(ending.recall, Article, "change"), name="recall"),
    path("<int:pk>/unschedule/", scoped(ending.unschedule, Article, "change"), name="unschedule"),
    path("<int:pk>/withdraw/", scoped(ending.withdraw, Article, "withdraw"), name="withdraw"),
    path("<int:pk>/restore/", scoped(ending.restore, Article, "change"), name="restore"),
    path("<int:pk>/retract/", scoped(ending.retract, Article, "retract"), name="retract"),
    path("<int:pk>/discard/", scoped(ending.discard, Article, "delete"), name="discard"),
    path("<int:pk>/placements/", scoped(placing.placements, Article, "view"), name="placements"),
    path("<int:pk>/place/", scoped(placing.place, Article, "change"), name="place"),
    path("placements/<int:placement_id>/<slug:verb>/", answers_refusals(placing.decide), name="decide"),
    path("move-in/", answers_refusals(movein.batches), name="movein"),
    path("move-in/<int:pk>/", scoped(movein.batch, MoveInBatch, "view"), name="movein_batch"),
    path("move-in/<int:pk>/decide/", scoped(movein.decide, MoveInBatch, "change"), name="movein_decide"),
    path("move-in/pages/<int:pk>/", scoped(movein.item, MoveInItem, "view"), name="movein_item"),
]
