# Checks that need no compiler, and the check of the checkers.

set(style ${CMAKE_CURRENT_SOURCE_DIR}/style)
foreach(name law sizes lists paths)
    convey_test(style.${name} style
        ${Python3_EXECUTABLE} ${style}/check.py ${name})
endforeach()
convey_test(style.checkers style
    ${Python3_EXECUTABLE} ${style}/test_check.py)
convey_test(style.format style
    ${PROJECT_SOURCE_DIR}/script/format --check)
convey_test(style.format_refuses style
    sh ${style}/test_format.sh)
