"""Writes small HDF5 files structure by structure, smaller than h5py makes
them and with the sizes of their trees at will.
"""

import struct

NOWHERE = 2**64 - 1


def message(kind, body):
    body += bytes(-len(body) % 8)
    return struct.pack("<HHB3x", kind, len(body), 0) + body


def padded(body):
    return body + bytes(-len(body) % 8)


class File:
    """Blocks are put from the leaves up; finish() adds the superblock."""

    def __init__(self):
        self.out = bytearray(96)

    def put(self, block):
        self.out.extend(bytes(-len(self.out) % 8))
        self.out.extend(block)
        return len(self.out) - len(block)

    def header(self, *messages):
        body = b"".join(messages)
        head = struct.pack("<BxHII4x", 1, len(messages), 1, len(body))
        return self.put(head + body)

    def dataset(self, kind, dims, data, *attributes):
        dims = struct.pack(f"<{len(dims)}Q", *dims)
        return self.header(
            message(1, struct.pack("<BBB5x", 1, len(dims) // 8, 0) + dims),
            message(3, kind),
            message(8, struct.pack("<BBQQ", 3, 1, self.put(data), len(data))),
            *attributes,
        )

    def collection(self, texts, size):
        """A global heap; gives the element for each text."""
        body = b"".join(
            struct.pack("<HHIQ", i + 1, 1, 0, len(t)) + padded(t)
            for i, t in enumerate(texts)
        )
        size = max(size, 16 + len(body) + 16)
        head = struct.pack("<4sB3xQ", b"GCOL", 1, size)
        free = struct.pack("<8xQ", size - 16 - len(body))
        at = self.put((head + body + free).ljust(size, b"\0"))
        return [struct.pack("<IQI", len(t), at, i + 1) for i, t in enumerate(texts)]

    def text_attribute(self, name, elements, scalar):
        base = struct.pack("<B3BIHH", 0x10, 0, 0, 0, 1, 0, 8)
        kind = struct.pack("<B3BI", 0x19, 1, 1, 0, 16) + base
        dims = b"" if scalar else struct.pack("<Q", len(elements))
        space = struct.pack("<BBB5x", 1, len(dims) // 8, 0) + dims
        name += b"\0"
        sizes = struct.pack("<BxHHH", 1, len(name), len(kind), len(space))
        parts = padded(name) + padded(kind) + padded(space)
        return message(0xC, sizes + parts + b"".join(elements))

    def group(self, children, leaf=8, inner=32):
        """children: sorted (name, header) pairs; leaf and inner: how many
        entries a symbol node and a tree node hold."""
        names = bytearray(8)
        offsets = []
        for name, _ in children:
            offsets.append(len(names))
            names += padded(name + b"\0")
        data = self.put(bytes(names))
        heap = self.put(struct.pack("<4sB3xQQQ", b"HEAP", 0, len(names), 1, data))
        nodes, before = [], 0
        for i in range(0, len(children), leaf):
            part = range(i, min(i + leaf, len(children)))
            entries = b"".join(
                struct.pack("<QQII16x", offsets[j], children[j][1], 0, 0) for j in part
            ).ljust(40 * leaf, b"\0")
            head = struct.pack("<4sBxH", b"SNOD", 1, len(part))
            nodes.append((self.put(head + entries), before, offsets[part[-1]]))
            before = offsets[part[-1]]
        level = 0
        while level == 0 or len(nodes) > 1:
            nodes = [
                self.tree(level, nodes[i : i + inner], inner)
                for i in range(0, len(nodes), inner)
            ]
            level += 1
        return self.header(message(0x11, struct.pack("<QQ", nodes[0][0], heap)))

    def tree(self, level, nodes, inner):
        head = struct.pack("<4sBBHQQ", b"TREE", 0, level, len(nodes), NOWHERE, NOWHERE)
        body = b"".join(struct.pack("<QQ", first, at) for at, first, _ in nodes)
        body += struct.pack("<Q", nodes[-1][2])
        at = self.put((head + body).ljust(24 + 16 * inner + 8, b"\0"))
        return at, nodes[0][1], nodes[-1][2]

    def finish(self, root, leaf=8, inner=32):
        self.out[:96] = struct.pack(
            "<8sBBBxBBBxHHIQQQQQQII16x", b"\x89HDF\r\n\x1a\n", 0, 0, 0, 0, 8, 8,
            leaf // 2, inner // 2, 0, 0, NOWHERE, len(self.out), NOWHERE,
            0, root, 0, 0,
        )  # fmt: skip
        return bytes(self.out)


FLOAT32 = struct.pack("<B3BIHHBBBBI", 0x11, 0x20, 31, 0, 4, 0, 32, 23, 8, 0, 23, 127)
INT8 = struct.pack("<B3BIHH", 0x10, 8, 0, 0, 1, 0, 8)


def small(heap=0):
    """g/w: two rows of three floats, with the attributes unit and names. The
    reference library wants a global heap of 4096 bytes; the format does not.
    """
    f = File()
    one, three, metres = f.collection([b"one", b"three", b"metres"], heap)
    w = f.dataset(
        FLOAT32,
        (2, 3),
        struct.pack("<6f", *range(6)),
        f.text_attribute(b"unit", [metres], True),
        f.text_attribute(b"names", [one, bytes(16), three], False),
    )
    g = f.group([(b"w", w)], 2, 2)
    return f.finish(f.group([(b"g", g)], 2, 2), 2, 2)


def deep():
    """40 names of one number, two to a node: a B-tree of level 4."""
    f = File()
    leaf = f.dataset(INT8, (), bytes([42]))
    children = [(b"name%02d" % i, leaf) for i in range(40)]
    return f.finish(f.group(children, 2, 2), 2, 2)


def repeating():
    """A tree whose nodes name one child again and again: 60^4 visits."""
    f = File()
    leaf = f.dataset(INT8, (), bytes([42]))
    names = f.put(bytes(8) + padded(b"name\0"))
    heap = f.put(struct.pack("<4sB3xQQQ", b"HEAP", 0, 16, 1, names))
    node = f.put(struct.pack("<4sBxHQQ24x", b"SNOD", 1, 1, 8, leaf))
    for level in range(4):
        node = f.tree(level, [(node, 0, 8)] * 60, 60)[0]
    root = f.header(message(0x11, struct.pack("<QQ", node, heap)))
    return f.finish(root)
