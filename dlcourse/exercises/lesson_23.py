from ..checks import exercise, expect, expect_number
from ..widgets import Question

@exercise("23.1")
def three(answer):
    expect(expect_number(answer) == 3, "three, please")

QUIZ = [Question("What is `1 + 1`?", [("one", "no"), ("two", "yes")], 1)]
