"""What every room stands on: errors, clock, language, progress, paths and settings. Imports nothing of the project."""
