"""Registers that stand beside the cases: what other offices and steps write down."""
