"""Leaves out of resources what takes most of the time and no test needs."""

from __future__ import annotations

import pulumi


def without_aliases(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """A resource without its former names: azure-native's types have up to thirty, which take most of the time."""
    if not args.opts.aliases:
        return None
    options = pulumi.ResourceOptions.merge(args.opts, None)
    options.aliases = None
    return pulumi.ResourceTransformationResult(args.props, options)
