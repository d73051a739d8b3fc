"""填报: building requests, watching them come in, reviewing what was handed in."""
