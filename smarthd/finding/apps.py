from smarthd.kernel.context import ContextConfig


class FindingConfig(ContextConfig):
    name = "smarthd.finding"
    label = "finding"
