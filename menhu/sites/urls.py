from django.urls import path

from menhu.sites.views import banners, cluster, columns, home, kinds, requests

app_name = "sites"
urlpatterns = [
    path("", cluster.site_list, name="list"),
    path("open/", cluster.open_site, name="open"),
    path("plan/<int:pk>/", cluster.plan, name="plan"),
    path("<int:pk>/settings/", cluster.settings_page, name="settings"),
    path("<int:pk>/columns/", columns.column_tree, name="columns"),
    path("<int:pk>/columns/add/", columns.add_column, name="add_column"),
    path("columns/<int:pk>/", columns.edit_column, name="edit_column"),
    path("columns/<int:pk>/move/", columns.move_column, name="move_column"),
    path("columns/<int:pk>/remove/", columns.remove_column, name="remove_column"),
    path("<int:pk>/ask/", requests.ask, name="ask"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/<int:pk>/", requests.one_request, name="request"),
    path("<int:pk>/home/", home.arrange, name="home"),
    path("<int:pk>/home/add/", home.add_block, name="add_block"),
    path("blocks/<int:pk>/", home.edit_block, name="edit_block"),
    path("blocks/<int:pk>/act/", home.act_on_block, name="act_on_block"),
    path("banners/", banners.banner_page, name="banners"),
    path("banners/show/", banners.show_banner, name="show_banner"),
    path("banners/<int:pk>/switch/", banners.switch_banner, name="switch_banner"),
    path("mourning/", banners.set_mourning, name="set_mourning"),
    path("kinds/", kinds.kind_list, name="kinds"),
    path("kinds/add/", kinds.edit_kind, name="add_kind"),
    path("kinds/<int:pk>/", kinds.edit_kind, name="edit_kind"),
    path("templates/", kinds.template_list, name="templates"),
    path("templates/add/", kinds.edit_template, name="add_template"),
    path("templates/<int:pk>/", kinds.edit_template, name="edit_template"),
]
