from smarthd.kernel.context import ContextConfig


class MessagingConfig(ContextConfig):
    name = "smarthd.messaging"
    label = "messaging"
