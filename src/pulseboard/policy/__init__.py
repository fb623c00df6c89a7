"""How the installation's owner runs it: who may register, how people sign in, what everybody is told."""

from pulseboard.policy.service import Policy, choose, fixed, policy, policy_in

__all__ = ["Policy", "choose", "fixed", "policy", "policy_in"]
