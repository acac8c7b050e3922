"""Decisions of messaging: codes and e-mails on their way, who may be pushed what and when, how a fan-out goes on."""

from smarthd.messaging.rules.chunks import *  # noqa: F403
from smarthd.messaging.rules.deliveries import *  # noqa: F403
from smarthd.messaging.rules.endpoints import *  # noqa: F403
from smarthd.messaging.rules.fanout import *  # noqa: F403
from smarthd.messaging.rules.payloads import *  # noqa: F403
from smarthd.messaging.rules.texts import *  # noqa: F403
from smarthd.messaging.rules.wishes import *  # noqa: F403
