from smarthd.kernel.context import ContextConfig


class InsightsConfig(ContextConfig):
    name = "smarthd.insights"
    label = "insights"
