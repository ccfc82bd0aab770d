"""Adds groups of the new style to by_hand: links in the group's header, or in
a fractal heap under a version-2 B-tree whose nodes are far smaller than those
of the reference library, so that few links need every level there can be.
"""

import struct

import by_hand
from by_hand import NOWHERE, message

WIDTH, FIRST, DIRECT = 2, 64, 128  # of the heap's table of blocks
NODE = 96  # bytes of a tree node


def checksum(data):
    """Bob Jenkins' lookup3, which HDF5 calls its metadata checksum."""
    mask = 0xFFFFFFFF

    def rot(x, k):
        return (x << k | x >> (32 - k)) & mask

    v = [(0xDEADBEEF + len(data)) & mask] * 3
    words = struct.unpack(f"<{-(-len(data) // 12) * 3}I", data + bytes(-len(data) % 12))
    for i in range(0, len(words), 3):
        v = [(x + w) & mask for x, w in zip(v, words[i : i + 3], strict=True)]
        if i + 3 < len(words):
            for at, k in enumerate([4, 6, 8, 16, 19, 4]):
                a, b, c = at % 3, (at + 1) % 3, (at + 2) % 3
                v[a] = (v[a] - v[c] & mask) ^ rot(v[c], k)
                v[c] = v[c] + v[b] & mask
        else:
            for at, k in enumerate([14, 11, 25, 16, 4, 14, 24]):
                c, b = (at + 2) % 3, (at + 1) % 3
                v[c] = ((v[c] ^ v[b]) - rot(v[b], k)) & mask
    return struct.pack("<I", v[2])


def link(name, header, kind=0):
    """A link message with a character set; of kind 0, a hard link."""
    head = struct.pack("<BB", 1, 0x18) + struct.pack("<BBB", kind, 1, len(name))
    return head + name + struct.pack("<Q", header)


def info(heap=NOWHERE, tree=NOWHERE):
    return message(0x2, struct.pack("<BBQQ", 0, 0, heap, tree)) + message(0xA, bytes(2))


class File(by_hand.File):
    def few(self, children):
        """The links stand in the group's own header."""
        links = [message(0x6, link(*c)) for c in children]
        return self.header_of(2 + len(links), info() + b"".join(links))

    def header_of(self, n, body):
        return self.put(struct.pack("<BxHII4x", 1, n, 1, len(body)) + body)

    def many(self, children, depth):
        """The links lie in a heap; the tree has this many inner levels."""
        self.heap = self.put(bytes(146))
        self.objects = [link(*c) for c in children]
        self.records = []
        rows = 1
        while sum(WIDTH * self.size(r) for r in range(rows)) < 40 * len(children):
            rows += 1
        root = self.indirect(0, rows)
        assert not self.objects
        n = len(children)
        self.out[self.heap : self.heap + 142] = struct.pack(
            "<4sBHHBIQQQQQQQQQQQQHQQHHQH", b"FRHP", 0, 7, 0, 0, 64,
            0, NOWHERE, 0, NOWHERE, self.end, self.end, self.end, n, 0, 0, 0, 0,
            WIDTH, FIRST, DIRECT, 32, 1, root, rows,
        )  # fmt: skip
        block = bytes(self.out[self.heap : self.heap + 142])
        self.out[self.heap + 142 : self.heap + 146] = checksum(block)
        self.records.sort()
        top, held = self.node(self.records, depth)
        head = struct.pack(
            "<4sBBIHHBBQHQ", b"BTHD", 0, 5, NODE, 11, depth, 100, 40, top, held, n
        )
        tree = self.put(head + checksum(head))
        return self.header_of(2, info(self.heap, tree))

    def size(self, row):
        return FIRST << max(row - 1, 0)

    def indirect(self, base, rows):
        """Blocks row by row; those that no object is left for have no place."""
        places, at = b"", base
        for row in range(rows):
            for _ in range(WIDTH):
                size, address = self.size(row), NOWHERE
                if self.objects and size <= DIRECT:
                    address = self.direct(at, size)
                elif self.objects:
                    inner = (size // (FIRST * WIDTH)).bit_length()
                    address = self.indirect(at, inner)
                places += struct.pack("<Q", address)
                at += size
        self.end = at
        block = b"FHIB" + struct.pack("<BQI", 0, self.heap, base) + places
        return self.put(block + checksum(block))

    def direct(self, base, size):
        block = b"FHDB" + struct.pack("<BQI", 0, self.heap, base)
        while self.objects and len(block) + len(self.objects[0]) <= size:
            o = self.objects.pop(0)
            name = checksum(o[5 : 5 + o[4]])
            self.records.append(
                (
                    struct.unpack("<I", name)[0],
                    struct.pack("<BIBx", 0, base + len(block), len(o)),
                )
            )
            block += o
        return self.put(block.ljust(size, b"\0"))

    def node(self, records, depth):
        """Its address, and how many records it holds itself."""
        if depth == 0:
            own, entries, kind = records, b"", b"BTLF"
        else:
            n = 3
            cuts = [(i + 1) * len(records) // (n + 1) for i in range(n)]
            own = [records[c] for c in cuts]
            entries, kind = b"", b"BTIN"
            for a, b in zip([-1, *cuts], [*cuts, len(records)], strict=True):
                below = records[a + 1 : b]
                address, held = self.node(below, depth - 1)
                entries += struct.pack("<QB", address, held)
                if depth > 1:
                    entries += bytes([len(below)])
        body = kind + bytes([0, 5])
        body += b"".join(struct.pack("<I", h) + i for h, i in own) + entries
        assert len(body) + 4 <= NODE
        return self.put((body + checksum(body)).ljust(NODE, b"\0")), len(own)


def deep_links():
    """150 links: four levels of tree nodes, three of heap blocks."""
    f = File()
    leaf = f.dataset(by_hand.INT8, (), bytes([42]))
    children = [(f"näme{i:03}".encode(), leaf) for i in range(150)]
    return f.finish(f.many(children, 3))


def few_links():
    f = File()
    leaf = f.dataset(by_hand.INT8, (), bytes([42]))
    return f.finish(f.few([("é".encode(), leaf), (b"a", leaf)]))
