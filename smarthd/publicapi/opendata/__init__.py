"""Open data for machines: what may be asked, how it is answered, in which formats."""
