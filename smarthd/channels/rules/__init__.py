"""What channels decides, as functions of values."""
