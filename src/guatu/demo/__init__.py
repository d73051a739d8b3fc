"""The synthetic demonstration data set, loaded through the actions."""
