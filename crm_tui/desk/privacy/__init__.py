"""What is held on one guest, erasure, and for how long anything is kept (SPEC §6)."""
