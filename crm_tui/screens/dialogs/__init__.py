"""Small modal boxes: yes or no, a pick from a list, one line of text."""
