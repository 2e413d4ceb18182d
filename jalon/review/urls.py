"""The reviewer's doors: the queue, the desk, and what is created at the desk."""

from django.urls import path

from jalon.review import views, views_more

app_name = "review"
DESK = "review/<uuid:pk>/"

urlpatterns = [
    path("review/", views.queue, name="queue"),
    path("review/remarks/", views_more.remarks, name="remarks"),
    path("review/remarks/<uuid:pk>/retirement/", views_more.retirement, name="retirement"),
    path("review/choices/", views_more.choices, name="choices"),
    path(DESK, views.desk, name="desk"),
    path(DESK + "claim/", views.claim, name="claim"),
    path(DESK + "release/", views.release, name="release"),
    path(DESK + "notes/", views.notes, name="notes"),
    path(DESK + "acceptance/", views.acceptance, name="acceptance"),
    path(DESK + "return/", views.return_, name="return"),
    path(DESK + "undoing/", views_more.undoing, name="undoing"),
    path(DESK + "second-reading/", views_more.second_reading, name="second-reading"),
]
