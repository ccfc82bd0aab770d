"""Sizes of the detector, which the trainer may change."""

import os


class Config(object):
    window = 64
    channels = 3
    filters = [8, 16, 16]
    classes = 5
    checkpoint = os.path.join("runs", "detector")

    def __init__(self, **changes):
        for key, value in changes.items():
            setattr(self, key, value)
