"""Photos of officers: what was uploaded is checked, cut to a square, scaled, and stripped of what a camera writes into it."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from sync.wire import MAX_PHOTO_BYTES

SIDE = 512
LEAST_SIDE = 200
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
HEAD_HEIGHT = 0.3  # of what is cut away from a tall picture, the part above: heads are high in portraits
QUALITIES = (88, 75, 60, 40)


class BadPhoto(Exception):
    """The upload is no photo that can be used; the message says, in Vietnamese, what to do."""


def prepared(upload: bytes) -> bytes:
    """The photo as kiosks get it: a JPEG of 512×512 without metadata. Raises `BadPhoto`."""
    if len(upload) > MAX_UPLOAD_BYTES:
        raise BadPhoto(f"Tệp ảnh lớn hơn {MAX_UPLOAD_BYTES // 1024 // 1024} MB. Xin chọn ảnh nhỏ hơn.")
    try:
        with Image.open(BytesIO(upload), formats=("JPEG", "PNG", "WEBP")) as photo:
            if photo.width * photo.height > MAX_PIXELS:
                raise BadPhoto("Ảnh có quá nhiều điểm ảnh. Xin thu nhỏ ảnh rồi tải lại.")
            if min(photo.size) < LEAST_SIDE:
                raise BadPhoto(f"Ảnh quá nhỏ, sẽ bị mờ. Xin chọn ảnh mỗi chiều ít nhất {LEAST_SIDE} điểm ảnh.")
            upright = ImageOps.exif_transpose(photo).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadPhoto("Không đọc được tệp này. Xin chọn ảnh JPEG, PNG hoặc WebP.") from error
    square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS, centering=(0.5, HEAD_HEIGHT))
    clean = Image.new("RGB", (SIDE, SIDE), "white")  # a new one: the old would hand on comments and profiles
    clean.paste(square, mask=square)
    for quality in QUALITIES:
        out = BytesIO()
        clean.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= MAX_PHOTO_BYTES:
            break
    return out.getvalue()
