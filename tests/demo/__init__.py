"""Tests of the sample hotel."""
