"""Files of other kinds."""

from parts import SEQUENTIAL, pack, write


def others():
    write("other.h5", SEQUENTIAL["model.weights.h5"][:2048])
    write("other.safetensors", b"\x0a" + bytes(7) + b'{"a":null}')
    write("other.onnx", b"\x08\x08\x12\x07pytorch")
    write("other.pb", b"\x08\x01\x12\x04\x0a\x02\x12\x00")
    write("other.tflite", b"\x1c\x00\x00\x00TFL3" + bytes(24))
    write("other.npy", b"\x93NUMPY\x01\x00")
    write("other.pkl", b"\x80\x04N.")
    write("other.pth", pack([("a/data.pkl", b"\x80\x02N."), ("a/version", b"3")]))
    write("other.pt", pack([("a/data.pkl", b""), ("a/constants.pkl", b"")]))
    write("other.pt2", pack([("a/archive_format", b"pt2")]))
    write("other.pth.tar", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.")
    write("other.index", bytes(49) + b"W\xfb\x80\x8b\x24uG\xdb")
    write("other.npz", pack([("a.npy", b"\x93NUMPY\x01\x00")]))
    write("other.docx", pack([("word/document.xml", b"<a/>")]))
    write("other.png", b"\x89PNG\r\n\x1a\n")
    write("other.py", b"from tensorflow import keras\n")
    write("other.json", b'{"class_name": "Sequential", "config": {}}')
    write("other.txt", b"Dear convey,\n")
    write("other.bin", bytes(range(1, 200)))
    write("empty.keras", b"")
