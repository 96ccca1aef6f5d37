"""Wiring: settings, addresses, worker, command line (接线)."""
