"""The unit's side of 填报: filling a return in, handing it in, reading what was handed in, the burden of it."""
