"""The house checks itself: every rule of how it is built, and a planted violation that shows each one bites."""
