"""Open311 GeoReport v2, read and write (docs/open311.md; the specification is at wiki.open311.org/GeoReport_v2)."""
