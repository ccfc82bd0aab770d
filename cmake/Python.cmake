# The Python package: one module of Python's stable interface, which serves
# 3.10 and everything later. pyproject.toml turns this on; `pip install .`
# then installs the component "python" and nothing else.

find_package(Python 3.10 REQUIRED COMPONENTS Interpreter
    Development.SABIModule)

file(GLOB python_sources CONFIGURE_DEPENDS python/*.c)
set(python_root ${PROJECT_BINARY_DIR}/python_root)
file(MAKE_DIRECTORY ${python_root})
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/python ${python_root}/python SYMBOLIC)

python_add_library(convey_python MODULE USE_SABI 3.10 WITH_SOABI
    ${python_sources})
target_include_directories(convey_python PRIVATE ${python_root})
target_link_libraries(convey_python PRIVATE convey_flags convey_static)
set_target_properties(convey_python PROPERTIES OUTPUT_NAME _convey)
if(NOT APPLE)
    # What is linked in stays out of the way of other modules' copies.
    target_link_options(convey_python PRIVATE LINKER:--exclude-libs,ALL)
endif()

install(TARGETS convey_python DESTINATION convey COMPONENT python)
install(TARGETS convey_command DESTINATION ${SKBUILD_SCRIPTS_DIR}
    COMPONENT python)
