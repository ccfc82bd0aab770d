# What `cmake --install` puts where: headers, libraries, pkg-config, CMake,
# and what the command prints about itself.
# The two libraries are exported apart, so that whoever links the shared one
# needs neither jansson nor zlib for development.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/convey)
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(DIRECTORY include/convey DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h")
install(TARGETS convey_shared EXPORT conveyTargets)
install(TARGETS convey_static EXPORT conveyStaticTargets)
install(EXPORT conveyTargets NAMESPACE convey:: DESTINATION ${package_dir})
install(EXPORT conveyStaticTargets NAMESPACE convey::
    DESTINATION ${package_dir})

configure_package_config_file(cmake/conveyConfig.cmake.in
    conveyConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(conveyConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/conveyConfig.cmake
    ${PROJECT_BINARY_DIR}/conveyConfigVersion.cmake
    DESTINATION ${package_dir})

# The prefix is found from where the file lies, so that an installed tree may
# be moved.
file(RELATIVE_PATH prefix_from_pc /${pc_dir} /)
string(REGEX REPLACE "/$" "" prefix_from_pc "${prefix_from_pc}")
configure_file(cmake/convey.pc.in convey.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/convey.pc DESTINATION ${pc_dir})

if(TARGET convey_command AND NOT convey_sanitizers)
    include(${CMAKE_CURRENT_LIST_DIR}/Pages.cmake)
endif()
