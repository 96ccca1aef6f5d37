"""The workbench of nurses, doctors and the service desk (工作台)."""
