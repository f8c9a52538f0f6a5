# The web files become part of the program: tools/embed_web.py compresses web/dist (gzip, brotli) and
# writes one assembly file with the bytes and a table; without web/dist the table is empty.
set(embedded_source ${CMAKE_BINARY_DIR}/embedded_web.S)
set(embedded_table ${CMAKE_BINARY_DIR}/embedded_web.cc)
file(GLOB_RECURSE web_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/dist/*)
file(GLOB_RECURSE docs_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/api/docs/*)
set(web_dir "")
if(POPRADIO_WEB AND EXISTS ${CMAKE_SOURCE_DIR}/web/dist/index.html)
  set(web_dir ${CMAKE_SOURCE_DIR}/web/dist)
endif()
add_custom_command(
  OUTPUT ${embedded_source} ${embedded_table}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/embed_web.py --web "${web_dir}"
          --openapi ${CMAKE_SOURCE_DIR}/api/openapi.yaml --docs ${CMAKE_SOURCE_DIR}/api/docs
          --assembly ${embedded_source} --table ${embedded_table}
  DEPENDS ${web_files} ${docs_files} ${CMAKE_SOURCE_DIR}/tools/embed_web.py ${CMAKE_SOURCE_DIR}/api/openapi.yaml
  COMMENT "Embedding the web files" VERBATIM)
add_library(popradio_web STATIC ${embedded_source} ${embedded_table})
target_link_libraries(popradio_web PUBLIC popradio_flags popradio_base)
target_link_libraries(popradio_app INTERFACE popradio_web)
