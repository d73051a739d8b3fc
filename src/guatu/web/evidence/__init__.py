"""Evidence one by one: looking at it in place, withdrawing it; and an item's whole dossier."""
