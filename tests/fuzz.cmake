# Fuzz targets: with libFuzzer under the preset fuzz, else a program that
# replays the corpus.

file(GLOB files CONFIGURE_DEPENDS fuzz/fuzz_*.c)
foreach(file IN LISTS files)
    get_filename_component(target ${file} NAME_WE)
    string(REGEX REPLACE "^fuzz_" "" name ${target})
    if(CONVEY_FUZZ)
        convey_test_program(${target} ${file})
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
        set_target_properties(${target} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/fuzz)
    else()
        convey_test_program(replay.${name} ${file} fuzz/replay.c)
        convey_test(replay.${name} fuzz replay.${name}
            ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
    endif()
endforeach()
