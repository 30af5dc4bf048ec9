"""Pictures that people send: only what decodes as one is taken, and only what can be seen in it is kept.

Whatever a camera writes beside the picture (where, when, with which telephone, of whom) goes. HEIC is refused:
browsers on an iPhone turn it into JPEG by themselves where the field asks for `ACCEPT`, and a decoder for it would
be one more large program that reads strangers' files.
"""

import io
import warnings
from collections.abc import Callable

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

ACCEPT = "image/jpeg,image/png,image/webp"
PICTURE_TYPE = "image/jpeg"
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGER_SIDE = 2_000
QUALITY = 85

SENTENCES = {
    "empty": "The file is empty. Take the picture again, or choose another one.",
    "too_big": (
        "This file has %(size_mb)s MB; a picture may have %(limit_mb)s MB. "
        "Take it again with a lower setting of the camera, or save it smaller, and upload that."
    ),
    "too_many_pixels": (
        "This picture has %(megapixels)s megapixels (%(width)s by %(height)s); it may have %(limit)s. "
        "Take it again with a lower setting of the camera, or save it smaller, and upload that."
    ),
    "heic": (
        "This is a HEIC picture, as iPhones take them, which many computers cannot open. "
        "On the iPhone choose Settings, Camera, Formats, Most Compatible and take the picture again; "
        "or save this one as JPEG and upload that."
    ),
    "other_kind": "This is not a picture that we can open. Upload a photograph as JPEG, PNG or WebP.",
    "damaged": (
        "This picture is damaged or did not arrive whole. "
        "Upload it again; if that does not help, open it, save it as JPEG and upload that."
    ),
}

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_ORIENTATION = 0x0112
_MOST_SCANS = 100  # a progressive JPEG has about ten; each takes as long as decoding the whole picture
_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


class UnusablePicture(Exception):
    """A file that is refused. `code` is a key of SENTENCES, `facts` what its sentence names; `str()` is English."""

    def __init__(self, code: str, /, **facts: str) -> None:
        self.code = code
        self.facts = facts
        self.parts: tuple[tuple[str, dict[str, str]], ...] = ((SENTENCES[code], facts),)
        super().__init__(SENTENCES[code] % facts)


def prepare_picture(data: bytes) -> bytes:
    """The picture as it is kept: JPEG, upright, its longer side at most 2,000 pixels, with nothing but the picture.

    Taken are JPEG, PNG and WebP (of moving ones the first frame) up to 15 MB and 50 megapixels; the size is read from
    the header before anything is decoded. Raises UnusablePicture.
    """
    return _small(data, LONGER_SIDE)


def thumbnail(data: bytes, longer_side: int = 320) -> bytes:
    """The same as a small JPEG, its longer side at most so many pixels. Raises UnusablePicture."""
    return _small(data, longer_side)


def greys(data: bytes, longer_side: int) -> Image.Image:
    """The same in shades of grey, as held by the camera, for a machine that looks for codes. Raises UnusablePicture."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        picture = _opened(data)
        try:
            return _opaque(_scaled(picture, longer_side)).convert("L")
        except Exception as error:
            raise UnusablePicture("damaged") from error


def _small(data: bytes, longer_side: int) -> bytes:
    with warnings.catch_warnings():
        # Pillow warns of broken notes beside a picture; they go anyway.
        warnings.simplefilter("ignore")
        return _encoded(_opened(data), longer_side)


def _opened(data: bytes) -> ImageFile.ImageFile:
    """The picture with its header read."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # the PDF library allows halves of pictures for the whole process
    if not data:
        raise UnusablePicture("empty")
    if len(data) > MOST_BYTES:
        size = -(-len(data) // (1024 * 1024))
        raise UnusablePicture("too_big", size_mb=str(size), limit_mb=str(MOST_BYTES // (1024 * 1024)))
    opener = _opener(data)
    if opener is WebPImageFile:
        # Its reader makes room for the whole picture while opening.
        _check_size(*_webp_size(data))
    try:
        # The plugins themselves, since Image.open warns of large pictures instead of refusing them.
        picture = opener(io.BytesIO(data))
    except Exception as error:  # whatever a decoder stumbles over in a stranger's file
        raise UnusablePicture("damaged") from error
    _check_size(*picture.size)
    if opener is JpegImageFile and data.count(b"\xff\xda") > _MOST_SCANS:
        raise UnusablePicture("damaged")
    return picture


def _opener(data: bytes) -> Callable[[io.BytesIO], ImageFile.ImageFile]:
    """Who reads such a file, told from its first bytes: its name is only what somebody called it."""
    if data.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WebPImageFile
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise UnusablePicture("heic")
    raise UnusablePicture("other_kind")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height as the first chunk names them (RFC 9649)."""
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(data) >= 30:
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    raise UnusablePicture("damaged")


def _check_size(width: int, height: int) -> None:
    if width * height <= MOST_PIXELS:
        return
    raise UnusablePicture(
        "too_many_pixels",
        megapixels=str(-(-width * height // 1_000_000)),
        width=str(width),
        height=str(height),
        limit=str(MOST_PIXELS // 1_000_000),
    )


def _encoded(picture: ImageFile.ImageFile, longer_side: int) -> bytes:
    try:
        turns = _TURNS.get(_orientation(picture), ())
        small = _opaque(_scaled(picture, longer_side))
    except Exception as error:
        raise UnusablePicture("damaged") from error
    for turn in turns:
        small = small.transpose(turn)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _orientation(picture: ImageFile.ImageFile) -> int:
    """How the camera was held, 1 to 8 as EXIF counts; 0 where it is not said or cannot be read."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 0))
    except Exception:  # a broken note beside the picture does not make it a broken picture
        return 0


def _scaled(picture: ImageFile.ImageFile, longer_side: int) -> Image.Image:
    """Decoded and scaled down; a JPEG is decoded smaller to begin with."""
    shrink = max(1.0, max(picture.size) / (longer_side * 2))
    picture.draft(None, (max(1, int(picture.width / shrink)), max(1, int(picture.height / shrink))))
    picture.load()
    whole: Image.Image = picture
    if whole.mode.startswith("I;16"):
        whole = whole.point(lambda value: value / 256).convert("L")
    elif whole.mode == "P":
        whole = whole.convert("RGBA" if "transparency" in whole.info else "RGB")
    elif whole.mode not in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        whole = whole.convert("RGB")
    whole.thumbnail((longer_side, longer_side), Image.Resampling.LANCZOS)
    return whole


def _opaque(picture: Image.Image) -> Image.Image:
    """The picture alone, on white where it is transparent: a fresh one has no notes beside it."""
    fresh = Image.new("RGB", picture.size, "white")
    if picture.mode in {"LA", "RGBA"}:
        fresh.paste(picture.convert("RGB"), mask=picture.getchannel("A"))
    else:
        fresh.paste(picture.convert("RGB"))
    return fresh
