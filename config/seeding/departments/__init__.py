"""What the departments of the demonstration hand in: drawn rows, in files of the kinds they come in."""
