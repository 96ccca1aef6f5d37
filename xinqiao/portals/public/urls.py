"""Addresses of pages without login (公共页网址)."""

from django.urls import path

from xinqiao.portals.public import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("login", views.login, name="login"),
    path("login/code", views.code, name="code"),
    path("login/setup", views.setup, name="setup"),
    path("login/password", views.password, name="password"),
    path("lock", views.lock, name="lock"),
    path("locked", views.locked, name="locked"),
    path("logout", views.logout, name="logout"),
    path("language", views.language, name="language"),
]
