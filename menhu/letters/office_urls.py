from django.urls import path

from menhu.letters.views import copies, entering, keeping, knowledge, petitions, weekly, yearly

app_name = "letters_office"
urlpatterns = [
    path("letters/enter/", entering.enter, name="enter"),
    path("letters/<int:pk>/copy/", copies.copy_page, name="copy"),
    path("letters/<int:pk>/document.pdf", copies.document, name="document"),
    path("letters/<int:pk>/petition/", petitions.petition, name="petition"),
    path("letters/weekly/", weekly.weekly, name="weekly"),
    path("knowledge/", knowledge.knowledge, name="knowledge"),
    path("petitions/", petitions.petitions, name="petitions"),
    path("mailboxes/", keeping.mailboxes, name="mailboxes"),
    path("mailboxes/add/", keeping.mailbox, name="add_mailbox"),
    path("mailboxes/<int:pk>/", keeping.mailbox, name="mailbox"),
    path("reply-templates/", keeping.templates, name="templates"),
    path("reply-templates/add/", keeping.template, name="add_template"),
    path("reply-templates/<int:pk>/", keeping.template, name="template"),
    path("openness/yearly/", yearly.yearly, name="yearly"),
]
