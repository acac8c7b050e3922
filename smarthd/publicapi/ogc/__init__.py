"""OGC API – Features over datasets that lie on the map: Part 1 (17-069r4), Part 2 (18-058r1), Part 3 with CQL2 basic (19-079r2, 21-065r2)."""
