from smarthd.kernel.context import ContextConfig


class ContentConfig(ContextConfig):
    name = "smarthd.content"
    label = "content"
