"""Mode 7: who flies soon, and whether they know when."""
