# Which source files make the library: every file that lies directly in a
# room, the folders that a room's list names, and the kernels for this CPU.

# The names in the first column of a .def list: OP(conv) gives conv. An
# absent list is an empty one. Editing the list configures again.
function(convey_list out file)
    set(names "")
    if(EXISTS ${file})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        file(STRINGS ${file} lines REGEX "^[A-Z_]+\\([a-z]")
        foreach(line IN LISTS lines)
            string(REGEX MATCH "\\(([a-z0-9_]+)" matched "${line}")
            list(APPEND names ${CMAKE_MATCH_1})
        endforeach()
    endif()
    set(${out} ${names} PARENT_SCOPE)
endfunction()

# Folders that a list names inside a room: operators, readers.
function(convey_listed out room list)
    set(found "")
    convey_list(names ${PROJECT_SOURCE_DIR}/src/${room}/${list})
    foreach(name IN LISTS names)
        file(GLOB files CONFIGURE_DEPENDS src/${room}/${name}/*.c)
        list(APPEND found ${files})
    endforeach()
    set(${out} ${found} PARENT_SCOPE)
endfunction()

# Kernels: the last part of a row's symbol is its instruction set, and so is
# the last part of its file's name.
function(convey_kernels out)
    set(found "")
    convey_list(names ${PROJECT_SOURCE_DIR}/src/engine/tiles.def)
    foreach(name IN LISTS names)
        string(REGEX MATCH "[a-z0-9]+$" isa ${name})
        file(GLOB files CONFIGURE_DEPENDS
            src/engine/${convey_cpu_folder}/*_${isa}.c)
        list(APPEND found ${files})
    endforeach()
    set(${out} ${found} PARENT_SCOPE)
endfunction()

function(convey_sources out)
    file(GLOB sources CONFIGURE_DEPENDS src/*/*.c src/read/python/*/*.c
        src/read/python/*/*/*.c)
    convey_listed(operators layer ops.def)
    convey_listed(readers read sources.def)
    convey_kernels(kernels)
    list(APPEND sources ${operators} ${readers} ${kernels})
    list(REMOVE_DUPLICATES sources)

    set(engine ${sources})
    list(FILTER engine INCLUDE REGEX "/src/engine/")
    convey_kernel_flags(${engine})
    set(${out} ${sources} PARENT_SCOPE)
endfunction()
