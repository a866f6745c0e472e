"""Guest relations: feedback, its resolution, and what quality costs (SPEC §11)."""
