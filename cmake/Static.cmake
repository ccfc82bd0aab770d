# What goes into a wheel should need few libraries of the system: jansson and
# zlib are taken as archives, each where there is one that can be part of a
# module (Debian's cannot: they are not position independent). Where not, the
# wheel needs the machine's shared one, and the configuration says so.

# convey_archive(OUT FILE FALLBACK HINT...) - the archive FILE, or FALLBACK if
# a module cannot hold all of it.
function(convey_archive out file fallback)
    find_library(CONVEY_ARCHIVE_${file} NAMES ${file} HINTS ${ARGN})
    set(archive ${CONVEY_ARCHIVE_${file}})
    if(archive AND NOT DEFINED CONVEY_FITS_${file})
        execute_process(
            COMMAND ${CMAKE_C_COMPILER} -shared -o ${PROJECT_BINARY_DIR}/fits
                -Wl,--whole-archive ${archive} -Wl,--no-whole-archive
            RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
        if(failed)
            set(CONVEY_FITS_${file} OFF CACHE INTERNAL "")
        else()
            set(CONVEY_FITS_${file} ON CACHE INTERNAL "")
        endif()
    endif()
    if(CONVEY_FITS_${file})
        set(${out} ${archive} PARENT_SCOPE)
    else()
        message(STATUS "The wheel needs the system's ${file} as shared one")
        set(${out} ${fallback} PARENT_SCOPE)
    endif()
endfunction()

convey_archive(jansson libjansson.a PkgConfig::JANSSON
    ${JANSSON_LIBRARY_DIRS})
convey_archive(zlib libz.a ZLIB::ZLIB)

add_library(convey_archives INTERFACE)
target_include_directories(convey_archives INTERFACE
    ${JANSSON_INCLUDE_DIRS} ${ZLIB_INCLUDE_DIRS})
target_link_libraries(convey_archives INTERFACE ${jansson} ${zlib})
set(convey_needs convey_archives Threads::Threads m)
