"""Pure: what was read -> a draft."""
