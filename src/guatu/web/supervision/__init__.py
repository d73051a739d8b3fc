"""督导: visits and what teams find on them."""
