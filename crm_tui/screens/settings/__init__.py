"""The settings of this machine and the keys of the desk."""
