"""Addresses of the manager's pages (管理页网址)."""

from django.urls import path

from xinqiao.portals.manager import views

app_name = "manager"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("/cards", views.cards, name="cards"),
    path("/<slug:metric>", views.behind, name="behind"),
    path("/<slug:metric>/export", views.export, name="export"),
]
