from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog

from menhu.core.views import proof_challenge
from menhu.delivery.views import public_page
from menhu.desk.views import desk
from menhu.files.views import draft_file
from menhu.sites.api import api
from menhu.sites.views.searching import search_page

urlpatterns = [
    path("office/", desk, name="desk"),
    # Wagtail's own catalogue knows only Wagtail's words; this one also has ours for what Wagtail left in English.
    path("office/jsi18n/", JavaScriptCatalog.as_view(domain="djangojs"), name="office_javascript_catalog"),
    path("office/", include("menhu.accounts.urls")),
    path("office/", include("wagtail.admin.urls")),
    re_path(
        r"^(?P<path>files/[0-9a-f]{2}/[0-9a-f]{16}/(?P<pk>\d{1,18})\.[a-z0-9]+)$",
        draft_file,
        {"otherwise": public_page},
        name="draft_file",
    ),
    re_path(r"^(?!hant/)(?:[a-z0-9-]+/)?search/$", search_page, name="search"),
    path("api/", api.urls),
    path("proof/", proof_challenge, name="proof"),
    path("my", RedirectView.as_view(pattern_name="my:page")),
    path("my/", include("menhu.sites.my_urls")),
    path("", include("menhu.letters.urls")),
    path("", include("menhu.delivery.urls")),
]

handler400 = "menhu.delivery.views.bad_request"
handler404 = "menhu.delivery.views.not_found"
handler500 = "menhu.delivery.views.server_error"
