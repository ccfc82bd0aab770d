# How every C file of ours is compiled, and what kernel files get on top.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")
set(CMAKE_C_FLAGS_RELEASE "-O2")
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()

set(convey_sanitizers "")
if(CONVEY_FUZZ)
    list(APPEND convey_sanitizers -fsanitize=fuzzer-no-link)
endif()
if(CONVEY_SANITIZE OR CONVEY_FUZZ)
    list(APPEND convey_sanitizers -fsanitize=address,undefined
        -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()

add_library(convey_flags INTERFACE)
target_compile_options(convey_flags INTERFACE
    -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes
    -Wmissing-prototypes -Wpointer-arith -Wvla -Wformat=2 -Werror
    # gcc does not see that a failed call never leaves its out parameters to
    # be used. clang's warning of this kind stays on.
    $<$<C_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    # A fused multiply-add happens where it is written and nowhere else.
    -ffp-contract=off
    # No path of the building machine in what is built.
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
    ${convey_sanitizers})
target_link_options(convey_flags INTERFACE ${convey_sanitizers})

# Instruction sets: a kernel file ends in the name of its set and gets these
# flags; no other file does. The folder is the part of src/engine for this CPU.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    set(convey_cpu_folder x86)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    set(convey_cpu_folder arm)
else()
    set(convey_cpu_folder none)
endif()
set(convey_isa_avx2 -mavx2 -mfma)
set(convey_isa_avx512 -mavx512f -mfma)
set(convey_isa_neon "")

# Kernels keep their accumulators in registers at -O3 and not below, in every
# preset.
function(convey_kernel_flags)
    foreach(source IN LISTS ARGN)
        set(flags -O3)
        if(source MATCHES "_([a-z0-9]+)\\.c$")
            list(APPEND flags ${convey_isa_${CMAKE_MATCH_1}})
        endif()
        set_source_files_properties(${source} PROPERTIES
            COMPILE_OPTIONS "${flags}")
    endforeach()
endfunction()
