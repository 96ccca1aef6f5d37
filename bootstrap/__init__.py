"""Prepare a clone so that one command is enough (安装准备). Standard library only: nothing is installed yet."""
