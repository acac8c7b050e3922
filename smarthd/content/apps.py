from smarthd.kernel.context import ContextConfig


class ContentConfig(ContextConfig):
    name = "smarthd.content"
    label = "content"
    verbose_name = "Nội dung"

    def ready(self) -> None:
        """Register who may do what in Wagtail before Wagtail makes up its own answer."""
        from smarthd.content.editor import permissions

        permissions.register()
        super().ready()
