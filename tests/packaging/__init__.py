"""What is shipped: the wheel, installed where nothing of the source tree is seen."""
