"""The definitions of SPEC as pure functions on plain values: no I/O, no clock, no other room."""
