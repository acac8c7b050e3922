from smarthd.kernel.context import ContextConfig


class CitizenConfig(ContextConfig):
    name = "smarthd.citizen"
    label = "citizen"

    def ready(self) -> None:
        super().ready()
        from smarthd.citizen import refusals

        refusals.register()
