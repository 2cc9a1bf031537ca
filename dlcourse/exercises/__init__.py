"""One module per lesson: the checkers of its exercises, and its ``QUIZ``."""
