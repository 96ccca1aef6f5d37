"""The door by which providers report what became of our messages, and pass on what people answered."""
