# The manual page and the completions, which the command prints from its own
# tables. A build for another machine has them if it knows how to run what it
# makes (CMAKE_CROSSCOMPILING_EMULATOR).

if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
    message(STATUS "No manual page and no completions: the command that "
        "prints them cannot be run here")
    return()
endif()

set(convey_pages "")
# convey_page(PAGE FILE DESTINATION)
function(convey_page page file destination)
    set(made ${PROJECT_BINARY_DIR}/pages/${page}/${file})
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/pages/${page})
    add_custom_command(OUTPUT ${made} VERBATIM
        COMMAND convey_command --print ${page} > ${made}
        DEPENDS convey_command)
    install(FILES ${made} DESTINATION ${destination})
    set(convey_pages ${convey_pages} ${made} PARENT_SCOPE)
endfunction()

convey_page(man convey.1 ${CMAKE_INSTALL_MANDIR}/man1)
convey_page(bash convey ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
convey_page(zsh _convey ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
convey_page(fish convey.fish
    ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
add_custom_target(convey_pages ALL DEPENDS ${convey_pages})
