"""信桥 Xinqiao: the relationship between a hospital and its patients, kept going."""
