"""Follows configurations through the code of a plan, and tells what happens to them."""
