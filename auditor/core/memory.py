"""How much of the machine's memory the engine may take, which writes to disk what is more."""

ENGINE_SHARE = "50%"
"""DuckDB would take four fifths. But what the program itself holds, findings, evidence and records in words, grows with
what is found, and an office computer runs other programs too."""
