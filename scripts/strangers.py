"""For schemathesis (scripts/test-extra).

Each request comes from an address of its own, as a proxy on this machine says: from one address the wrong tracking
codes it makes up would soon be answered nothing but to wait. And every other request is about a case that is
there, for the numbers and codes it makes up are nobody's: HOIAM_NUMBERS and HOIAM_CODES name some.
"""

from itertools import count
from os import environ

import schemathesis

KNOWN = {"number": environ["HOIAM_NUMBERS"].split(), "tracking_code": environ["HOIAM_CODES"].split()}
numbers = count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    number = next(numbers)
    case.headers["X-Forwarded-For"] = f"198.{18 + number // 65536 % 2}.{number // 256 % 256}.{number % 256}"
    for name, known in KNOWN.items():
        if number % 2 and name in (case.path_parameters or {}):
            case.path_parameters[name] = known[number // 2 % len(known)]
