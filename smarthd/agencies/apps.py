from smarthd.kernel.context import ContextConfig


class AgenciesConfig(ContextConfig):
    name = "smarthd.agencies"
    label = "agencies"

    def ready(self) -> None:
        from smarthd.agencies import words

        super().ready()
        words.register()
