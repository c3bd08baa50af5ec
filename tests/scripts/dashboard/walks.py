"""Going through a list, row by row."""


def walk(person, rows, key="j"):
    """Opens each row and comes back, so many times; every screen that was seen on the way."""
    seen = []
    for _ in range(rows):
        listed = person.settled()
        person.press("Enter")
        opened = person.settled(unlike=listed)
        seen.append(opened)
        person.press("PgDn", "w", "w", "G", "g", "Esc")
        person.settled(unlike=opened)
        person.press(key)
    return seen
