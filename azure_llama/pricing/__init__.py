"""What a stack costs in a month, from dated prices."""
