# find_package(tusk): the library, and configurations compiled into programs.
#
#   find_package(tusk REQUIRED)
#   add_executable(server server.c)
#   tusk_add_config(server app.tsk TRAIN "pricing.total(9.5, 3)")
#
# Targets: tusk::tusk (shared), tusk::static, tusk::tskc.
get_filename_component(_tusk_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
foreach(_tusk_up "" "/..") # lib/cmake/tusk, or lib/<architecture>/cmake/tusk
  if(EXISTS "${_tusk_root}${_tusk_up}/include/tusk/tusk.h")
    get_filename_component(_tusk_root "${_tusk_root}${_tusk_up}" ABSOLUTE)
  endif()
endforeach()
find_library(TUSK_SHARED_LIBRARY NAMES libtusk.so PATHS "${CMAKE_CURRENT_LIST_DIR}/../.." NO_DEFAULT_PATH)
find_library(TUSK_STATIC_LIBRARY NAMES libtusk.a PATHS "${CMAKE_CURRENT_LIST_DIR}/../.." NO_DEFAULT_PATH)
find_program(TUSK_TSKC tskc PATHS "${_tusk_root}/bin" NO_DEFAULT_PATH)

include(FindPackageHandleStandardArgs)

find_package_handle_standard_args(tusk REQUIRED_VARS TUSK_SHARED_LIBRARY TUSK_TSKC VERSION_VAR tusk_VERSION)

if(tusk_FOUND AND NOT TARGET tusk::tusk)
  add_library(tusk::tusk SHARED IMPORTED)
  set_target_properties(tusk::tusk PROPERTIES IMPORTED_LOCATION "${TUSK_SHARED_LIBRARY}"
                                              INTERFACE_INCLUDE_DIRECTORIES "${_tusk_root}/include")
  if(TUSK_STATIC_LIBRARY)
    add_library(tusk::static STATIC IMPORTED)
    set_target_properties(tusk::static PROPERTIES IMPORTED_LOCATION "${TUSK_STATIC_LIBRARY}" INTERFACE_LINK_LIBRARIES m
                                                  INTERFACE_INCLUDE_DIRECTORIES "${_tusk_root}/include")
  endif()
  add_executable(tusk::tskc IMPORTED)
  set_target_properties(tusk::tskc PROPERTIES IMPORTED_LOCATION "${TUSK_TSKC}")
endif()
include("${CMAKE_CURRENT_LIST_DIR}/tusk-functions.cmake")
