"""docs/pitfalls.md holds what running the recipes gives."""

from pathlib import Path

import pitfalls
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "pitfalls.md"


@pytest.fixture(scope="module")
def found():
    """Every recipe, run; what convey writes is compared on the way."""
    return pitfalls.results()


def test_every_recipe_is_wrong(found):
    """By numbers that show, or by its shape."""
    assert len(found) >= 10
    for result in found:
        assert "shape" in result.off or float(result.off) > 1e-3, result.row.title


def test_the_page_is_what_was_found(found):
    """To remake it: script/live tests/live/pitfalls.py > docs/pitfalls.md."""
    assert pitfalls.page(found) == PAGE.read_text(encoding="utf-8")
