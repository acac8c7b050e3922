from smarthd.kernel.context import ContextConfig


class PlacesConfig(ContextConfig):
    name = "smarthd.places"
    label = "places"
