"""What is on its way out: the outbox, the drafts, and the line that lets a send be taken back."""
