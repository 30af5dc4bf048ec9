"""Pictures: what a camera sends is kept as the picture alone; anything else is refused with what to do."""

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile
from PIL.PngImagePlugin import PngInfo

from app.infra.pictures import LONGER_SIDE, MOST_BYTES, SENTENCES, UnusablePicture, prepare_picture, thumbnail

pytestmark = pytest.mark.once

RED, WHITE = (255, 0, 0), (255, 255, 255)
NORTH_CAROLINA = {1: "N", 2: (35.0, 46.0, 46.2), 3: "W", 4: (78.0, 38.0, 18.0)}


def scene(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """White, with red in its upper left corner."""
    picture = Image.new("RGB", (width, height), WHITE)
    picture.paste(RED, (0, 0, width // 4, height // 4))
    return picture.convert(mode)


def encoded(picture: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def is_red(picture: Image.Image, x: float, y: float) -> bool:
    red, green, blue = picture.getpixel((int(x * picture.width), int(y * picture.height)))  # type: ignore[misc]
    return bool(red > 200 and green < 60 and blue < 60)


def refusal(data: bytes) -> UnusablePicture:
    with pytest.raises(UnusablePicture) as refused:
        prepare_picture(data)
    return refused.value


def as_the_camera_holds_it(orientation: int) -> bytes:
    """A picture that shows red in its upper left corner only when it is turned as its note says."""
    back = {
        1: (), 2: (Image.Transpose.FLIP_LEFT_RIGHT,), 3: (Image.Transpose.ROTATE_180,),
        4: (Image.Transpose.FLIP_TOP_BOTTOM,), 5: (Image.Transpose.TRANSPOSE,), 6: (Image.Transpose.ROTATE_90,),
        7: (Image.Transpose.TRANSVERSE,), 8: (Image.Transpose.ROTATE_270,),
    }  # fmt: skip
    picture = scene()
    for turn in back[orientation]:
        picture = picture.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(picture, exif=exif)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright_however_the_camera_was_held(orientation: int) -> None:
    kept = opened(prepare_picture(as_the_camera_holds_it(orientation)))
    assert kept.size == (400, 300)
    assert is_red(kept, 0.1, 0.1)
    assert not any(is_red(kept, x, y) for x, y in ((0.9, 0.1), (0.1, 0.9), (0.9, 0.9)))


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x9003] = "Fruit", "2021:01:15 09:30:00"
    exif.get_ifd(0x8825).update(NORTH_CAROLINA)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    sent = encoded(scene(), exif=exif, comment=b"Dana's fridge", icc_profile=profile, xmp=b"<x>35.77 -78.63</x>")
    assert opened(sent).getexif().get_ifd(0x8825)[2] == NORTH_CAROLINA[2]
    kept = prepare_picture(sent)
    assert not opened(kept).getexif()
    assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"Exif", b"Fruit", b"Dana", b"78.63", b"ICC_PROFILE"):
        assert trace not in kept


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_notes_of_other_kinds_of_pictures_go_as_well(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Fruit", 3
    notes = PngInfo()
    notes.add_text("Comment", "Dana's fridge")
    more: dict[str, Any] = {"pnginfo": notes} if kind == "PNG" else {"lossless": True}
    kept = prepare_picture(encoded(scene(), kind, exif=exif, **more))
    assert opened(kept).format == "JPEG"
    assert is_red(opened(kept), 0.9, 0.9)
    assert b"Fruit" not in kept
    assert b"Dana" not in kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [((4000, 3000), (2000, 1500)), ((1500, 6000), (500, 2000)), ((2000, 10), (2000, 10)), ((30_000, 2), (2000, 1))],
)
def test_the_longer_side_is_brought_to_2000_pixels_and_smaller_pictures_stay(sent: Any, kept: Any) -> None:
    assert opened(prepare_picture(encoded(scene(*sent), quality=60))).size == kept
    assert LONGER_SIDE == 2_000


def test_a_thumbnail_is_the_same_picture_in_small() -> None:
    kept = prepare_picture(as_the_camera_holds_it(6))
    small = opened(thumbnail(kept, 320))
    assert small.size == (320, 240)
    assert is_red(small, 0.1, 0.1)
    assert opened(thumbnail(kept, 100)).size == (100, 75)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_way_of_colouring_a_png_is_read(mode: str) -> None:
    picture = Image.new("I;16", (40, 30), 65_535) if mode == "I;16" else scene(40, 30, mode)
    assert opened(prepare_picture(encoded(picture, "PNG"))).getpixel((35, 25)) == WHITE


def test_a_jpeg_for_printers_and_a_grey_one_are_read() -> None:
    assert is_red(opened(prepare_picture(encoded(scene(mode="CMYK")))), 0.1, 0.1)
    assert opened(prepare_picture(encoded(scene(mode="L")))).mode == "RGB"


def test_what_is_transparent_becomes_white_not_black() -> None:
    clear = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    palette = clear.convert("P")
    for data in (encoded(clear, "PNG"), encoded(palette, "PNG", transparency=0), encoded(clear, "WEBP")):
        assert opened(prepare_picture(data)).getpixel((20, 15)) == WHITE


def test_of_two_pictures_in_one_file_the_first_is_kept() -> None:
    both = encoded(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (400, 300))])
    assert is_red(opened(prepare_picture(both)), 0.1, 0.1)
    moving = encoded(scene(), "WEBP", save_all=True, append_images=[Image.new("RGB", (400, 300))])
    assert is_red(opened(prepare_picture(moving)), 0.1, 0.1)


