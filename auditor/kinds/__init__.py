"""What a rule can say: one file a kind, each with its fields, its query, its sentence and what NULL means to it."""
