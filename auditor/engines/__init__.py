"""From a rule to verdicts: the compiler makes the queries, an engine runs them."""
