"""The pages of badges."""

from django.urls import path

from jalon.credentials import views, views_batch, views_public

app_name = "credentials"
urlpatterns = [
    path("v/<str:code>/", views.badge, name="badge"),
    path("badges/", views.mine, name="mine"),
    path("badges/several/", views_batch.several, name="batches"),
    path("badges/several/<uuid:pk>/", views_batch.one, name="batch"),
    path("badges/several/<uuid:pk>/columns/", views_batch.columns, name="columns"),
    path("badges/several/<uuid:pk>/beginning/", views_batch.beginning, name="beginning"),
    path("badges/several/<uuid:pk>/resumption/", views_batch.resumption, name="batch-resumption"),
    path("badges/several/<uuid:pk>/withdrawal/", views_batch.withdrawal, name="withdrawal"),
    path("credentials/state/", views_public.state, name="state"),
    path("issuer/", views_public.issuer, name="issuer"),
    path("achievements/<slug:slug>/<str:version>/<slug:level>/", views_public.achievement, name="achievement"),
    path("badges/<str:code>/sibling/", views.sibling, name="sibling"),
    path("badges/<str:code>/sharing/", views.sharing, name="sharing"),
    path("badges/<str:code>/closing/", views.closing, name="closing"),
]
