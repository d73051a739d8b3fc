"""Re-inspection (回头看): the samples, drawing one, what was found."""
