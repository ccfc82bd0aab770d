# Every public header compiles alone, as strict C11 and as C++17, with
# warnings that we do not ask of ourselves. Compiling is the test.

enable_language(CXX)
set(harsh -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Werror)

file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/convey/*.h)
set(alone "")
foreach(header IN LISTS headers)
    get_filename_component(name ${header} NAME_WE)
    foreach(language c cpp)
        set(file ${CMAKE_CURRENT_BINARY_DIR}/alone/${name}.${language})
        file(CONFIGURE OUTPUT ${file} CONTENT
            "#include \"convey/${name}.h\"\n#include \"convey/${name}.h\"\n")
        list(APPEND alone ${file})
    endforeach()
endforeach()

add_library(headers_alone OBJECT ${alone})
target_include_directories(headers_alone PRIVATE ${PROJECT_SOURCE_DIR}/include)
target_compile_options(headers_alone PRIVATE ${harsh}
    $<$<COMPILE_LANGUAGE:C>:-Wc++-compat>
    $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast -Wzero-as-null-pointer-constant>)
set_target_properties(headers_alone PROPERTIES
    CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
