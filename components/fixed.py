"""Properties that Azure does not change once a resource exists: a change is refused in the preview, with the recipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pulumi import ResourceHookArgs, ResourceHookBinding

from components import in_place


def keeps(name: str, what: str, fixed: Mapping[str, in_place.Read], recipe: str) -> ResourceHookBinding:
    """A check that an update of a resource leaves some of its properties alone.

    Args:
        name: Required. Logical name of the resource.
        what: Required. The resource, as a sentence calls it.
        fixed: Required. The properties, by the names that the stack's YAML has for them.
        recipe: Required. What to do instead, as a sentence.
    """
    return in_place.before_update(f"{name}-keeps", checks(what, fixed, recipe))


def checks(what: str, fixed: Mapping[str, in_place.Read], recipe: str) -> Callable[[ResourceHookArgs], None]:
    """The check itself; it raises ValueError with the recipe."""

    def check(change: ResourceHookArgs) -> None:
        if changes := in_place.changed(change, fixed):
            raise in_place.refused(
                f"{what} {change.name!r}", changes, "Azure does not change that once it exists", recipe
            )

    return check
