from smarthd.kernel.context import ContextConfig


class FieldreportsConfig(ContextConfig):
    name = "smarthd.fieldreports"
    label = "fieldreports"
