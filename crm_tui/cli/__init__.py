"""The command line (SPEC §15): one module a command group, thin over the desk and the engine."""
