"""Templates: the list, the editor with its preview, and the pick in the compose screen."""
