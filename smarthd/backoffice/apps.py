from smarthd.kernel.context import ContextConfig


class BackofficeConfig(ContextConfig):
    name = "smarthd.backoffice"
    label = "backoffice"
