from smarthd.kernel.context import ContextConfig


class PeopleConfig(ContextConfig):
    name = "smarthd.people"
    label = "people"
