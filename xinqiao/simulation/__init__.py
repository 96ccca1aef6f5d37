"""The hospital that does not exist: its people, histories, messages, text provider and the patients' phones (模拟医院)."""
