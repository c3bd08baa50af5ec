"""The mouse: a click, a double one as good as Enter, the wheel."""

from .data import orders
from .person import dashboard, lines

UP, DOWN = 64, 65


def mouse(checks, program, _):
    """A click on a tab shows it, on a row selects it, on a key of the footer presses it; the wheel scrolls."""
    with dashboard(checks, program, columns=120, rows=24) as person:
        person.opens()
        program._endpoint = person.endpoint
        orders(program.boto3("dynamodb"), 60)
        person.sees("the calls show", lines("PutItem", "sk=59"))
        last = person.screen
        for _ in range(20):
            person.mouse(UP, 30, 10)
        person.sees("the wheel scrolls up", lines("PutItem", "sk=2"))
        for _ in range(20):
            person.mouse(DOWN, 30, 10)
        person.sees("and down again", lines("PutItem", "sk=59"))
        row = person.screen.row("PutItem", "sk=50")
        checks.true("a row to click", row is not None, last.text)
        person.mouse(0, 30, row)
        person.sees("a click selects its row", lambda _: ["sk=50" in line for line in person.marked()] == [True])
        person.click("3 DynamoDB")
        person.sees("a click on a tab shows it", lines("orders", "60"))
        person.click("1 Calls")
        person.sees("and back", lines("PutItem"))
        person.click("help")
        person.sees("a click on a key of the footer presses it", lines("Keys", "1-"))
        person.press("Esc")
        person.leaves()
