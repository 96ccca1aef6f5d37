"""Addresses of the patient's pages (患者端网址); see docs/decisions/0012-patient-addresses.md."""

from django.urls import path

from xinqiao.portals.patient import consents, entering, forms, links, people, views
from xinqiao.portals.ui.converters import register

register()
app_name = "patient"
urlpatterns = [
    path("me", views.home, name="home"),
    path("me/login", entering.phone, name="login"),
    path("me/login/code", entering.code, name="code"),
    path("me/login/resend", entering.resend, name="resend"),
    path("me/logout", entering.logout, name="logout"),
    path("me/people", people.choose, name="people"),
    path("me/plan", views.plan, name="plan"),
    path("me/readers", views.readers, name="readers"),
    path("me/consents", consents.standing, name="consents"),
    path("me/consents/<slug:purpose>", consents.withdraw, name="withdraw"),
    path("me/forms/<invitation:invitation_id>", forms.own, name="form"),
    path("me/forms/<invitation:invitation_id>/draft", forms.own_draft, name="form_draft"),
    path("q/<slug:token>", links.link, name="link"),
    path("q/<slug:token>/draft", links.link_draft, name="link_draft"),
]
