"""Properties that Azure does not change once a resource exists: a change is refused in the preview, with the recipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pulumi import ResourceHookArgs, ResourceHookBinding

from azure_llama_components import in_place

Properties = Mapping[str, in_place.Read]
"""Properties by the names that the stack's YAML has for them."""


def keeps(
    name: str, what: str, fixed: Properties, recipe: str, *, once: Properties | None = None
) -> ResourceHookBinding:
    """A check that an update of a resource leaves some of its properties alone.

    Args:
        name: Required. Logical name of the resource.
        what: Required. The resource, as a sentence calls it.
        fixed: Required. What never changes.
        recipe: Required. What to do instead, as a sentence.
        once: Optional. What may come and change, and is not taken back.
    """
    return in_place.before_update(f"{name}-keeps", checks(what, fixed, recipe, once=once))


def checks(
    what: str, fixed: Properties, recipe: str, *, once: Properties | None = None
) -> Callable[[ResourceHookArgs], None]:
    """The check itself; it raises ValueError with the recipe."""

    def check(change: ResourceHookArgs) -> None:
        changes = in_place.changed(change, fixed)
        gone = {key: read for key, read in (once or {}).items() if read(dict(change.new_inputs or {})) is None}
        changes += in_place.changed(change, gone)
        if changes:
            raise in_place.refused(
                f"{what} {change.name!r}", changes, "Azure does not change that once it exists", recipe
            )

    return check
