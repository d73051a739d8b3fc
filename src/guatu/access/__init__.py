"""One policy that answers “which rows?” and “may I?”."""
