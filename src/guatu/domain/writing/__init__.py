"""Writing documents (文稿): the body as its writers keep it, merging two hands, and saying it with the figures of a day."""
