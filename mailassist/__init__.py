"""mailassist drafts calm replies to customer mail, in the customer's language. It never sends."""

__version__ = "0.1.0"
