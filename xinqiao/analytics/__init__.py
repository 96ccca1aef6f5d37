"""Metrics defined once, with numerator, denominator and who is not counted (运营分析)."""
