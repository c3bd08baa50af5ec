"""What runs beside the dashboard ends, and comes again."""

import re
import signal

from .data import orders
from .person import CALLS, DYNAMODB, SESSIONS, dashboard, lines


def killed(checks, program, _):
    """The server is killed, which is said; and it goes on with the next one."""
    server, program._endpoint = program.serve()
    orders(program.boto3("dynamodb"))
    with dashboard(checks, program, columns=140) as person:
        person.opens()
        checks.equal("the top line has the server's endpoint", person.endpoint, program._endpoint)
        person.press(SESSIONS)
        person.sees("the server is there", lambda screen: re.search(rf"\b{server.pid} serve\*", screen.text))
        person.press(DYNAMODB)
        person.sees("its table, too", lines("orders"))
        person.press("Enter")
        person.sees("and its items", lines("customer-0"))
        server.send_signal(signal.SIGKILL)
        server.wait()
        person.sees("it is said that the server ended", lines(f"serve ({server.pid}) ended"))
        person.press("r")
        person.sees("the data is there still", lines("customer-0"))
        again, program._endpoint = program.serve()
        person.press(SESSIONS)
        person.sees("the next server is there", lambda screen: re.search(rf"\b{again.pid} serve\b", screen.text))
        program.boto3("dynamodb").delete_item(TableName="orders", Key={"pk": {"S": "customer-0"}, "sk": {"N": "0"}})
        person.press(CALLS)
        person.sees("and its calls show", lines("DeleteItem", "orders"))
        person.leaves()
