"""Writes PNG and JPEG files with an orientation wherever writers put it, and what Pillow 9.4 finds, for OrientationTest.

    /usr/bin/python3 runtime/src/test/scripts/record_orientation.py \
        runtime/src/test/resources/dev/glint/runtime/decode/orientation

Columns: file, what getexif() has for the tag 0x0112 (- for nothing), the orientation that exif_transpose() goes by.
"""

import io
import pathlib
import struct
import sys
import zlib

from PIL import Image, __version__

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(before=b"", behind=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes([0, 1, 2, 3, 0, 4, 5, 6])))
    return b"\x89PNG\r\n\x1a\n" + head + before + data + behind + chunk(b"IEND", b"")


def tiff(value, order=">", tag=0x0112):
    mark = b"MM\0*" if order == ">" else b"II*\0"
    entry = struct.pack(order + "HHIHH", tag, 3, 1, value, 0)
    return mark + struct.pack(order + "IH", 8, 1) + entry + bytes(4)


def profile(block, name="exif"):
    digits = block.hex()
    lines = "\n".join(digits[i:i + 72] for i in range(0, len(digits), 72))
    return f"\n{name}\n{len(block):8}\n{lines}\n".encode()


def text(keyword, value):
    return chunk(b"tEXt", keyword + b"\0" + value)


def packed(keyword, value):
    return chunk(b"zTXt", keyword + b"\0\0" + zlib.compress(value))


def international(keyword, value, compressed=False, language=b"", translated=b""):
    value = zlib.compress(value) if compressed else value
    return chunk(b"iTXt", keyword + b"\0" + bytes([compressed, 0]) + language + b"\0" + translated + b"\0" + value)


def xmp(inner, attribute=""):
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"{attribute}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


RAW, XMP, EXIF = b"Raw profile type exif", b"XML:com.adobe.xmp", b"Exif\0\0"
ELEMENT = xmp("<tiff:Orientation>8</tiff:Orientation>")
ATTRIBUTE = xmp("", ' tiff:Orientation="6"')

files = {
    "none.png": png(),
    "exif.png": png(chunk(b"eXIf", tiff(6))),
    "exif-behind.png": png(behind=chunk(b"eXIf", tiff(5, "<"))),
    "exif-without-tag.png": png(chunk(b"eXIf", tiff(6, tag=0x010F))),
    "raw-text.png": png(text(RAW, profile(EXIF + tiff(6)))),
    "raw-text-without-signature.png": png(text(RAW, profile(tiff(7, "<")))),
    "raw-packed.png": png(packed(RAW, profile(EXIF + tiff(3, "<")))),
    "raw-international.png": png(international(RAW, profile(EXIF + tiff(4)))),
    "raw-behind.png": png(behind=packed(RAW, profile(EXIF + tiff(8)))),
    "raw-twice.png": png(text(RAW, profile(tiff(2))), text(RAW, profile(tiff(3)))),
    "raw-zero.png": png(text(RAW, profile(EXIF + tiff(0)))),
    "raw-nine.png": png(text(RAW, profile(EXIF + tiff(9)))),
    "raw-upper.png": png(text(RAW, profile(EXIF + tiff(6)).upper())),
    "raw-short.png": png(text(RAW, b"\nexif\n")),
    "raw-empty.png": png(text(RAW, b"\nexif\n       0\n")),
    "raw-app1.png": png(text(b"Raw profile type APP1", profile(EXIF + tiff(6), "app1"))),
    "exif-and-raw.png": png(text(RAW, profile(EXIF + tiff(3))), chunk(b"eXIf", tiff(6))),
    "exif-without-tag-and-raw.png": png(chunk(b"eXIf", tiff(6, tag=0x010F)) + text(RAW, profile(EXIF + tiff(3)))),
    "xmp-element.png": png(international(XMP, ELEMENT)),
    "xmp-attribute.png": png(international(XMP, ATTRIBUTE)),
    "xmp-packed.png": png(international(XMP, ELEMENT, compressed=True)),
    "xmp-named.png": png(international(XMP, ATTRIBUTE, True, b"en-GB", "\u00fcber".encode())),
    "xmp-behind.png": png(behind=international(XMP, ATTRIBUTE)),
    "xmp-text.png": png(text(XMP, ATTRIBUTE)),
    "xmp-packed-text.png": png(packed(XMP, ELEMENT)),
    "xmp-zero.png": png(international(XMP, xmp("", ' tiff:Orientation="0"'))),
    "xmp-nine.png": png(international(XMP, xmp("<tiff:Orientation>9</tiff:Orientation>"))),
    "xmp-two-digits.png": png(international(XMP, xmp("<tiff:Orientation>31</tiff:Orientation>"))),
    "xmp-single-quotes.png": png(international(XMP, xmp("", " tiff:Orientation='6'"))),
    "xmp-spaces.png": png(international(XMP, xmp("<tiff:Orientation> 6</tiff:Orientation>"))),
    "xmp-second.png": png(international(XMP, xmp("<tiff:Orientation>x</tiff:Orientation>", ' tiff:Orientation="7"'))),
    "xmp-in-a-comment.png": png(text(b"Comment", ATTRIBUTE)),
    "exif-and-xmp.png": png(chunk(b"eXIf", tiff(3)) + international(XMP, ATTRIBUTE)),
    "exif-zero-and-xmp.png": png(chunk(b"eXIf", tiff(0)) + international(XMP, ATTRIBUTE)),
    "exif-without-tag-and-xmp.png": png(chunk(b"eXIf", tiff(6, tag=0x010F)) + international(XMP, ELEMENT)),
    "raw-and-xmp.png": png(international(XMP, ATTRIBUTE) + packed(RAW, profile(EXIF + tiff(5)))),
    "raw-without-tag-and-xmp.png": png(packed(RAW, profile(EXIF + tiff(5, tag=0x010F))), international(XMP, ELEMENT)),
    "xmp-damaged.png": png(chunk(b"iTXt", XMP + b"\0\1\0\0\0" + b"no zlib stream")),
}

out = io.BytesIO()
Image.new("L", (3, 2), 100).save(out, "JPEG")
jpeg = out.getvalue()


def with_segments(*contents):
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content for content in contents)
    return jpeg[:2] + segments + jpeg[2:]


ADOBE = b"http://ns.adobe.com/xap/1.0/\0"
files["xmp.jpg"] = with_segments(ADOBE + ATTRIBUTE)
files["exif.jpg"] = with_segments(EXIF + tiff(6))
files["exif-without-tag-and-xmp.jpg"] = with_segments(EXIF + tiff(6, tag=0x010F), ADOBE + ELEMENT)

with open(folder / "expected.tsv", "w", encoding="utf-8", newline="\n") as table:
    print(f"# Pillow {__version__}: file, tag, orientation", file=table)
    for name, content in sorted(files.items()):
        (folder / name).write_bytes(content)
        tag = Image.open(io.BytesIO(content)).getexif().get(0x0112)
        print(name, "-" if tag is None else tag, tag if tag in range(1, 9) else 1, sep="\t", file=table)
