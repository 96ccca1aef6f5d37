"""The numbers and the lists behind them (管理端)."""
