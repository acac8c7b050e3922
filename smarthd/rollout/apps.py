from smarthd.kernel.context import ContextConfig


class RolloutConfig(ContextConfig):
    name = "smarthd.rollout"
    label = "rollout"
