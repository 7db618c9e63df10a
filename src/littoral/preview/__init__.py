"""What was built, shown by a link: who may see it, what is answered, and what it may not reach."""
