"""Screens about money: recording payments, schedules, terms and operators, bank statements."""
