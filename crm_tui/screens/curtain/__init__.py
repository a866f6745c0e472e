"""What hides the desk: while it is locked, and until somebody has said who they are."""
