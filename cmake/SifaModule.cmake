# The kinds of target of this tree. Everything that a target is made of is named; nothing is globbed.

# sifa_library(core SOURCES a.cc b.cc DEPS absl::status): the library libs/core, target sifa_core.
function(sifa_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(sifa_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(sifa_${name} PUBLIC ${ARG_DEPS})
endfunction()

# sifa_test(core SOURCES a_test.cc DEPS sifa_core): one Catch2 program, core_test, known to ctest.
function(sifa_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${ARG_DEPS} sifa_catch_main Catch2::Catch2)
  add_test(NAME ${name} COMMAND ${name}_test)
endfunction()

# sifa_program(mediation SOURCES main.cc DEPS ...): an executable in build/<preset>/bin, named sifa-<name>. It allocates with
# mimalloc; the sanitizers of Debug builds bring their own.
function(sifa_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(sifa-${name} ${ARG_SOURCES})
  set_target_properties(sifa-${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  target_link_libraries(sifa-${name} PRIVATE ${ARG_DEPS} $<$<CONFIG:Release>:mimalloc>)
endfunction()

# sifa_test_proto(contracttest): the tests' own contract testdata/contracttest.proto, which is in no other program. Link
# contracttest_proto, include "<directory>/contracttest.pb.h".
function(sifa_test_proto name)
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE directory)
  set(root ${CMAKE_CURRENT_BINARY_DIR}/testdata)
  set(file ${root}/${directory}/${name})
  file(MAKE_DIRECTORY ${root}/${directory})
  add_custom_command(
    OUTPUT ${file}.pb.cc ${file}.pb.h
    COMMAND protobuf::protoc --cpp_out=${root}/${directory} -I${CMAKE_CURRENT_SOURCE_DIR}/testdata -I${PROJECT_SOURCE_DIR}/protos
      -I${GOOGLEAPIS_DIR} ${name}.proto
    DEPENDS testdata/${name}.proto sifa_protos_archive)
  add_library(${name}_proto OBJECT ${file}.pb.cc)
  target_link_libraries(${name}_proto PUBLIC sifa_protos)
  target_include_directories(${name}_proto PUBLIC ${root})
  target_compile_options(${name}_proto PRIVATE -w)
endfunction()

# sifa_precompiled(mediation mediation_test): these targets read the headers of libs/casework, which every file of theirs includes
# and which are over half of its compile time, from one precompiled file. The sanitizers' presets build without it, so that each file
# includes what it uses.
option(SIFA_PRECOMPILED "Read the headers of libs/casework precompiled" ON)
function(sifa_precompiled)
  if(SIFA_PRECOMPILED)
    foreach(target ${ARGN})
      target_precompile_headers(${target} REUSE_FROM sifa_casework)
      target_compile_options(${target} PRIVATE -fpch-preprocess)  # without it ccache cannot keep what they compile to
    endforeach()
  endif()
endfunction()

file(WRITE ${CMAKE_BINARY_DIR}/catch_main.cc.in "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n")
configure_file(${CMAKE_BINARY_DIR}/catch_main.cc.in ${CMAKE_BINARY_DIR}/catch_main.cc COPYONLY)
add_library(sifa_catch_main STATIC ${CMAKE_BINARY_DIR}/catch_main.cc)
target_link_libraries(sifa_catch_main PUBLIC Catch2::Catch2)
