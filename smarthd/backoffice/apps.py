from smarthd.kernel.context import ContextConfig


class BackofficeConfig(ContextConfig):
    name = "smarthd.backoffice"
    label = "backoffice"

    def ready(self) -> None:
        super().ready()
        from smarthd.backoffice import refusals

        refusals.register()
