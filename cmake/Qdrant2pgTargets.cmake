# How this project declares its targets: one place for flags, so that a CMakeLists.txt only lists what is in its folder.
find_program(QDRANT2PG_CCACHE ccache)
if(QDRANT2PG_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    if(QDRANT2PG_PCH)
        # Without it ccache refuses to work with precompiled headers.
        set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${QDRANT2PG_CCACHE}")
    else()
        set(CMAKE_CXX_COMPILER_LAUNCHER "${QDRANT2PG_CCACHE}")
    endif()
endif()

add_library(qdrant2pg_flags INTERFACE)
target_include_directories(qdrant2pg_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_definitions(qdrant2pg_flags INTERFACE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH
    QT_NO_URL_CAST_FROM_STRING QT_DISABLE_DEPRECATED_BEFORE=0x060400 QDRANT2PG_VERSION="${PROJECT_VERSION}")
if(QDRANT2PG_DEVELOPER_MODE)
    target_compile_options(qdrant2pg_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor)
endif()
if(QDRANT2PG_WERROR)
    target_compile_options(qdrant2pg_flags INTERFACE -Werror)
endif()
if(QDRANT2PG_SANITIZE)
    target_compile_options(qdrant2pg_flags INTERFACE -fsanitize=${QDRANT2PG_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(qdrant2pg_flags INTERFACE -fsanitize=${QDRANT2PG_SANITIZE})
endif()

# qdrant2pg_add_module(<folder name> SOURCES ... [LINK ...]): a static library qdrant2pg_<name>.
# A module links exactly the modules that its layer may use, so a forbidden include does not even find its symbols.
function(qdrant2pg_add_module name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_library(qdrant2pg_${name} STATIC ${ARG_SOURCES})
    set_target_properties(qdrant2pg_${name} PROPERTIES AUTOMOC ON LINKER_LANGUAGE CXX)
    target_link_libraries(qdrant2pg_${name} PUBLIC qdrant2pg_flags ${ARG_LINK})
    qdrant2pg_precompile(qdrant2pg_${name})
endfunction()

# The standard and Qt headers that nearly every file includes, compiled once per target: halves the time of a full build.
# Off by default, so that the other builds notice a file that does not include what it uses.
function(qdrant2pg_precompile target)
    if(QDRANT2PG_PCH)
        target_precompile_headers(${target} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/precompiled.h")
    endif()
endfunction()
