from smarthd.kernel.context import ContextConfig


class PublicapiConfig(ContextConfig):
    name = "smarthd.publicapi"
    label = "publicapi"
