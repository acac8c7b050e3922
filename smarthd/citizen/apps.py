from smarthd.kernel.context import ContextConfig


class CitizenConfig(ContextConfig):
    name = "smarthd.citizen"
    label = "citizen"
