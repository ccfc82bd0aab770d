#!/usr/bin/env python3
"""Makes the files beside this script: make.py [OUT]

Each is a good file of tests/read/data with one thing wrong, and is named for
it. Needs h5py and NumPy. expected.txt says what each must end in; edit it by
hand.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "make"))

import archives
import calls
import configs
import hostile
import inner
import operations
import others
import refused
import weights
import wrapped

for group in (
    archives.archives,
    configs.configs,
    calls.calls,
    inner.inner,
    configs.shapes,
    weights.weights,
    refused.refused,
    refused.of_words_too,
    operations.operations,
    hostile.bombs,
    hostile.amounts,
    hostile.names,
    hostile.depth,
    hostile.storage,
    hostile.oddities,
    wrapped.wrapped,
    others.others,
):
    group()
