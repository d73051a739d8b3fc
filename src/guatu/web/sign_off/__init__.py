"""Sign-off on paper: the sheet to print, the scan to upload, the way back to the version that was signed."""
