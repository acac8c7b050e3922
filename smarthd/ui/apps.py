from smarthd.kernel.context import ContextConfig


class UiConfig(ContextConfig):
    name = "smarthd.ui"
    label = "ui"
