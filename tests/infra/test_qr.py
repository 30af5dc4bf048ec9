"""A QR code is read back by a reader that we did not write."""

from base64 import b64decode
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.infra.qr import QUIET_ZONE, qr_png_data_uri

pytestmark = pytest.mark.once


def _image(uri: str) -> Image.Image:
    kind, _, content = uri.partition(",")
    assert kind == "data:image/png;base64"
    return Image.open(BytesIO(b64decode(content)))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=300))
def test_any_address_is_read_back_as_it_was_written(text: str) -> None:
    found = zxingcpp.read_barcodes(_image(qr_png_data_uri(text)))

    assert [code.text for code in found] == [text]


def test_four_clear_modules_surround_the_code() -> None:
    image = _image(qr_png_data_uri("https://vaccines.example.gov/check/1", pixels_per_module=3))

    clear = QUIET_ZONE * 3
    ink = image.point(lambda shade: 255 - shade).getbbox()
    assert ink == (clear, clear, image.width - clear, image.height - clear)
    assert QUIET_ZONE == 4


def test_black_and_white_and_nothing_between() -> None:
    image = _image(qr_png_data_uri("https://vaccines.example.gov/check/1"))

    assert image.mode == "L"
    assert {shade for _, shade in image.getcolors() or []} == {0, 255}


@pytest.mark.parametrize("text", ["", "https://vaccines.example.gov/穗"])
def test_a_text_that_readers_would_have_to_guess_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="needs a text"):
        qr_png_data_uri(text)


def test_a_text_too_long_for_any_code_is_refused() -> None:
    with pytest.raises(ValueError, match=r"(?i)data too large"):
        qr_png_data_uri("x" * 2332)
