"""The demonstration (演示): a hospital that does not exist, on a clock that can be moved, with its patients' phones."""
