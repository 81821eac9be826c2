# tusk_add_config(TARGET FILE.tsk [NAME name] [OPTIMIZE 0|1|2|3] [DEBUG] [CPU cpu] [TRAIN expression...])
#
# Compiles the configuration into TARGET, with the header NAME.h that declares it, and links TARGET with tusk::tusk unless it
# is linked with tusk::static already. NAME is FILE's by default. It is compiled again when FILE or what it includes changes.
function(tusk_add_config target file)
  cmake_parse_arguments(PARSE_ARGV 2 CONFIG "DEBUG" "NAME;OPTIMIZE;CPU" "TRAIN")
  if(CONFIG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tusk_add_config does not understand: ${CONFIG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT CONFIG_NAME)
    get_filename_component(CONFIG_NAME "${file}" NAME_WE)
    string(MAKE_C_IDENTIFIER "${CONFIG_NAME}" CONFIG_NAME)
  endif()
  get_filename_component(source "${file}" ABSOLUTE)
  file(RELATIVE_PATH shown "${CMAKE_CURRENT_SOURCE_DIR}" "${source}")
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}.tusk")
  set(object "${folder}/${CONFIG_NAME}.o")
  set(header "${folder}/${CONFIG_NAME}.h")
  set(options --name ${CONFIG_NAME})
  if(DEFINED CONFIG_OPTIMIZE)
    list(APPEND options -O${CONFIG_OPTIMIZE})
  endif()
  if(CONFIG_DEBUG)
    list(APPEND options -g)
  endif()
  if(CONFIG_CPU)
    list(APPEND options --cpu ${CONFIG_CPU})
  endif()
  foreach(expression IN LISTS CONFIG_TRAIN)
    list(APPEND options --train ${expression})
  endforeach()
  file(MAKE_DIRECTORY "${folder}")
  # Run where the source is, so that the names in it are those of the source tree and the output does not depend on where
  # that is.
  add_custom_command(OUTPUT "${object}" "${header}"
                     COMMAND tusk::tskc ${options} -o "${object}" --emit-header "${header}" -MF "${object}.d" "${shown}"
                     DEPENDS "${source}" tusk::tskc
                     WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
                     COMMENT "Compiling ${file}" VERBATIM)
  set_source_files_properties("${object}" PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  target_sources(${target} PRIVATE "${object}" "${header}")
  target_include_directories(${target} PRIVATE "${folder}")
  get_target_property(libraries ${target} LINK_LIBRARIES)
  if(NOT "tusk::static" IN_LIST libraries)
    target_link_libraries(${target} PRIVATE tusk::tusk)
  endif()
endfunction()
