# Debian packages by CPack (cpack -G DEB in the build folder): qdrant2pg without any GUI dependency, and qdrant2pg-wizard.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME qdrant2pg)
set(CPACK_PACKAGE_VENDOR "The qdrant2pg authors")
set(CPACK_PACKAGE_CONTACT "The qdrant2pg authors <qdrant2pg@users.noreply.github.com>")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)

set(CPACK_COMPONENTS_ALL)
if(TARGET qdrant2pg)
    list(APPEND CPACK_COMPONENTS_ALL cli)
endif()
if(TARGET qdrant2pg-wizard)
    list(APPEND CPACK_COMPONENTS_ALL wizard)
endif()

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_CLI_PACKAGE_NAME qdrant2pg)
set(CPACK_COMPONENT_CLI_DESCRIPTION "Takes any Qdrant collection into PostgreSQL 16 or newer with pgvector and
proves that nothing was lost: resumable after any crash, points that cannot
be stored are kept with the reason, and every row is compared at the end.
This package holds the command line program.")

set(CPACK_DEBIAN_WIZARD_PACKAGE_NAME qdrant2pg-wizard)
set(CPACK_COMPONENT_WIZARD_DESCRIPTION "A desktop wizard over the engine of qdrant2pg: connect, preview, map, review,
run, verify, report.")
# The driver is a plugin that Qt loads by name, so no dependency is found for it.
set(CPACK_DEBIAN_WIZARD_PACKAGE_DEPENDS libqt6sql6-psql)
set(CPACK_DEBIAN_WIZARD_PACKAGE_RECOMMENDS "gnome-keyring | kwalletmanager")
set(CPACK_DEBIAN_WIZARD_PACKAGE_SUGGESTS qdrant2pg)

include(CPack)
