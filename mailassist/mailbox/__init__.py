"""The server: reads and writes, decides nothing."""
