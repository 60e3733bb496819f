# salon_plugin(NAME [DEPENDS plugin...] [USES plugin...] [LIBRARIES target...])
#
# Builds plugins/NAME: every .cpp in the folder and below into plugins/NAME.so, with its schema/*.sql and
# api/*.json inside.
# It is started after those it DEPENDS on; of those it USES it only includes headers, for services
# that may be missing. The objects are also a library salon_plugin_NAME that unit tests link.
# Target salon_plugins builds them all; the global property SALON_PLUGINS lists their names.
add_custom_target(salon_plugins)
set(SALON_PLUGIN_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

# Sets VARIABLE to a generated source that has FOLDER/*.json as the table salonApi_NAME.
function(salon_embed_api variable name folder)
    file(GLOB parts CONFIGURE_DEPENDS ${folder}/*.json)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}Api.cpp)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} -DFOLDER=${folder}
                -P ${SALON_PLUGIN_CMAKE_DIR}/EmbedApi.cmake
        DEPENDS ${parts} ${SALON_PLUGIN_CMAKE_DIR}/EmbedApi.cmake VERBATIM)
    set(${variable} ${output} PARENT_SCOPE)
endfunction()

function(salon_plugin name)
    cmake_parse_arguments(ARG "" "" "DEPENDS;USES;LIBRARIES" ${ARGN})
    set(folder ${CMAKE_CURRENT_SOURCE_DIR}/${name})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
    file(GLOB schema CONFIGURE_DEPENDS ${folder}/schema/*.sql)
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}Schema.cpp)
    add_custom_command(OUTPUT ${generated}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${generated} -DNAME=${name} -DFOLDER=${folder}/schema
                -P ${SALON_PLUGIN_CMAKE_DIR}/EmbedSchema.cmake
        DEPENDS ${schema} ${SALON_PLUGIN_CMAKE_DIR}/EmbedSchema.cmake VERBATIM)
    salon_embed_api(api ${name} ${folder}/api)
    string(JOIN " " dependencies ${ARG_DEPENDS})

    add_library(salon_plugin_${name} OBJECT ${sources} ${generated} ${api})
    target_precompile_headers(salon_plugin_${name} REUSE_FROM salon_pch)
    target_compile_definitions(salon_plugin_${name} PRIVATE
        SALON_PLUGIN_NAME="${name}" SALON_PLUGIN_DEPENDENCIES="${dependencies}"
        SALON_PLUGIN_SCHEMA=salonSchema_${name} SALON_PLUGIN_API=salonApi_${name}
        # Unit tests link several plugins into one program.
        salonPlugin=salonPlugin_${name})
    target_include_directories(salon_plugin_${name} PUBLIC ${folder} ${folder}/include)
    foreach(other IN LISTS ARG_DEPENDS ARG_USES)
        target_include_directories(salon_plugin_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/${other}/include)
    endforeach()
    target_link_libraries(salon_plugin_${name} PUBLIC salon_contract ${ARG_LIBRARIES})

    add_library(salon_module_${name} MODULE $<TARGET_OBJECTS:salon_plugin_${name}>)
    target_link_libraries(salon_module_${name} PRIVATE salon_contract ${ARG_LIBRARIES})
    set_target_properties(salon_module_${name} PROPERTIES
        OUTPUT_NAME ${name} PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
    add_dependencies(salon_plugins salon_module_${name})
    set_property(GLOBAL APPEND PROPERTY SALON_PLUGINS ${name})
    install(TARGETS salon_module_${name} DESTINATION lib/salon/plugins)
endfunction()
