"""SMART Health Cards as a format: keys, signed texts, and the digits of their codes. Knows nothing of vaccines."""
