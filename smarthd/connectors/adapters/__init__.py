"""How each kind of source is really read."""
