from smarthd.kernel.context import ContextConfig


class ProgramsConfig(ContextConfig):
    name = "smarthd.programs"
    label = "programs"
