# The short commands. Everything happens in script/ and in CMake's presets.

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
export FUZZ_SECONDS

.PHONY: build demo test zoo sweep fuzz bench install clean format

build:
	@script/build release

demo:
	@script/demo

test:
	@script/test

# The long forms, with the full counts.
zoo: live
	@CONVEY_FULL=1 script/live tests/live/zoo.py

sweep: live
	@CONVEY_FULL=1 script/live

fuzz:
	@script/fuzz

# The engine alone, then whole ports beside other tools; writes docs/port.md.
bench: live
	@script/setup bench
	@script/build release bench_engine
	@build/release/bench_engine
	@CONVEY_FULL=1 script/live bench/port.py
	@script/live bench/run.py

install: build
	@. script/lib.sh && use_tools && \
	    cmake --install build/release --prefix "$(PREFIX)"

clean:
	rm -rf build

format:
	@script/format

.PHONY: live
live: build
	@script/setup build test
