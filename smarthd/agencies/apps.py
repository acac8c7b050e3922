from smarthd.kernel.context import ContextConfig


class AgenciesConfig(ContextConfig):
    name = "smarthd.agencies"
    label = "agencies"
