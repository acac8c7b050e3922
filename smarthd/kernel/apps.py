from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "smarthd.kernel"
    label = "kernel"
    verbose_name = "Nền tảng"
