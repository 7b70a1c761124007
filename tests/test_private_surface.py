from __future__ import annotations

import pytest

from tests.private_surface import check


def test_a_changed_part_is_reported_with_versions_module_and_both_descriptions() -> None:
    surface = {"inspect:signature": "(other)", "inspect:no_such": "()", "inspect:isclass": "(object)"}
    with pytest.raises(AssertionError) as failed:
        check("pytest", "0.0.1", "azure_llama.some.module", surface)
    text = str(failed.value)
    assert "azure_llama.some.module uses private parts of pytest 0.0.1; in " in text
    assert "inspect:signature: was (other), is (obj, " in text
    assert "inspect:no_such: was (), is missing" in text
    assert "isclass" not in text
