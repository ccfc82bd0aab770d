# One program per test file.

pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

file(GLOB_RECURSE files CONFIGURE_DEPENDS test_*.c)
list(FILTER files EXCLUDE REGEX "/tests/(fuzz|install|style)/")
foreach(file IN LISTS files)
    file(RELATIVE_PATH path ${CMAKE_CURRENT_SOURCE_DIR} ${file})
    string(REGEX REPLACE "/.*" "" room ${path})
    string(REGEX REPLACE "test_(.*)\\.c$" "\\1" name ${path})
    string(REPLACE "/" "." name ${name})
    convey_test_program(test.${name} ${file})
    target_link_libraries(test.${name} PRIVATE PkgConfig::CMOCKA)
    convey_test(${name} ${room} test.${name})
endforeach()
