from django.urls import path

from menhu.units.views import people, posts, transfer, tree

app_name = "units"
urlpatterns = [
    path("units/", tree.tree, name="tree"),
    path("units/add/", tree.add, name="add"),
    path("units/<int:pk>/", tree.edit, name="edit"),
    path("units/<int:pk>/close/", tree.close, name="close"),
    path("units/<int:pk>/reopen/", tree.reopen, name="reopen"),
    path("units/transfer/", transfer.transfer, name="transfer"),
    path("units/transfer/template.xlsx", transfer.template, name="template"),
    path("units/transfer/export.xlsx", transfer.export, name="export"),
    path("filing/", tree.my_units, name="my_units"),
    path("filing/<int:pk>/", tree.filing, name="filing"),
    path("posts/", posts.post_list, name="posts"),
    path("posts/appoint/", posts.appoint, name="appoint"),
    path("posts/<int:pk>/deputise/", posts.deputise, name="deputise"),
    path("posts/<int:pk>/end/", posts.end, name="end"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="add_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/reset/", people.reset, name="reset"),
    path("people/<int:pk>/disable/", people.disable, name="disable"),
    path("people/<int:pk>/enable/", people.enable, name="enable"),
    path("people/<int:pk>/unlock/", people.unlock, name="unlock"),
    path("people/<int:pk>/drop-device/", people.drop_device, name="drop_device"),
]