@pytest.mark.parametrize(
    "data",
    [
        b"Not a picture at all",
        b"%PDF-1.7 and so on",
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded(scene(), "GIF"),
        encoded(scene(), "TIFF"),
        b"\x00\x00\x00\x20ftypisom" + bytes(40),
    ],
)
def test_a_file_of_another_kind_is_refused_whatever_its_name(data: bytes) -> None:
    found = refusal(data)
    assert found.code == "other_kind"
    assert "JPEG, PNG or WebP" in str(found)


def test_a_heic_picture_is_refused_with_the_way_to_make_it_a_jpeg() -> None:
    found = refusal(b"\x00\x00\x00\x24ftypheic" + bytes(40))
    assert found.code == "heic"
    assert "Most Compatible" in str(found)


def test_an_empty_file_and_one_of_more_than_15_mb_are_refused() -> None:
    assert refusal(b"").code == "empty"
    assert prepare_picture(encoded(scene()) + bytes(1_000_000))
    found = refusal(encoded(scene()) + bytes(50 * 1024 * 1024))
    assert (found.code, found.facts) == ("too_big", {"size_mb": "51", "limit_mb": "15"})
    assert refusal(bytes(MOST_BYTES + 1)).code == "too_big"


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it has this size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1_000)))
        + chunk(b"IEND", b"")
    )


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose header says it has this size."""
    data = bytearray(encoded(scene()))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_of(width: int, height: int) -> bytes:
    """A WebP whose canvas says it has this size."""
    data = bytearray(encoded(scene(mode="RGBA"), "WEBP", exif=b"Exif\x00\x00MM"))
    data[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(data)


@pytest.mark.parametrize("make", [png_of, jpeg_of, webp_of])
@pytest.mark.parametrize(("width", "height"), [(9_000, 6_700), (30_000, 30_000), (65_000, 65_000)])
def test_more_than_50_megapixels_are_refused_from_the_header_alone(make: Any, width: int, height: int) -> None:
    found = refusal(make(width, height))
    assert found.code == "too_many_pixels"
    assert (found.facts["width"], found.facts["height"], found.facts["limit"]) == (str(width), str(height), "50")
    assert f"{-(-width * height // 1_000_000)} megapixels" in str(found)


def test_the_size_of_a_webp_is_read_in_each_of_its_forms() -> None:
    lossy, lossless = encoded(scene(), "WEBP"), encoded(scene(), "WEBP", lossless=True)
    assert (lossy[12:16], lossless[12:16]) == (b"VP8 ", b"VP8L")
    for sent, place, size in ((lossy, 26, struct.pack("<HH", 16_000, 16_000)), (lossless, 21, b"\x7f\xfe\x9f\x0f")):
        assert opened(prepare_picture(sent)).size == (400, 300)
        changed = sent[:place] + size + sent[place + 4 :]
        assert refusal(changed).code == "too_many_pixels"


def test_a_picture_of_48_megapixels_as_telephones_take_them_is_kept() -> None:
    assert opened(prepare_picture(encoded(scene(8_064, 5_952), quality=60))).size == (2000, 1476)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_refused_also_once_pdfs_were_made(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = encoded(Image.effect_noise((400, 300), 80).convert("RGB"), kind)
    found = refusal(data[: len(data) // 2])
    assert found.code == "damaged"
    assert "Upload it again" in str(found)


def test_a_jpeg_made_to_be_decoded_a_thousand_times_is_refused() -> None:
    data = encoded(scene(), progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    assert refusal(data[:-2] + scan * 200 + b"\xff\xd9").code == "damaged"


def test_a_broken_note_beside_the_picture_does_not_make_it_a_broken_picture() -> None:
    assert opened(prepare_picture(encoded(scene(), exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xffnonsense"))).size == (400, 300)


SENT = [
    encoded(scene(40, 30)),
    encoded(scene(40, 30), progressive=True),
    encoded(scene(40, 30), "PNG"),
    encoded(scene(40, 30, "P"), "PNG"),
    encoded(scene(40, 30), "WEBP"),
    encoded(scene(40, 30), "WEBP", lossless=True),
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SENT), st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=20), st.data())
def test_whatever_arrives_is_a_picture_or_is_refused_with_a_sentence(
    sent: bytes, changes: list[tuple[int, int]], data: st.DataObject
) -> None:
    changed = bytearray(sent)
    for place, value in changes:
        changed[place % len(changed)] = value
    cut = data.draw(st.integers(len(changed) // 2, len(changed)))
    outcome = outcome_of(bytes(changed[:cut]))
    if isinstance(outcome, UnusablePicture):
        assert outcome.code in SENTENCES
        assert str(outcome).endswith(".")
    else:
        assert opened(outcome).format == "JPEG"
        assert max(opened(outcome).size) <= LONGER_SIDE


def outcome_of(data: bytes) -> bytes | UnusablePicture:
    try:
        return prepare_picture(data)
    except UnusablePicture as refused:
        return refused
