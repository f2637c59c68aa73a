"""Pure: octets -> what was said, in which language, how, and what is wanted."""
