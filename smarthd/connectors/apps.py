from smarthd.kernel.context import ContextConfig


class ConnectorsConfig(ContextConfig):
    name = "smarthd.connectors"
    label = "connectors"
