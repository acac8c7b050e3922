"""What may be done with accounts, installs, consents and a person's own data: one function a use case."""

from smarthd.people.services.accounts import *  # noqa: F403
from smarthd.people.services.assistance import *  # noqa: F403
from smarthd.people.services.consents import *  # noqa: F403
from smarthd.people.services.erasure import *  # noqa: F403
from smarthd.people.services.identity import *  # noqa: F403
from smarthd.people.services.installs import *  # noqa: F403
from smarthd.people.services.requests import *  # noqa: F403
from smarthd.people.services.retention import *  # noqa: F403
from smarthd.people.services.second_factor import *  # noqa: F403
from smarthd.people.services.signin import *  # noqa: F403
