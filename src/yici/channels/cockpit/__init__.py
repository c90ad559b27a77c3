"""The cockpit: how the counties of a province do, on one map, with everything behind each figure."""
