"""What is made to leave for other programs: one file a form, everything masked unless a person asked otherwise."""
