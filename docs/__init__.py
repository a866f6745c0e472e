"""The pages for people, and the programs that draw their pictures and write their tables."""
