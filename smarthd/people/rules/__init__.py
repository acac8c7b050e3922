"""Decisions of people, as functions of values."""

from smarthd.people.rules.assistance import *  # noqa: F403
from smarthd.people.rules.codes import *  # noqa: F403
from smarthd.people.rules.consents import *  # noqa: F403
from smarthd.people.rules.installs import *  # noqa: F403
from smarthd.people.rules.phones import *  # noqa: F403
from smarthd.people.rules.requests import *  # noqa: F403
from smarthd.people.rules.sessions import *  # noqa: F403
