"""What is decided about citizens' reports, as functions of values; import the modules."""
