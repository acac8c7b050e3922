from smarthd.kernel.context import ContextConfig


class ChannelsConfig(ContextConfig):
    name = "smarthd.channels"
    label = "channels"
