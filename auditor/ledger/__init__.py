"""The working papers of an audit: what a run comes to, kept in files and read back."""
