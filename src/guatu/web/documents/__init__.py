"""文稿 as people see them: the list, the page on which one is written, its reading, checking, versions and files."""
