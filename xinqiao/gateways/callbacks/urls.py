"""Addresses that providers call (回调地址); the word in them is the secret agreed with each provider."""

from django.urls import path

from xinqiao.gateways.callbacks import views

urlpatterns = [
    path("callbacks/<slug:channel>/<str:word>/receipts", views.receipts, name="callback-receipts"),
    path("callbacks/<slug:channel>/<str:word>/replies", views.replies, name="callback-replies"),
]
