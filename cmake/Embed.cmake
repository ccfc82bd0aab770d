# Text files as C strings, so that the library needs no files beside it.

# convey_embed(OUT HEADER SYMBOL FILE...) - writes a C file into the build
# folder that defines SYMBOL, SYMBOL_2 ... with the bytes of each FILE, as
# HEADER declares them. Editing a FILE configures again.
function(convey_embed out header symbol)
    set(code "#include \"${header}\"\n")
    set(number 1)
    string(REPEAT "." 70 line)
    foreach(file IN LISTS ARGN)
        set(path ${PROJECT_SOURCE_DIR}/${file})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
        file(READ ${path} bytes HEX)
        string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
        string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
        set(name ${symbol})
        if(number GREATER 1)
            set(name ${symbol}_${number})
        endif()
        string(APPEND code "\nconst char ${name}[] = {\n${bytes}0\n};\n")
        math(EXPR number "${number} + 1")
    endforeach()
    set(made ${PROJECT_BINARY_DIR}/${symbol}.c)
    file(CONFIGURE OUTPUT ${made} CONTENT "${code}" @ONLY)
    set(${out} ${made} PARENT_SCOPE)
endfunction()
