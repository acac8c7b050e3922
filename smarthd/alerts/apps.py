from smarthd.kernel.context import ContextConfig


class AlertsConfig(ContextConfig):
    name = "smarthd.alerts"
    label = "alerts"
